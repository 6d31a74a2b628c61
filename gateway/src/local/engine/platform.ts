/** What the Kubernetes document of a pipeline asks for, for one attempt (pipeline-execution section 14). */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';

import type { ComponentSpec, Json, PlatformSpec } from 'jupyterlab-kfp-model';
import { valueText } from 'jupyterlab-kfp-model';

import type { InitContainer, Mount } from '../tasks/contract.ts';
import { TaskError } from './engine-error.ts';
import { fieldPathValue } from './field-path.ts';
import { initContainers, type NamedVolume } from './init-containers.ts';
import { sibling } from './inputs.ts';
import {
  fieldPaths,
  keysFields,
  mountFields,
  sharedMemory,
  type Fields,
  type MountField,
  type NameSource
} from './platform-fields.ts';
import {
  existingFolder,
  existingKey,
  type ServiceFolders
} from './platform-stores.ts';
import { taskConfig } from './task-config.ts';
import { hasSucceeded, type TaskNode } from './task-node.ts';

/** Environment, secrets and mounts of one task. */
export interface PlatformParts {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly secretEnv: readonly {
    readonly name: string;
    readonly file: string;
  }[];
  readonly mounts: readonly Mount[];
  readonly initContainers: readonly InitContainer[];
  readonly deadlineSeconds?: number;
  readonly sharedMemoryBytes?: number;
}

/** Folders that stand for what a cluster keeps. */
export interface PlatformFolders extends ServiceFolders {
  /** Absolute folder of the run. */
  readonly runDir: string;
  /** Absolute folder of the attempt. */
  readonly attemptDir: string;
}

/** The Kubernetes fields of a task's executor. */
export function fieldsOf(
  node: Pick<TaskNode, 'component'>,
  platform: PlatformSpec | undefined
): Fields {
  return platform?.executors[node.component.executorLabel ?? ''] ?? {};
}

/** Read the platform fields of a task. Throws `TaskError` where something needed is missing. */
export function platformParts(
  node: TaskNode,
  platform: PlatformSpec | undefined,
  folders: PlatformFolders,
  pod: { readonly name: string; readonly uid: string }
): PlatformParts {
  const fields = fieldsOf(node, platform);
  const applied = appliedFields(node.component, fields);
  const { env, secretEnv } = variables(node, applied, folders, pod);
  const wanted = mountFields(applied);
  const bound = wanted.flatMap((field, index) =>
    mount(
      node,
      field,
      field.volume === undefined
        ? index
        : wanted.findIndex(({ volume }) => volume === field.volume),
      folders
    )
  );
  const needsWorkspace = usesWorkspace(node);
  const deadline = Number(fields['activeDeadlineSeconds'] ?? 0);
  const shared = sharedMemory(fields, totalmem());
  return {
    env,
    secretEnv,
    mounts: [
      ...bound.map(({ mount }) => mount),
      ...(needsWorkspace
        ? [
            {
              source: join(folders.runDir, 'workspace'),
              target: '/kfp-workspace',
              readOnly: false
            }
          ]
        : [])
    ],
    initContainers: initContainers(applied, bound),
    ...(deadline > 0 ? { deadlineSeconds: deadline } : {}),
    ...(shared === undefined ? {} : { sharedMemoryBytes: shared })
  };
}

/** Whether a task works in the run's workspace. */
export function usesWorkspace(node: TaskNode): boolean {
  return JSON.stringify(node.spec?.inputs.parameters ?? {}).includes(
    '{{$.workspace_path}}'
  );
}

/** Values of the `TASK_CONFIG` inputs of a task, by name. */
export function taskConfigs(
  node: TaskNode,
  platform: PlatformSpec | undefined
): Readonly<Record<string, Json>> {
  const definitions = node.component.inputDefinitions?.parameters ?? {};
  return Object.fromEntries(
    Object.entries(definitions)
      .filter(
        ([name, { parameterType }]) =>
          parameterType === 'TASK_CONFIG' &&
          node.inputs.parameters[name] === undefined
      )
      .map(([name]) => [
        name,
        taskConfig(node, fieldsOf(node, platform), source =>
          nameOf(node, source)
        )
      ])
  );
}

/** Names of the volumes that a task mounts, sorted; part of its identity for caching. */
export function volumeNames(
  node: TaskNode,
  platform: PlatformSpec | undefined
): readonly string[] {
  return mountFields(fieldsOf(node, platform))
    .filter(field => field.kind === 'volume')
    .flatMap(field => nameOf(node, field.name) ?? [])
    .sort();
}

/** What a component takes over for itself (`taskConfigPassthroughs`) is applied to its task only on request. */
export function appliedFields(
  component: ComponentSpec,
  fields: Fields
): Fields {
  const withheld = (component.taskConfigPassthroughs ?? [])
    .filter(item => item.applyToTask !== true)
    .map(item => item.field);
  const drop = new Set(
    withheld.flatMap(
      field =>
        ({
          ENV: ['secretAsEnv', 'configMapAsEnv', 'fieldPathAsEnv'],
          KUBERNETES_VOLUMES: [
            'pvcMount',
            'secretAsVolume',
            'configMapAsVolume',
            'emptyDirMounts',
            'genericEphemeralVolume'
          ]
        })[field] ?? []
    )
  );
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !drop.has(name))
  );
}

function variables(
  node: TaskNode,
  fields: Fields,
  folders: PlatformFolders,
  pod: { readonly name: string; readonly uid: string }
): Pick<PlatformParts, 'env' | 'secretEnv'> {
  const env: { name: string; value: string }[] = [];
  const secretEnv: { name: string; file: string }[] = [];
  for (const field of keysFields(fields)) {
    const name = nameOf(node, field.name);
    for (const { key, variable } of name === undefined ? [] : field.keys) {
      const file = existingKey(
        field.kind,
        name ?? '',
        key,
        field.optional,
        folders
      );
      if (file !== undefined && field.kind === 'secret') {
        secretEnv.push({ name: variable, file });
      } else if (file !== undefined) {
        env.push({ name: variable, value: readFileSync(file, 'utf8') });
      }
    }
  }
  for (const { name, path } of fieldPaths(fields)) {
    env.push({ name, value: fieldPathValue(path, fields, pod) });
  }
  return { env, secretEnv };
}

function mount(
  node: TaskNode,
  field: MountField,
  index: number,
  folders: PlatformFolders
): readonly NamedVolume[] {
  if (field.kind === 'scratch') {
    const folder = join(folders.attemptDir, 'volumes', `scratch-${index}`);
    return [
      {
        name: field.volume ?? '',
        folder,
        mount: {
          source: folder,
          target: field.mountPath,
          readOnly: false
        }
      }
    ];
  }
  const name = nameOf(node, field.name);
  const folder =
    name === undefined
      ? undefined
      : existingFolder(field.kind, name, field.optional, folders);
  if (name === undefined || folder === undefined) {
    return [];
  }
  const target = field.mountPath;
  return field.kind === 'volume'
    ? [
        {
          name,
          folder,
          mount: {
            source: join(folder, safeSubPath(field.subPath)),
            target,
            readOnly: false
          }
        }
      ]
    : [
        {
          name,
          folder,
          mount: {
            source: folder,
            target,
            readOnly: true,
            secret: field.kind === 'secret'
          }
        }
      ];
}

/** The name of a secret, config map or volume; null, or nothing, means skip. */
function nameOf(
  node: TaskNode,
  source: NameSource | undefined
): string | undefined {
  const value = source === undefined ? undefined : valueOf(node, source);
  return value === undefined || value === null ? undefined : valueText(value);
}

function valueOf(node: TaskNode, source: NameSource): Json | undefined {
  switch (source.kind) {
    case 'constant':
      return source.value;
    case 'input':
      return node.parent?.inputs.parameters[source.name];
    case 'output': {
      if (node.parent === undefined) {
        return undefined;
      }
      const producer = sibling(node.parent, source.task);
      return hasSucceeded(producer)
        ? producer.outputs.parameters[source.key]
        : undefined;
    }
  }
}

function safeSubPath(path: string): string {
  if (path.startsWith('/') || path.split('/').includes('..')) {
    throw new TaskError(
      `the sub path ${JSON.stringify(path)} leaves its volume`,
      'platform'
    );
  }
  return path;
}
