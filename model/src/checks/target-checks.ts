/** What one kind of target lacks: KFP501 (clusters), KFP502 (this machine), KFP503 (any run). */
import type { Json } from '../spec/ir.ts';
import type { Check, Executed, RawFinding, Subject } from './finding.ts';
import { placedTasks } from './placed-tasks.ts';
import { portabilityWarnings, type PlacedTask } from './portability.ts';

/** Portability warnings that keep a pipeline from working; the others are differences in rare cases. */
const LACKS = new Set([
  'artifact-list-placeholder',
  'artifact-loop',
  'concat',
  'ifpresent-output',
  'importer-condition',
  'metadata-placeholder',
  'output-file-placeholder',
  'pipeline-root-placeholder'
]);

export const checkCluster: Check = ({ document, context }) =>
  context.target === 'local'
    ? []
    : placedTasks(document).flatMap(task =>
        portabilityWarnings(task, document)
          .filter(({ name }) => LACKS.has(name))
          .map(({ text }): RawFinding => ({
            rule: 'KFP501',
            severity: 'warning',
            message: text,
            component: task.task.componentRef
          }))
      );

export const checkRoot: Check = ({ document, context }) =>
  context.run === true
    ? Object.entries(document.spec.root.inputDefinitions?.artifacts ?? {})
        .filter(([, { isOptional }]) => isOptional !== true)
        .map(([name]): RawFinding => ({
          rule: 'KFP503',
          severity: 'error',
          message: `KFP cannot pass the artifact "${name}" to a run. Wrap the pipeline with an importer.`
        }))
    : [];

export const checkEmpty: Check = ({ document }) =>
  Object.keys(document.spec.root.dag?.tasks ?? {}).length === 0
    ? [
        {
          rule: 'KFP212',
          severity: 'error',
          message: `Pipeline ${document.spec.pipelineInfo.name} has no task.`
        }
      ]
    : [];

export const checkLocal: Check = subject =>
  subject.context.target !== 'local'
    ? []
    : placedTasks(subject.document).flatMap(task => localLacks(task, subject));

/** Commands that any machine with a shell has. */
const COMMON =
  /^(?:sh|bash|echo|cat|cp|mv|mkdir|true|false|printf|env|sleep|python[\d.]*|test|ls|head|tail|tr|sed|awk|grep|date|tee)$/;

function localLacks(
  task: PlacedTask,
  { document, executed, context }: Subject
): readonly RawFinding[] {
  const found: RawFinding[] = [];
  const lacks = (text: string): void => {
    found.push({
      rule: 'KFP502',
      severity: 'warning',
      message: `Task ${task.path} ${text}`,
      component: task.task.componentRef
    });
  };
  const fields =
    document.platform?.executors[task.component.executorLabel ?? ''] ?? {};
  const mounts = mountPaths(fields);
  if (mounts.length > 0 && context.mounts === false) {
    lacks(`mounts ${mounts.join(', ')}: it needs docker or podman here.`);
  }
  const each = executed.find(({ key }) => key === task.task.componentRef);
  if (each === undefined) {
    return found;
  }
  if (each.container.resources?.accelerator !== undefined) {
    lacks('asks for a GPU: it gets what this computer has, or none.');
  }
  const program = imageProgram(each);
  if (program !== undefined && context.containers === false) {
    lacks(
      `runs ${program} of the image ${each.container.image}: it must be installed here, there is no docker or podman.`
    );
  }
  return found;
}

function imageProgram({ container, python }: Executed): string | undefined {
  if (python !== undefined || container.image.startsWith('argostub/')) {
    return undefined;
  }
  const [first] = [...container.command, ...container.args];
  const name = first?.split('/').at(-1);
  return name === undefined || name.startsWith('{') || COMMON.test(name)
    ? undefined
    : name;
}

/** Fields of the Kubernetes document that mount something (`kubernetes_executor_config.proto`). */
const MOUNTS = [
  'pvcMount',
  'secretAsVolume',
  'configMapAsVolume',
  'emptyDirMounts',
  'genericEphemeralVolume'
] as const;

function mountPaths(fields: {
  readonly [key: string]: Json;
}): readonly string[] {
  return MOUNTS.flatMap(field => {
    const items = fields[field];
    return Array.isArray(items)
      ? (items as readonly Json[]).flatMap(item =>
          typeof item === 'object' &&
          item !== null &&
          'mountPath' in item &&
          typeof item.mountPath === 'string'
            ? [item.mountPath]
            : []
        )
      : [];
  });
}
