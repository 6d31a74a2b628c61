import {
  parsePipelineText,
  type ParameterSource,
  type PipelineSpec,
  type RunView
} from 'jupyterlab-kfp-model';

import { parsed } from './results/value-text';

/** A volume that tasks of a pipeline mount. */
export interface IVolume {
  /** Name of the claim, or where the name comes from: `create-pvc.name`. */
  readonly name: string;
  readonly kind: 'claim' | 'secret' | 'config-map' | 'empty' | 'ephemeral';
  /** As it was asked for: `5Gi`. */
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

/** Find the volumes in the pipeline of a run as it was submitted; empty when its platform document names none. */
export function volumesOf(text: string, view?: RunView): readonly IVolume[] {
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
  const made = madeClaims(spec, view);
  const volumes = new Map<string, IVolume>();
  for (const [executor, parts] of Object.entries(platform.executors)) {
    const component = componentOf.get(executor) ?? executor;
    for (const [key, kind] of SOURCES) {
      for (const part of listOf(parts[key])) {
        const place = nameOf(part) || kind;
        const claim = kind === 'claim' ? made.get(place) : undefined;
        const name = claim?.name ?? place;
        const known = volumes.get(`${kind}/${name}`);
        const size =
          textOf(part.size) || textOf(part.sizeLimit) || (claim?.size ?? '');
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

/** What a run knows of a claim that one of its tasks makes. */
interface IMadeClaim {
  /** Its name, once the task has made it. */
  readonly name?: string;
  readonly size?: string;
}

/** The claims that tasks of a pipeline make (`kubernetes.CreatePVC`), by the places that mounts name them with. */
function madeClaims(
  spec: PipelineSpec,
  view: RunView | undefined
): ReadonlyMap<string, IMadeClaim> {
  const claims = new Map<string, IMadeClaim>();
  const groups = [spec.root, ...Object.values(spec.components)];
  for (const [key, task] of groups.flatMap(group =>
    Object.entries(group.dag?.tasks ?? {})
  )) {
    const label = spec.components[task.componentRef]?.executorLabel ?? '';
    const executor = spec.deploymentSpec.executors[label];
    const image =
      executor?.kind === 'container' ? executor.container.image : '';
    if (!/^argostub\/createpvc\b/.test(image)) {
      continue;
    }
    const size = sizeOf(task.inputs.parameters.size, view);
    const name = Object.values(view?.tasks ?? {})
      .find(each => each.vertex.split('/').pop() === key)
      ?.outputs?.find(output => output.name === 'name')?.json;
    const claim: IMadeClaim = {
      ...(name === undefined ? {} : { name: String(parsed(name)) }),
      ...(size ? { size } : {})
    };
    claims.set(`${key}.name`, claim);
    // inside of a loop or a condition the name comes in as an input
    claims.set(`pipelinechannel--${key}-name`, claim);
  }
  return claims;
}

/** A size that stands in the pipeline, or that is a parameter of the run. */
function sizeOf(
  source: ParameterSource | undefined,
  view: RunView | undefined
): string {
  switch (source?.kind) {
    case 'constant':
      return textOf(source.value);
    case 'input': {
      const given = view?.run.parameters.find(
        each => each.name === source.name
      )?.json;
      return given === undefined ? '' : textOf(parsed(given));
    }
    default:
      return '';
  }
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
