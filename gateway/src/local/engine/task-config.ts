/** `TASK_CONFIG` inputs: what the platform document says of a task, handed to the task itself (KFP 2.15 and later). */
import type { Json } from 'jupyterlab-kfp-model';
import { valueText } from 'jupyterlab-kfp-model';

import {
  keysFields,
  mountFields,
  objects,
  text,
  type Fields,
  type MountField,
  type NameSource
} from './platform-fields.ts';
import type { TaskNode } from './task-node.ts';

type Part =
  'affinity' | 'tolerations' | 'nodeSelector' | 'env' | 'volumes' | 'resources';

const PARTS: Readonly<Record<string, Part>> = {
  RESOURCES: 'resources',
  KUBERNETES_TOLERATIONS: 'tolerations',
  KUBERNETES_NODE_SELECTOR: 'nodeSelector',
  KUBERNETES_AFFINITY: 'affinity',
  ENV: 'env',
  KUBERNETES_VOLUMES: 'volumes'
};

/** The value of a `TASK_CONFIG` input: the parts that the component asked for, in the words of Kubernetes. */
export function taskConfig(
  node: TaskNode,
  fields: Fields,
  nameOf: (source: NameSource | undefined) => string | undefined
): Json {
  const wanted = new Set(
    (node.component.taskConfigPassthroughs ?? []).map(item => PARTS[item.field])
  );
  const container =
    node.executor?.kind === 'container' ? node.executor.container : undefined;
  const config: Record<string, Json> = {};
  const put = (part: Part, name: string, value: Json | undefined): void => {
    if (wanted.has(part) && value !== undefined) {
      config[name] = value;
    }
  };
  put('resources', 'resources', resourcesOf(container?.resources));
  put('tolerations', 'tolerations', nonEmpty(fields['tolerations']));
  const selector = fields['nodeSelector'];
  put(
    'nodeSelector',
    'nodeSelector',
    typeof selector === 'object' && selector !== null && 'labels' in selector
      ? selector.labels
      : undefined
  );
  const affinity = ['nodeAffinity', 'podAffinity'].flatMap(name => {
    const list = nonEmpty(fields[name]);
    return list === undefined ? [] : [[name, list] as const];
  });
  put(
    'affinity',
    'affinity',
    affinity.length === 0 ? undefined : Object.fromEntries(affinity)
  );
  put('env', 'env', nonEmpty(variables(container?.env ?? [], fields, nameOf)));
  const mounts = mountFields(fields).flatMap((field, index) => {
    const name = nameOf(field.name);
    return name === undefined && field.kind !== 'scratch'
      ? []
      : [{ field, name: name ?? '', volume: `volume-${index}` }];
  });
  put(
    'volumes',
    'volumes',
    nonEmpty(
      mounts.map(({ field, name, volume }) => ({
        name: volume,
        ...volumeSource(field, name)
      }))
    )
  );
  put(
    'volumes',
    'volumeMounts',
    nonEmpty(
      mounts.map(({ field, volume }) => ({
        name: volume,
        mountPath: field.mountPath,
        ...(field.subPath === '' ? {} : { subPath: field.subPath })
      }))
    )
  );
  return config;
}

function variables(
  own: readonly { readonly name: string; readonly value: string }[],
  fields: Fields,
  nameOf: (source: NameSource | undefined) => string | undefined
): readonly Json[] {
  return [
    ...own.map(({ name, value }) => ({ name, value })),
    ...keysFields(fields).flatMap(field => {
      const name = nameOf(field.name);
      return name === undefined
        ? []
        : field.keys.map(({ key, variable }) => ({
            name: variable,
            valueFrom: {
              [field.kind === 'secret' ? 'secretKeyRef' : 'configMapKeyRef']: {
                name,
                key,
                optional: field.optional
              }
            }
          }));
    }),
    ...objects(fields['fieldPathAsEnv']).map(item => ({
      name: text(item['name']),
      valueFrom: { fieldRef: { fieldPath: text(item['fieldPath']) } }
    }))
  ];
}

function volumeSource(
  field: MountField,
  name: string
): { readonly [key: string]: Json } {
  switch (field.kind) {
    case 'volume':
      return { persistentVolumeClaim: { claimName: name } };
    case 'secret':
      return { secret: { secretName: name, optional: field.optional } };
    case 'config map':
      return { configMap: { name, optional: field.optional } };
    case 'scratch':
      return { emptyDir: {} };
  }
}

/** `{cpuLimit: 2}` or `{resourceCpuLimit: '2'}` as Kubernetes' `{limits: {cpu: '2'}}`. */
function resourcesOf(
  resources: Readonly<Record<string, Json>> | undefined
): Json | undefined {
  const limits: Record<string, Json> = {};
  const requests: Record<string, Json> = {};
  for (const [name, value] of Object.entries(resources ?? {})) {
    const found = /^(?:resource)?(cpu|memory)(Limit|Request)$/i.exec(name);
    if (found !== null) {
      const side = found[2]?.toLowerCase() === 'limit' ? limits : requests;
      side[found[1]?.toLowerCase() ?? ''] = valueText(value);
    }
  }
  return Object.keys(limits).length + Object.keys(requests).length === 0
    ? undefined
    : { limits, requests };
}

function nonEmpty(value: Json | undefined): Json | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}
