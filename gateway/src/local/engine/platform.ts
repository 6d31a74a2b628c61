/** What the Kubernetes document of a pipeline asks for, as the local service does it (pipeline-execution section 14). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Json, PlatformSpec } from 'jupyterlab-kfp-model';
import { valueText } from 'jupyterlab-kfp-model';

import type { Mount } from '../tasks/contract.ts';
import { TaskError } from './engine-error.ts';
import { sibling } from './inputs.ts';
import { hasSucceeded, type TaskNode } from './task-node.ts';

type Fields = { readonly [key: string]: Json };

/** Environment, secrets and mounts of one task. */
export interface PlatformParts {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly secretEnv: readonly {
    readonly name: string;
    readonly file: string;
  }[];
  readonly mounts: readonly Mount[];
  readonly volumes: readonly string[];
  readonly deadlineSeconds?: number;
  readonly usesWorkspace: boolean;
}

/** Folders that stand for what a cluster keeps. */
export interface PlatformFolders {
  readonly dataDir: string;
  readonly configDir: string;
  /** Absolute folder of the run. */
  readonly runDir: string;
  /** Absolute folder of the attempt. */
  readonly attemptDir: string;
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** Read the platform fields of a task. Throws `TaskError` where something needed is missing. */
export function platformParts(
  node: TaskNode,
  platform: PlatformSpec | undefined,
  folders: PlatformFolders,
  podName: string
): PlatformParts {
  const fields: Fields =
    platform?.executors[node.component.executorLabel ?? ''] ?? {};
  const env: { name: string; value: string }[] = [];
  const secretEnv: { name: string; file: string }[] = [];
  const mounts: Mount[] = [];
  const volumes: string[] = [];
  const secrets = join(folders.configDir, 'secrets');
  const maps = join(folders.configDir, 'config-maps');

  for (const item of objects(fields['configMapAsEnv'])) {
    const name = nameOf(node, item, 'configMap');
    for (const pair of name === undefined ? [] : objects(item['keyToEnv'])) {
      const file = fileOf(
        maps,
        'config map',
        name,
        text(pair['configMapKey']),
        item
      );
      if (file !== undefined) {
        env.push({
          name: text(pair['envVar']),
          value: readFileSync(file, 'utf8')
        });
      }
    }
  }
  for (const item of objects(fields['secretAsEnv'])) {
    const name = nameOf(node, item, 'secret');
    for (const pair of name === undefined ? [] : objects(item['keyToEnv'])) {
      const file = fileOf(
        secrets,
        'secret',
        name,
        text(pair['secretKey']),
        item
      );
      if (file !== undefined) {
        secretEnv.push({ name: text(pair['envVar']), file });
      }
    }
  }
  for (const item of objects(fields['fieldPathAsEnv'])) {
    env.push({
      name: text(item['name']),
      value: fieldPath(text(item['fieldPath']), fields, podName, node.taskId)
    });
  }
  for (const item of objects(fields['pvcMount'])) {
    const name = volumeName(node, item);
    if (name === undefined) {
      continue;
    }
    const folder = join(
      folders.dataDir,
      'volumes',
      checkedName(name, 'volume')
    );
    if (!existsSync(folder)) {
      throw new TaskError(
        `persistentvolumeclaim "${name}" not found. Create the folder ${folder}`,
        'platform'
      );
    }
    volumes.push(name);
    const sub = text(item['subPath']);
    mounts.push({
      source: sub === '' ? folder : join(folder, safeSubPath(sub)),
      target: text(item['mountPath']),
      readOnly: false
    });
  }
  for (const [field, root, what] of [
    ['secretAsVolume', secrets, 'secret'],
    ['configMapAsVolume', maps, 'config map']
  ] as const) {
    for (const item of objects(fields[field])) {
      const name = nameOf(
        node,
        item,
        what === 'secret' ? 'secret' : 'configMap'
      );
      if (name === undefined) {
        continue;
      }
      const folder = join(root, checkedName(name, what));
      if (existsSync(folder)) {
        mounts.push({
          source: folder,
          target: text(item['mountPath']),
          readOnly: true,
          secret: what === 'secret'
        });
      } else if (item['optional'] !== true) {
        throw new TaskError(
          `${what} "${name}" not found. Put it in ${folder}`,
          'platform'
        );
      }
    }
  }
  for (const field of ['emptyDirMounts', 'genericEphemeralVolume']) {
    objects(fields[field]).forEach((item, index) => {
      mounts.push({
        source: join(folders.attemptDir, 'volumes', `${field}-${index}`),
        target: text(item['mountPath']),
        readOnly: false
      });
    });
  }
  const usesWorkspace = usesRunWorkspace(node);
  if (usesWorkspace) {
    mounts.push({
      source: join(folders.runDir, 'workspace'),
      target: '/kfp-workspace',
      readOnly: false
    });
  }
  const deadline = Number(fields['activeDeadlineSeconds'] ?? 0);
  return {
    env,
    secretEnv,
    mounts,
    volumes: volumes.sort(),
    usesWorkspace,
    ...(deadline > 0 ? { deadlineSeconds: deadline } : {})
  };
}

/** Paths at which a task of this executor wants something mounted, as far as the document alone can tell. */
export function mountPaths(fields: Fields | undefined): readonly string[] {
  return [
    'pvcMount',
    'secretAsVolume',
    'configMapAsVolume',
    'emptyDirMounts',
    'genericEphemeralVolume'
  ].flatMap(field =>
    objects(fields?.[field]).map(item => text(item['mountPath']))
  );
}

function usesRunWorkspace(node: TaskNode): boolean {
  const seen = JSON.stringify(node.spec?.inputs.parameters ?? {}).includes(
    '{{$.workspace_path}}'
  );
  return seen;
}

/** The name of a secret, config map or volume: constant or any source of a parameter; null means skip. */
function nameOf(
  node: TaskNode,
  item: Fields,
  prefix: 'secret' | 'configMap'
): string | undefined {
  const parameter = item[`${prefix}NameParameter`];
  if (parameter !== undefined) {
    const value = parameterOf(node, parameter);
    return value === undefined || value === null ? undefined : valueText(value);
  }
  const constant = text(item[`${prefix}Name`]);
  return constant === '' ? undefined : constant;
}

function volumeName(node: TaskNode, item: Fields): string | undefined {
  const parameter = item['pvcNameParameter'];
  if (parameter !== undefined) {
    const value = parameterOf(node, parameter);
    return value === undefined || value === null ? undefined : valueText(value);
  }
  const constant = text(item['constant']);
  if (constant !== '') {
    return constant;
  }
  const input = text(item['componentInputParameter']);
  const value = parameterOf(
    node,
    input !== ''
      ? { componentInputParameter: input }
      : { taskOutputParameter: item['taskOutputParameter'] ?? null }
  );
  return value === undefined || value === null ? undefined : valueText(value);
}

/** The value of a parameter source written as in a task's inputs. */
function parameterOf(node: TaskNode, source: Json): Json | undefined {
  if (!isObject(source) || node.parent === undefined) {
    return undefined;
  }
  const runtime = source['runtimeValue'];
  if (isObject(runtime)) {
    return runtime['constant'];
  }
  const input = source['componentInputParameter'];
  if (typeof input === 'string') {
    return node.parent.inputs.parameters[input];
  }
  const output = source['taskOutputParameter'];
  if (isObject(output)) {
    const producer = sibling(node.parent, text(output['producerTask']));
    return hasSucceeded(producer)
      ? producer.outputs.parameters[text(output['outputParameterKey'])]
      : undefined;
  }
  return undefined;
}

function fileOf(
  root: string,
  what: string,
  name: string | undefined,
  key: string,
  item: Fields
): string | undefined {
  const folder = join(root, checkedName(name ?? '', what));
  if (!KEY.test(key) || key === '.' || key === '..') {
    throw new TaskError(
      `${what} "${name}" cannot have a key ${JSON.stringify(key)}`,
      'platform'
    );
  }
  const file = join(folder, key);
  if (existsSync(file)) {
    return file;
  }
  if (item['optional'] === true) {
    return undefined;
  }
  throw new TaskError(
    `${what} "${name}" has no key "${key}". Put it in ${file}`,
    'platform'
  );
}

function fieldPath(
  path: string,
  fields: Fields,
  podName: string,
  uid: string
): string {
  const metadata = isObject(fields['podMetadata']) ? fields['podMetadata'] : {};
  const keyed = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path);
  if (keyed !== null) {
    const map = metadata[keyed[1] ?? ''];
    return isObject(map) ? text(map[keyed[2] ?? '']) : '';
  }
  switch (path) {
    case 'metadata.name':
      return podName;
    case 'metadata.uid':
      return uid;
    case 'metadata.namespace':
    case 'spec.serviceAccountName':
      return 'local';
    case 'spec.nodeName':
      return process.env['HOSTNAME'] ?? 'localhost';
    case 'status.podIP':
      return '127.0.0.1';
    default:
      throw new TaskError(
        `the field path ${path} is not known here`,
        'platform'
      );
  }
}

/** Refuse a name that could leave its folder. */
export function checkedName(name: string, what: string): string {
  if (!NAME.test(name) || name.includes('..')) {
    throw new TaskError(
      `${JSON.stringify(name)} is not a name for a ${what}`,
      'platform'
    );
  }
  return name;
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

function objects(value: Json | undefined): readonly Fields[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter(isObject)
    : [];
}

function isObject(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string {
  return typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : valueText(value);
}
