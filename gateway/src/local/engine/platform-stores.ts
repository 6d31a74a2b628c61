/** The folders that stand for secrets, config maps and volumes of a cluster. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { TaskError } from './engine-error.ts';

/** Where the service keeps its things; absolute. */
export interface ServiceFolders {
  readonly dataDir: string;
  readonly configDir: string;
}

export type StoreKind = 'secret' | 'config map' | 'volume';

/** Kubernetes' rule for such names; it also keeps a name from leaving its folder. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;

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

/** Folder of one secret, config map or volume. Throws `TaskError` for a bad name. */
export function storeFolder(
  kind: StoreKind,
  name: string,
  folders: ServiceFolders
): string {
  // A claim that breaks the rule cannot exist, so it is missing rather than misspelt.
  if (kind === 'volume' && !NAME.test(name) && /^[A-Za-z0-9.-]+$/.test(name)) {
    throw missing(kind, name, join(folders.dataDir, 'volumes', name));
  }
  const safe = checkedName(name, kind);
  switch (kind) {
    case 'secret':
      return join(folders.configDir, 'secrets', safe);
    case 'config map':
      return join(folders.configDir, 'config-maps', safe);
    case 'volume':
      return join(folders.dataDir, 'volumes', safe);
  }
}

/** The folder, which must be there; `undefined` when it is missing and may be. */
export function existingFolder(
  kind: StoreKind,
  name: string,
  optional: boolean,
  folders: ServiceFolders
): string | undefined {
  const folder = storeFolder(kind, name, folders);
  if (existsSync(folder)) {
    return folder;
  }
  if (optional) {
    return undefined;
  }
  throw missing(kind, name, folder);
}

/** The file of a key, which must be there; `undefined` when it is missing and may be. */
export function existingKey(
  kind: StoreKind,
  name: string,
  key: string,
  optional: boolean,
  folders: ServiceFolders
): string | undefined {
  if (!KEY.test(key) || key === '.' || key === '..') {
    throw new TaskError(
      `${kind} "${name}" cannot have a key ${JSON.stringify(key)}`,
      'platform'
    );
  }
  const folder = storeFolder(kind, name, folders);
  const file = join(folder, key);
  // Not `existsSync(file)`: file systems that ignore case would find other keys.
  if (existsSync(folder) && readdirSync(folder).includes(key)) {
    return file;
  }
  if (optional) {
    return undefined;
  }
  throw new TaskError(
    `${kind} "${name}" has no key "${key}". Put it in ${file}`,
    'platform'
  );
}

/** What to do about a secret that others on this machine can read; `undefined` when they cannot, or there is none. */
export function looseSecret(
  name: string,
  folders: ServiceFolders
): string | undefined {
  if (process.platform === 'win32') {
    return undefined; // its rights are not told by modes
  }
  const folder = storeFolder('secret', name, folders);
  const places = existsSync(folder)
    ? [folder, ...readdirSync(folder).map(key => join(folder, key))]
    : [];
  return places.some(place => (statSync(place).mode & 0o077) !== 0)
    ? `Others on this machine may read the secret "${name}". Run: chmod -R go= ${folder}`
    : undefined;
}

function missing(kind: StoreKind, name: string, folder: string): TaskError {
  return new TaskError(
    kind === 'volume'
      ? `persistentvolumeclaim "${name}" not found. Create the folder ${folder}`
      : `${kind} "${name}" not found. Put it in ${folder}`,
    'platform'
  );
}
