/** Reading the Kubernetes fields of an executor, whose messages are plain JSON (`kubernetes_executor_config.proto`). */
import type { Json } from 'jupyterlab-kfp-model';
import { valueText } from 'jupyterlab-kfp-model';

export type Fields = { readonly [key: string]: Json };

/** Where the name of a secret, config map or claim comes from. */
export type NameSource =
  | { readonly kind: 'constant'; readonly value: Json }
  /** An input of the DAG instance in which the task stands. */
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'output'; readonly task: string; readonly key: string };

/** Something that is bound to a path in the task. */
export interface MountField {
  readonly kind: 'secret' | 'config map' | 'volume' | 'scratch';
  readonly mountPath: string;
  readonly subPath: string;
  /** Absent for scratch folders. */
  readonly name?: NameSource;
  /** What a scratch folder is called; others are called by the name of what they show. */
  readonly volume?: string;
  readonly optional: boolean;
}

/** Variables out of a secret or config map. */
export interface KeysField {
  readonly kind: 'secret' | 'config map';
  readonly name: NameSource | undefined;
  readonly optional: boolean;
  readonly keys: readonly { readonly key: string; readonly variable: string }[];
}

/** Everything that is mounted. `emptyDirMounts` and the like are folders of the attempt. */
export function mountFields(fields: Fields | undefined): readonly MountField[] {
  const read = (
    field: string,
    kind: MountField['kind'],
    name: (item: Fields) => NameSource | undefined
  ): readonly MountField[] =>
    objects(fields?.[field]).map(item => {
      const source = name(item);
      return {
        kind,
        mountPath: text(item['mountPath']),
        subPath: text(item['subPath']),
        optional: item['optional'] === true,
        ...(source === undefined ? {} : { name: source }),
        ...(kind === 'scratch' && text(item['volumeName']) !== ''
          ? { volume: text(item['volumeName']) }
          : {})
      };
    });
  return [
    ...read('pvcMount', 'volume', claimName),
    ...read('secretAsVolume', 'secret', item => objectName(item, 'secret')),
    ...read('configMapAsVolume', 'config map', item =>
      objectName(item, 'configMap')
    ),
    ...read('emptyDirMounts', 'scratch', () => undefined),
    ...read('genericEphemeralVolume', 'scratch', () => undefined)
  ];
}

/** Everything that becomes variables. */
export function keysFields(fields: Fields | undefined): readonly KeysField[] {
  const read = (
    field: string,
    kind: KeysField['kind'],
    prefix: 'secret' | 'configMap'
  ): readonly KeysField[] =>
    objects(fields?.[field]).map(item => ({
      kind,
      name: objectName(item, prefix),
      optional: item['optional'] === true,
      keys: objects(item['keyToEnv']).map(pair => ({
        key: text(pair[`${prefix}Key`]),
        variable: text(pair['envVar'])
      }))
    }));
  return [
    ...read('configMapAsEnv', 'config map', 'configMap'),
    ...read('secretAsEnv', 'secret', 'secret')
  ];
}

/** Variables out of the pod's own description. */
export function fieldPaths(
  fields: Fields | undefined
): readonly { readonly name: string; readonly path: string }[] {
  return objects(fields?.['fieldPathAsEnv']).map(item => ({
    name: text(item['name']),
    path: text(item['fieldPath'])
  }));
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4
};

/** Bytes of shared memory that a task asks for; without a size half of the machine's, as on a cluster. */
export function sharedMemory(
  fields: Fields,
  machineBytes: number
): number | undefined {
  const wanted = fields['enabledSharedMemory'];
  if (!isObject(wanted)) {
    return undefined;
  }
  const [, digits = '', unit = ''] =
    /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text(wanted['size']).trim()) ?? [];
  const bytes = Number(digits) * (UNITS[unit] ?? 0);
  return Math.floor(bytes > 0 ? bytes : machineBytes / 2);
}

function objectName(
  item: Fields,
  prefix: 'secret' | 'configMap'
): NameSource | undefined {
  const parameter = item[`${prefix}NameParameter`];
  if (isObject(parameter)) {
    return parameterSource(parameter);
  }
  const constant = text(item[`${prefix}Name`]);
  return constant === '' ? undefined : { kind: 'constant', value: constant };
}

function claimName(item: Fields): NameSource | undefined {
  const parameter = item['pvcNameParameter'];
  if (isObject(parameter)) {
    return parameterSource(parameter);
  }
  // Until KFP 2.4 the source stood in the mount itself.
  const constant = text(item['constant']);
  return constant === ''
    ? parameterSource(item)
    : { kind: 'constant', value: constant };
}

/** A parameter source as in the inputs of a task. */
function parameterSource(source: Fields): NameSource | undefined {
  const runtime = source['runtimeValue'];
  if (isObject(runtime)) {
    return { kind: 'constant', value: runtime['constant'] ?? null };
  }
  const input = text(source['componentInputParameter']);
  if (input !== '') {
    return { kind: 'input', name: input };
  }
  const output = source['taskOutputParameter'];
  return isObject(output)
    ? {
        kind: 'output',
        task: text(output['producerTask']),
        key: text(output['outputParameterKey'])
      }
    : undefined;
}

/** The objects of a list. */
export function objects(value: Json | undefined): readonly Fields[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter(isObject)
    : [];
}

export function isObject(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field as text; absent is empty. */
export function text(value: Json | undefined): string {
  return value === undefined ? '' : valueText(value);
}
