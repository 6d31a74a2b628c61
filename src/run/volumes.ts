import { parsePipelineText } from 'jupyterlab-kfp-model';

/** A volume that tasks of a pipeline mount. */
export interface IVolume {
  /** Name of the claim, or where the name comes from: `create-pvc.name`. */
  readonly name: string;
  readonly kind: 'claim' | 'secret' | 'config-map' | 'empty' | 'ephemeral';
  readonly size?: string;
  readonly mounts: readonly {
    readonly component: string;
    readonly path: string;
  }[];
}

type Bag = Readonly<Record<string, unknown>>;

/** Keys of the platform document (kfp-kubernetes) that mount something. */
const SOURCES = [
  ['pvcMount', 'claim'],
  ['secretAsVolume', 'secret'],
  ['configMapAsVolume', 'config-map'],
  ['emptyDirMounts', 'empty'],
  ['genericEphemeralVolume', 'ephemeral']
] as const;

/** Find the volumes in a pipeline as it was submitted; empty when its platform document names none. */
export function volumesOf(text: string): readonly IVolume[] {
  const pipeline = parsePipelineText(text);
  if (pipeline.format !== 'ir' || !pipeline.document.platform) {
    return [];
  }
  const { spec, platform } = pipeline.document;
  const componentOf = new Map(
    Object.entries(spec.components).flatMap(([name, component]) =>
      component.executorLabel === undefined
        ? []
        : [[component.executorLabel, name.replace(/^comp-/, '')] as const]
    )
  );
  const volumes = new Map<string, IVolume>();
  for (const [executor, parts] of Object.entries(platform.executors)) {
    const component = componentOf.get(executor) ?? executor;
    for (const [key, kind] of SOURCES) {
      for (const part of listOf(parts[key])) {
        const name = nameOf(part) || kind;
        const known = volumes.get(`${kind}/${name}`);
        const size = textOf(part.size) || textOf(part.sizeLimit);
        volumes.set(`${kind}/${name}`, {
          name,
          kind,
          ...(size ? { size } : {}),
          mounts: [
            ...(known?.mounts ?? []),
            { component, path: textOf(part.mountPath) }
          ]
        });
      }
    }
  }
  return [...volumes.values()];
}

// a name stands there as text, or as the place it comes from; older compilers wrote the place beside the mount
function nameOf(part: Bag): string {
  for (const key of [
    'pvcNameParameter',
    'secretNameParameter',
    'configMapNameParameter'
  ]) {
    const name = placeOf(bagOf(part[key]));
    if (name) {
      return name;
    }
  }
  return (
    placeOf(part) ||
    textOf(part.secretName) ||
    textOf(part.configMapName) ||
    textOf(part.volumeName)
  );
}

function placeOf(part: Bag): string {
  const output = bagOf(part.taskOutputParameter);
  const runtime = bagOf(part.runtimeValue);
  return (
    textOf(part.constant) ||
    textOf(runtime.constant) ||
    textOf(part.componentInputParameter) ||
    [textOf(output.producerTask), textOf(output.outputParameterKey)]
      .filter(Boolean)
      .join('.')
  );
}

function bagOf(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? (value as Bag) : {};
}

function listOf(value: unknown): readonly Bag[] {
  return Array.isArray(value) ? value.map(bagOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
