/** What can be known about a pipeline before it runs here: refusals, warnings, and the plan. */
import type {
  ComponentSpec,
  Json,
  PipelineDocument,
  TaskSpec
} from 'jupyterlab-kfp-model';

import type { TaskCheck, TaskRunner } from '../tasks/contract.ts';
import type { EngineRun, RunCheck } from './contract.ts';
import { componentNamed } from './task-node.ts';
import { mountPaths } from './platform.ts';
import { volumeAction } from './volumes.ts';

interface Warning {
  readonly name: string;
  readonly text: string;
}

/** One task of the compiled pipeline. */
interface StaticTask {
  /** Without `root.`. */
  readonly path: string;
  readonly task: TaskSpec;
  readonly component: ComponentSpec;
}

/** Check a run; creates nothing. */
export async function checkRun(
  run: EngineRun,
  runner: TaskRunner
): Promise<RunCheck> {
  const { document } = run;
  const refusals: {
    code: 'local-refused' | 'local-needs-container';
    text: string;
  }[] = (document.refusals ?? []).map(text => ({
    code: 'local-refused',
    text
  }));
  const warnings = new Map<string, Warning>();
  const tasks: RunCheck['tasks'][number][] = [];
  const warn = (warning: Warning): void => {
    warnings.set(`${warning.name} ${warning.text}`, warning);
  };
  if (
    run.pipelineRoot !== undefined &&
    /^[a-z0-9]+:\/\//.test(run.pipelineRoot)
  ) {
    warn({
      name: 'remote-root-ignored',
      text: `The pipeline root ${run.pipelineRoot} is not used here; artifacts stay on this machine.`
    });
  }
  for (const { path, task, component } of staticTasks(document)) {
    for (const warning of portability(path, task)) {
      warn(warning);
    }
    const executor =
      document.spec.deploymentSpec.executors[component.executorLabel ?? ''];
    if (executor?.kind === 'importer') {
      if (task.triggerPolicy?.condition) {
        warn({
          name: 'importer-condition',
          text: `Task ${path} is an importer with a condition. Works locally; KFP 2.17 on a cluster refuses it.`
        });
      }
      tasks.push({ path, packages: [], cache: 'off' });
      continue;
    }
    if (executor?.kind !== 'container') {
      continue;
    }
    const { container } = executor;
    if (volumeAction(container.image) !== undefined) {
      tasks.push({ path, image: container.image, packages: [], cache: 'off' });
      continue;
    }
    const fields = document.platform?.executors[component.executorLabel ?? ''];
    const check = await runner.check({
      image: container.image,
      command: container.command,
      args: container.args,
      needsMounts: mountPaths(fields),
      ...(run.interpreter === undefined ? {} : { interpreter: run.interpreter })
    });
    const reasons = [...check.refusals, ...unsupported(fields)];
    if (reasons.length > 0) {
      const mounts = mountPaths(fields);
      refusals.push(
        mounts.length > 0 && check.isolation === 'process'
          ? {
              code: 'local-needs-container',
              text: `Task ${path} mounts ${mounts.join(', ')}: it needs docker or podman. Neither answers.`
            }
          : {
              code: 'local-refused',
              text: `Task ${path} cannot run here: ${reasons.join('; ')}.`
            }
      );
    }
    check.warnings.forEach(warn);
    resourceWarnings(path, container.resources, fields).forEach(warn);
    tasks.push({
      path,
      image: container.image,
      packages: check.packages,
      isolation: check.isolation,
      cache:
        (run.cache ?? task.cachingOptions?.enableCache ?? false)
          ? 'unknown'
          : 'off'
    });
  }
  return { refusals, warnings: [...warnings.values()], tasks };
}

/** How a task runs, asked once per component of a run. */
export type CheckOf = (component: string) => Promise<TaskCheck>;

/** All tasks, groups too; a component that is used twice appears twice. */
export function staticTasks(document: PipelineDocument): readonly StaticTask[] {
  const found: StaticTask[] = [];
  const visit = (
    component: ComponentSpec,
    prefix: string,
    above: readonly ComponentSpec[]
  ): void => {
    for (const [key, task] of Object.entries(component.dag?.tasks ?? {})) {
      const inner = componentNamed(document.spec, task.componentRef);
      const path = prefix === '' ? key : `${prefix}.${key}`;
      found.push({ path, task, component: inner });
      if (inner.dag !== undefined && !above.includes(inner)) {
        visit(inner, path, [...above, inner]);
      }
    }
  };
  visit(document.spec.root, '', [document.spec.root]);
  return found;
}

function portability(path: string, task: TaskSpec): readonly Warning[] {
  const warnings: Warning[] = [];
  if (task.iterator?.kind === 'artifact') {
    warnings.push({
      name: 'artifact-loop',
      text: `Task ${path} loops over artifacts. Works locally; KFP 2.17 on a cluster does not support it.`
    });
  }
  const factor = task.retryPolicy?.backoffFactor;
  if (factor !== undefined && !Number.isInteger(factor)) {
    warnings.push({
      name: 'fractional-backoff',
      text: `Task ${path} has a back-off factor of ${factor}. Clusters take whole numbers only.`
    });
  }
  return warnings;
}

function resourceWarnings(
  path: string,
  resources: Readonly<Record<string, Json>> | undefined,
  fields: { readonly [key: string]: Json } | undefined
): readonly Warning[] {
  const warnings: Warning[] = [];
  if (resources !== undefined && Object.keys(resources).length > 0) {
    warnings.push({
      name: 'resources-ignored',
      text: `Task ${path} asks for resources; nothing is reserved or limited here.`
    });
  }
  const scheduling = [
    'nodeSelector',
    'tolerations',
    'nodeAffinity',
    'podAffinity',
    'imagePullPolicy',
    'imagePullSecret',
    'securityContext'
  ].filter(name => fields?.[name] !== undefined);
  if (scheduling.length > 0) {
    warnings.push({
      name: 'scheduling-ignored',
      text: `Task ${path} sets ${scheduling.join(', ')}; that has no meaning here.`
    });
  }
  return warnings;
}

function unsupported(
  fields: { readonly [key: string]: Json } | undefined
): readonly string[] {
  return fields?.['initContainers'] === undefined
    ? []
    : ['init containers need docker or podman'];
}
