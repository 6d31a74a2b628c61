/** What can be known about a pipeline before it runs here: refusals, warnings, and the plan. All of it, not the first. */
import {
  hasOnlyExitTasks,
  portabilityWarnings,
  type Json,
  type PipelineDocument,
  type Warning
} from 'jupyterlab-kfp-model';

import type { TaskCheck, TaskRunner } from '../tasks/contract.ts';
import type { EngineRun, RunCheck } from './contract.ts';
import { ArtifactOrigins } from './artifact-origins.ts';
import { importReasons, modelMounts, remoteWarnings } from './import-checks.ts';
import { localPath } from './importer.ts';
import { initReasons, needsContainer } from './init-containers.ts';
import { appliedFields, fieldsOf } from './platform.ts';
import { checkPlatform, volumesMade } from './platform-checks.ts';
import type { Fields } from './platform-fields.ts';
import type { ServiceFolders } from './platform-stores.ts';
import { reasonsOf, refusalsOf, type Refusal } from './refusals.ts';
import { staticTasks, type StaticTask } from './static-tasks.ts';
import { volumeAction } from './volumes.ts';

type PlannedTask = RunCheck['tasks'][number];

const SCHEDULING = [
  'nodeSelector',
  'tolerations',
  'nodeAffinity',
  'podAffinity',
  'imagePullPolicy',
  'imagePullSecret',
  'securityContext'
] as const;

/** What a check found, with what only the engine needs of it. */
export interface CheckedRun extends RunCheck {
  /** How each container runs, by path. */
  readonly checks: ReadonlyMap<string, TaskCheck>;
}

/** Check a run; creates nothing. */
export async function checkRun(
  run: EngineRun,
  runner: TaskRunner,
  folders: ServiceFolders
): Promise<CheckedRun> {
  const { document } = run;
  const refusals: Refusal[] = [];
  const warnings = new Map<string, Warning>();
  const planned: PlannedTask[] = [];
  const checks = new Map<string, TaskCheck>();
  const refuse = (text: string): void => {
    refusals.push({ code: 'local-refused', text });
  };
  const warn = (warning: Warning): void => {
    warnings.set(`${warning.name} ${warning.text}`, warning);
  };
  document.refusals?.forEach(refuse);
  structureReasons(document).forEach(refuse);
  const root = run.pipelineRoot ?? document.spec.defaultPipelineRoot ?? '';
  if (isRemote(root)) {
    warn({
      name: 'remote-root-ignored',
      text: `The pipeline root ${root} is not used here; artifacts stay on this machine.`
    });
  }
  const tasks = staticTasks(document, run.parameters);
  const made = volumesMade(tasks, isVolumeMaker);
  const origins = new ArtifactOrigins(tasks);
  for (const task of tasks) {
    portabilityWarnings(task, document).forEach(warn);
    if (hasOnlyExitTasks(task.component)) {
      refuse(
        `Task ${task.path} cannot run here: all its tasks wait for others to end, so none can begin.`
      );
    }
    const fields = appliedFields(
      task.component,
      fieldsOf(task, document.platform)
    );
    const found = await checkTask({
      ...{ task, fields, run, runner, folders, made, origins }
    });
    refusals.push(...found.refusals);
    found.warnings.forEach(warn);
    planned.push(...found.planned);
    if (found.check !== undefined) {
      checks.set(task.path, found.check);
    }
  }
  return {
    refusals: distinct(refusals),
    warnings: [...warnings.values()],
    tasks: planned,
    checks
  };
}

interface TaskFinding {
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly Warning[];
  readonly planned: readonly PlannedTask[];
  readonly check?: TaskCheck;
}

async function checkTask(parts: {
  readonly task: StaticTask;
  readonly fields: Fields;
  readonly run: EngineRun;
  readonly runner: TaskRunner;
  readonly folders: ServiceFolders;
  readonly made: ReadonlySet<string>;
  readonly origins: ArtifactOrigins;
}): Promise<TaskFinding> {
  const { task, fields, run, runner } = parts;
  const { path, executor } = task;
  if (executor?.kind === 'importer') {
    return {
      refusals: reasonsOf(path, await importReasons(task, runner)),
      warnings: [],
      planned: [{ path, packages: [], secrets: [], cache: 'off' }]
    };
  }
  if (executor?.kind !== 'container') {
    return { refusals: [], warnings: [], planned: [] };
  }
  const { container } = executor;
  const isCached = run.cache ?? task.task.cachingOptions?.enableCache ?? false;
  const common = {
    path,
    image: container.image,
    cache: isCached ? ('unknown' as const) : ('off' as const)
  };
  if (volumeAction(container.image) !== undefined) {
    return {
      refusals: [],
      warnings: [],
      planned: [{ ...common, packages: [], secrets: [] }]
    };
  }
  const platform = checkPlatform(task, fields, parts.folders, parts.made);
  const need = needsContainer(fields);
  const check = await runner.check({
    image: container.image,
    command: container.command,
    args: container.args,
    needsMounts: [...platform.mounts, ...modelMounts(task, parts.origins)],
    ...(need === undefined ? {} : { needsContainer: need }),
    ...(run.interpreter === undefined ? {} : { interpreter: run.interpreter })
  });
  return {
    check,
    refusals: refusalsOf(path, check, platform, [
      ...vertexReasons(container.command, container.args),
      ...initReasons(task, fields)
    ]),
    warnings: [
      ...check.warnings.map(({ name, text }) => ({
        name,
        text: `Task ${path}: ${text}.`
      })),
      ...platform.loose.map(text => ({ name: 'secret-readable', text })),
      ...remoteWarnings(task, parts.origins),
      ...ignoredWarnings(path, container.resources, fields)
    ],
    planned: [
      {
        ...common,
        packages: check.packages,
        secrets: platform.secrets,
        isolation: check.isolation,
        ...(container.resources === undefined
          ? {}
          : { resources: container.resources })
      }
    ]
  };
}

/** Faults of the document as a whole. */
function structureReasons(document: PipelineDocument): readonly string[] {
  const { root } = document.spec;
  return [
    ...Object.entries(root.inputDefinitions?.artifacts ?? {})
      .filter(([, spec]) => spec.isOptional !== true)
      .map(
        ([name]) =>
          `The pipeline cannot run here: it wants the artifact "${name}" as an input, which a run cannot supply (KFP503); import it with dsl.importer.`
      ),
    ...(hasOnlyExitTasks(root)
      ? [
          'The pipeline cannot run here: all its tasks wait for others to end, so none can begin.'
        ]
      : [])
  ];
}

function isRemote(root: string): boolean {
  return /^[a-z0-9+]+:\/\//.test(root) && localPath(root) === undefined;
}

/** Components of Google's library only start jobs there. */
function vertexReasons(
  command: readonly string[],
  args: readonly string[]
): readonly string[] {
  return [...command, ...args].some(word =>
    /^google_cloud_pipeline_components\.container\./.test(word)
  )
    ? ['it is a component of Vertex AI, which runs on Google Cloud only']
    : [];
}

function ignoredWarnings(
  path: string,
  resources: Readonly<Record<string, Json>> | undefined,
  fields: Fields
): readonly Warning[] {
  const warnings: Warning[] = [];
  if (resources !== undefined && Object.keys(resources).length > 0) {
    warnings.push({
      name: 'resources-ignored',
      text: `Task ${path} asks for resources; nothing is reserved or limited here.`
    });
  }
  const scheduling = SCHEDULING.filter(name => fields[name] !== undefined);
  if (scheduling.length > 0) {
    warnings.push({
      name: 'scheduling-ignored',
      text: `Task ${path} sets ${scheduling.join(', ')}; that has no meaning here.`
    });
  }
  return warnings;
}

function isVolumeMaker({ executor }: StaticTask): boolean {
  return (
    executor?.kind === 'container' &&
    volumeAction(executor.container.image) === 'create'
  );
}

function distinct(refusals: readonly Refusal[]): readonly Refusal[] {
  return [...new Map(refusals.map(one => [one.text, one])).values()];
}
