/** Importers: an artifact that exists already gets a name in the run. */
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Json } from 'jupyterlab-kfp-model';
import { jsonEqual, valueText } from 'jupyterlab-kfp-model';

import type { ExecutionStore } from '../store/execution.ts';
import { fillConstant, type RunFacts } from './constants.ts';
import type { StoredArtifact } from './contract.ts';
import { TaskError } from './engine-error.ts';
import type { Scope, TaskNode } from './task-node.ts';
import { emptyScope } from './task-node.ts';

/** An artifact as stored, with who imported it when. */
export interface ImportedRecord extends StoredArtifact {
  readonly imported?: { readonly pipeline: string; readonly at: number };
}

/** What an importer gives; `isNew` is false when an earlier artifact was taken. */
export interface Imported {
  readonly outputs: Scope;
  readonly isNew: boolean;
}

/** What an importer would import. */
export interface Wanted {
  /** Name of its output. */
  readonly name: string;
  readonly artifact: Omit<StoredArtifact, 'artifactId'>;
  /** An artifact of an earlier run that is used again. */
  readonly earlier?: StoredArtifact;
  /** The file on this machine. */
  readonly local?: string;
  /** Whether the file is copied into the run's workspace. */
  readonly isCopied: boolean;
}

interface Places {
  readonly store: ExecutionStore;
  /** Name of the pipeline: only its own artifacts are used again. */
  readonly pipeline: string;
  readonly runDir: string;
}

/** The address that an importer is given; empty where it has none. */
export function importedUri(node: TaskNode): string {
  if (node.executor?.kind !== 'importer') {
    throw new Error(`${node.path} is no importer`);
  }
  const { artifactUri } = node.executor.importer;
  return artifactUri.kind === 'constant'
    ? artifactUri.value
    : valueText(node.inputs.parameters[artifactUri.name] ?? '');
}

/** Work out what an importer imports; changes nothing. Throws `TaskError` when the URI is empty. */
export function findImported(
  node: TaskNode,
  facts: RunFacts,
  places: Places
): Wanted {
  if (node.executor?.kind !== 'importer') {
    throw new Error(`${node.path} is no importer`);
  }
  const { importer } = node.executor;
  const uri = importedUri(node);
  if (uri === '') {
    throw new TaskError('empty Artifact URI constant value', 'importer');
  }
  const metadata = fillConstant(importer.metadata, facts, node, name => {
    return node.inputs.parameters[name];
  }) as Readonly<Record<string, Json>>;
  const local = localPath(uri);
  const [name = 'artifact'] = Object.keys(
    node.component.outputDefinitions?.artifacts ?? {}
  );
  const type = { ...importer.typeSchema };
  const isCopied = importer.downloadToWorkspace && local !== undefined;
  const earlier = importer.reimport
    ? undefined
    : findEarlier(places, local ?? uri, { type, metadata });
  return {
    name,
    artifact: {
      name,
      type,
      uri: isCopied
        ? join(
            places.runDir,
            'workspace',
            '.artifacts',
            node.taskId,
            basename(local)
          )
        : (local ?? uri),
      metadata
    },
    ...(earlier === undefined ? {} : { earlier }),
    ...(local === undefined ? {} : { local }),
    isCopied
  };
}

/** Run an importer. Throws `TaskError` when a local file is missing or the URI is empty. */
export async function importArtifact(
  node: TaskNode,
  facts: RunFacts,
  places: Places & { readonly newId: () => string }
): Promise<Imported> {
  const wanted = findImported(node, facts, places);
  const { local, name } = wanted;
  if (local !== undefined && !existsSync(local)) {
    throw new TaskError(`there is no file ${local}`, 'importer');
  }
  const outputs = emptyScope();
  if (wanted.earlier !== undefined) {
    outputs.artifacts[name] = [wanted.earlier];
    return { outputs, isNew: false };
  }
  if (wanted.isCopied && local !== undefined) {
    await mkdir(join(wanted.artifact.uri, '..'), { recursive: true });
    await cp(local, wanted.artifact.uri, { recursive: true });
  }
  outputs.artifacts[name] = [
    { artifactId: places.newId(), ...wanted.artifact }
  ];
  return { outputs, isNew: true };
}

/** The newest artifact that this pipeline imported from the same place as the same thing. */
function findEarlier(
  places: Places,
  uri: string,
  wanted: Pick<StoredArtifact, 'type' | 'metadata'>
): StoredArtifact | undefined {
  const [newest] = places.store
    .artifactsAt(uri)
    .map(row => JSON.parse(row.record) as ImportedRecord)
    .filter(
      record =>
        record.imported?.pipeline === places.pipeline &&
        jsonEqual({ ...record.type }, { ...wanted.type }) &&
        jsonEqual({ ...record.metadata }, wanted.metadata)
    )
    .sort((a, b) => (b.imported?.at ?? 0) - (a.imported?.at ?? 0));
  if (newest === undefined) {
    return undefined;
  }
  const { imported: _imported, ...artifact } = newest;
  return artifact;
}

/** The path of a URI on this machine; `undefined` for a remote one. */
export function localPath(uri: string): string | undefined {
  if (uri.startsWith('file://')) {
    try {
      return fileURLToPath(uri);
    } catch {
      return undefined; // a host in a file URL is no place on this machine
    }
  }
  return uri.startsWith('/') ? uri : undefined;
}
