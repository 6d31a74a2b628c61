/** What one kind of target lacks: KFP501 (clusters), KFP502 (this machine), KFP503 (any run). */
import type { Json } from '../spec/ir.ts';
import type {
  Check,
  Executed,
  Machine,
  RawFinding,
  Subject
} from './finding.ts';
import { pythonOfImage } from './images.ts';
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

export const checkLocal: Check = subject => {
  const { machine } = subject.context;
  return subject.context.target !== 'local' || machine === undefined
    ? []
    : placedTasks(subject.document).flatMap(task =>
        localLacks(task, subject, machine).map((text): RawFinding => ({
          rule: 'KFP502',
          severity: 'warning',
          message: `Task ${task.path} ${text}`,
          component: task.task.componentRef
        }))
      );
};

/** The words after the task's name, one sentence a thing that is missing. */
function localLacks(
  task: PlacedTask,
  { document, executed }: Subject,
  machine: Machine
): readonly string[] {
  const found: string[] = [];
  const fields =
    document.platform?.executors[task.component.executorLabel ?? ''] ?? {};
  const mounts = mountPaths(fields);
  if (mounts.length > 0 && !machine.mounts) {
    found.push(`mounts ${mounts.join(', ')}: it needs docker or podman here.`);
  }
  if ('initContainers' in fields && !machine.containers) {
    found.push('has init containers: it needs docker or podman here.');
  }
  const each = executed.find(({ key }) => key === task.task.componentRef);
  if (each === undefined) {
    return found;
  }
  if (each.container.resources?.accelerator !== undefined) {
    found.push('asks for a GPU: it gets what this computer has, or none.');
  }
  return machine.containers ? found : [...found, ...imageLacks(each, machine)];
}

/** What only the image of a task has. */
function imageLacks(
  { container, python }: Executed,
  machine: Machine
): readonly string[] {
  const { image } = container;
  if (isVolumeAction(image)) {
    return [];
  }
  switch (python?.kind) {
    case 'containerized':
      return [
        `has its code in the image ${image}: it needs docker or podman here.`
      ];
    case 'lightweight':
      return pythonOfImage(image) === undefined &&
        !isPlaceholder(image) &&
        !PLAIN_PYTHON.test(image)
        ? [
            `misses the packages of the image ${image}: there is no docker or podman here.`
          ]
        : [];
    case undefined: {
      const [first] = [...container.command, ...container.args];
      if (container.command.length === 0) {
        return [
          `has no command: what the image ${image} starts is known to docker or podman only.`
        ];
      }
      return first === undefined || isPlaceholder(first) || machine.has(first)
        ? []
        : [
            `runs ${first} of the image ${image}: it must be installed here, there is no docker or podman.`
          ];
    }
  }
}

/** Python alone, of whatever version. */
const PLAIN_PYTHON = /^(?:docker\.io\/)?(?:library\/)?python(?:[:@]|$)/;

/** Volumes are made by the engine itself, whatever their component says. */
function isVolumeAction(image: string): boolean {
  return image.startsWith('argostub/');
}

/** A value that is known only when the task runs. */
function isPlaceholder(word: string): boolean {
  return word.startsWith('{');
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
