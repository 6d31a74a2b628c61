/** What the Kubernetes fields of a task mean here, as far as it is known before the run. */
import type { Json } from 'jupyterlab-kfp-model';
import { valueText } from 'jupyterlab-kfp-model';

import { TaskError } from './engine-error.ts';
import { isKnownFieldPath } from './field-path.ts';
import {
  fieldPaths,
  keysFields,
  mountFields,
  type Fields
} from './platform-fields.ts';
import {
  existingFolder,
  existingKey,
  looseSecret,
  type ServiceFolders
} from './platform-stores.ts';
import { knownName, type StaticTask } from './static-tasks.ts';

export interface PlatformCheck {
  /** Paths at which something will be mounted. */
  readonly mounts: readonly string[];
  readonly reasons: readonly string[];
  /** Names of secrets and config maps, for the plan. */
  readonly secrets: readonly string[];
  /** Secrets that others can read, with what helps. */
  readonly loose: readonly string[];
}

/** Check one task; `made` are volumes that the pipeline itself makes. */
export function checkPlatform(
  task: StaticTask,
  fields: Fields,
  folders: ServiceFolders,
  made: ReadonlySet<string>
): PlatformCheck {
  const mounts: string[] = [];
  const reasons: string[] = [];
  const secrets = new Set<string>();
  const attempt = <T>(look: () => T): T | undefined => {
    try {
      return look();
    } catch (error) {
      if (error instanceof TaskError) {
        reasons.push(error.message);
        return undefined;
      }
      throw error;
    }
  };
  for (const field of mountFields(fields)) {
    const name =
      field.kind === 'scratch' ? '' : knownName(field.name, task.known);
    if (name === null) {
      continue;
    }
    if (name === undefined || field.kind === 'scratch') {
      mounts.push(field.mountPath);
      continue;
    }
    const { kind } = field;
    const known = valueText(name);
    if (kind === 'secret') {
      secrets.add(known);
    }
    if (kind === 'volume' && made.has(known)) {
      mounts.push(field.mountPath);
    } else if (
      attempt(() => existingFolder(kind, known, field.optional, folders))
    ) {
      mounts.push(field.mountPath);
    }
  }
  for (const field of keysFields(fields)) {
    const name = knownName(field.name, task.known);
    if (name === null || name === undefined) {
      continue;
    }
    const known = valueText(name);
    if (field.kind === 'secret') {
      secrets.add(known);
    }
    for (const { key } of field.keys) {
      attempt(() =>
        existingKey(field.kind, known, key, field.optional, folders)
      );
    }
  }
  for (const { path } of fieldPaths(fields)) {
    if (!isKnownFieldPath(path)) {
      reasons.push(`the field path ${path} is not known here`);
    }
  }
  const loose = [...secrets].flatMap(
    name => attempt(() => looseSecret(name, folders)) ?? []
  );
  return { mounts, reasons, secrets: [...secrets], loose };
}

/** Names of volumes that tasks of the pipeline make under a name of their own choice. */
export function volumesMade(
  tasks: readonly StaticTask[],
  makes: (task: StaticTask) => boolean
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const task of tasks) {
    if (!makes(task)) {
      continue;
    }
    const source = task.task.inputs.parameters['pvc_name'];
    const value: Json | undefined =
      source?.kind === 'constant'
        ? source.value
        : source?.kind === 'input'
          ? task.known.get(source.name)
          : undefined;
    if (typeof value === 'string' && value !== '') {
      names.add(value);
    }
  }
  return names;
}
