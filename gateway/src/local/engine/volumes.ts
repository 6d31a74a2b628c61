/** The two built-in components that make and remove volumes (`argostub/createpvc`, `argostub/deletepvc`). */
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Json, VolumeFolder } from 'jupyterlab-kfp-model';
import { valueText } from 'jupyterlab-kfp-model';

import { TaskError } from './engine-error.ts';
import { checkedName } from './platform-stores.ts';
import type { TaskNode } from './task-node.ts';

/** Which built-in component an image stands for. */
export function volumeAction(image: string): 'create' | 'delete' | undefined {
  const name = image.split(':', 1)[0];
  return name === 'argostub/createpvc'
    ? 'create'
    : name === 'argostub/deletepvc'
      ? 'delete'
      : undefined;
}

/** Make a volume; returns its name. Throws `TaskError`. */
export async function createVolume(
  node: TaskNode,
  dataDir: string,
  newId: () => string
): Promise<string> {
  const given = text(node, 'pvc_name');
  const ending = text(node, 'pvc_name_suffix');
  if (given !== '' && ending !== '') {
    throw new TaskError(
      'failed to create pvc: at most one of pvc_name and pvc_name_suffix can be non-empty',
      'platform'
    );
  }
  const name = checkedName(given || `${newId()}${ending}`, 'volume');
  const folder = join(dataDir, 'volumes', name);
  const source = text(node, 'data_source');
  if (source !== '') {
    const from = join(dataDir, 'volumes', checkedName(source, 'volume'));
    if (!existsSync(from)) {
      throw new TaskError(
        `failed to create pvc: there is no volume "${source}" to copy`,
        'platform'
      );
    }
    // Whole or not at all: the service may be stopped while it copies.
    const half = join(dataDir, 'volumes', `.copy-${name}`);
    await rm(half, { recursive: true, force: true });
    await cp(from, half, { recursive: true });
    await rename(half, folder);
  } else {
    await mkdir(folder, { recursive: true });
  }
  return name;
}

/** Remove a volume. Throws `TaskError` when there is none. */
export async function deleteVolume(
  node: TaskNode,
  dataDir: string
): Promise<void> {
  const name = checkedName(text(node, 'pvc_name'), 'volume');
  const folder = join(dataDir, 'volumes', name);
  if (!existsSync(folder)) {
    throw new TaskError(
      `failed to delete pvc ${name}: cannot find pvc`,
      'platform'
    );
  }
  await rm(folder, { recursive: true });
}

/** The volumes that are there, by name. */
export async function volumesIn(
  dataDir: string
): Promise<readonly VolumeFolder[]> {
  const place = join(dataDir, 'volumes');
  const entries = existsSync(place)
    ? await readdir(place, { withFileTypes: true })
    : [];
  return entries
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name, folder: join(place, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether the volume that a task makes or removes is there; `undefined` when its name is not known before. */
export function isVolumeThere(
  node: TaskNode,
  dataDir: string
): boolean | undefined {
  const name = text(node, 'pvc_name');
  return name === ''
    ? undefined
    : existsSync(join(dataDir, 'volumes', checkedName(name, 'volume')));
}

function text(node: TaskNode, name: string): string {
  const value: Json | undefined =
    node.inputs.parameters[name] ??
    node.component.inputDefinitions?.parameters?.[name]?.defaultValue;
  return value === undefined || value === null ? '' : valueText(value);
}
