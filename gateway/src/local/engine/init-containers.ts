/** Init containers of the Kubernetes document: what they are, and why one cannot run here (`InitContainer` in KFP's proto). */
import { valueText } from 'jupyterlab-kfp-model';

import type { InitContainer, Mount } from '../tasks/contract.ts';
import { TaskError } from './engine-error.ts';
import { mountFields, objects, text, type Fields } from './platform-fields.ts';
import { knownName, type StaticTask } from './static-tasks.ts';

/** An init container as it stands in the document: its volumes are called by their names. */
interface InitField extends Omit<InitContainer, 'mounts'> {
  readonly volumes: readonly {
    readonly name: string;
    readonly mountPath: string;
  }[];
  readonly isSidecar: boolean;
}

/** A volume of a task under its name. */
export interface NamedVolume {
  readonly name: string;
  /** The folder as a whole; a sub path belongs to the mount of the task alone. */
  readonly folder: string;
  readonly mount: Mount;
}

/** The words for a task that has init containers; `undefined` when it has none. */
export function needsContainer(fields: Fields): string | undefined {
  return initFields(fields).length === 0 ? undefined : 'it has init containers';
}

/** The init containers of a task with the folders of its volumes. Throws `TaskError` for a volume it has not. */
export function initContainers(
  fields: Fields,
  volumes: readonly NamedVolume[]
): readonly InitContainer[] {
  return initFields(fields).map(({ volumes: wanted, isSidecar, ...init }) => {
    if (isSidecar) {
      throw new TaskError(sidecar(init.name), 'platform');
    }
    return {
      ...init,
      mounts: wanted.map(({ name, mountPath }) => {
        const volume = volumes.find(one => one.name === name);
        if (volume === undefined) {
          throw new TaskError(noVolume(init.name, name), 'platform');
        }
        return {
          ...volume.mount,
          source: volume.folder,
          target: mountPath
        };
      })
    };
  });
}

/** What is wrong with the init containers of a task, as far as it is known before the run. */
export function initReasons(
  task: StaticTask,
  fields: Fields
): readonly string[] {
  const names = new Set<string>();
  let areAllKnown = true;
  for (const field of mountFields(fields)) {
    const name =
      field.kind === 'scratch'
        ? field.volume
        : knownName(field.name, task.known);
    if (name === undefined) {
      areAllKnown = false;
    } else if (name !== null) {
      names.add(valueText(name));
    }
  }
  return initFields(fields).flatMap(init => [
    ...(init.image === ''
      ? [`the init container "${init.name}" has no image`]
      : []),
    ...(init.isSidecar ? [sidecar(init.name)] : []),
    ...init.volumes
      .filter(({ name }) => areAllKnown && !names.has(name))
      .map(({ name }) => noVolume(init.name, name))
  ]);
}

function initFields(fields: Fields): readonly InitField[] {
  return objects(fields['initContainers']).map((item, index) => ({
    name: text(item['name']) || `init-${index}`,
    image: text(item['image']),
    command: words(item['command']),
    args: words(item['args']),
    env: objects(item['env']).map(one => ({
      name: text(one['name']),
      value: text(one['value'])
    })),
    volumes: objects(item['volumeMounts']).map(one => ({
      name: text(one['volumeName']),
      mountPath: text(one['mountPath'])
    })),
    isSidecar: text(item['restartPolicy']) === 'Always'
  }));
}

function words(value: Fields[string] | undefined): readonly string[] {
  return Array.isArray(value)
    ? (value as readonly Fields[string][]).map(word => text(word))
    : [];
}

function sidecar(name: string): string {
  return `its init container "${name}" is a sidecar (restart policy Always), which does not run here`;
}

function noVolume(init: string, volume: string): string {
  return `its init container "${init}" mounts the volume "${volume}", which the task does not have`;
}
