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

/** Run an importer. Throws `TaskError` when a local file is missing or the URI is empty. */
export async function importArtifact(
  node: TaskNode,
  facts: RunFacts,
  parts: {
    readonly store: ExecutionStore;
    /** Name of the pipeline: only its own artifacts are used again. */
    readonly pipeline: string;
    readonly runDir: string;
    readonly newId: () => string;
  }
): Promise<Imported> {
  if (node.executor?.kind !== 'importer') {
    throw new Error(`${node.path} is no importer`);
  }
  const { importer } = node.executor;
  const uri =
    importer.artifactUri.kind === 'constant'
      ? importer.artifactUri.value
      : valueText(node.inputs.parameters[importer.artifactUri.name] ?? '');
  if (uri === '') {
    throw new TaskError('empty Artifact URI constant value', 'importer');
  }
  const metadata = fillConstant(importer.metadata, facts, node, name => {
    return node.inputs.parameters[name];
  }) as Readonly<Record<string, Json>>;
  const local = localPath(uri);
  if (local !== undefined && !existsSync(local)) {
    throw new TaskError(`there is no file ${local}`, 'importer');
  }
  const [output] = Object.keys(
    node.component.outputDefinitions?.artifacts ?? { artifact: {} }
  );
  const name = output ?? 'artifact';
  const outputs = emptyScope();
  if (!importer.reimport) {
    const earlier = parts.store
      .artifactsAt(local ?? uri)
      .map(row => JSON.parse(row.record) as ImportedRecord)
      .filter(record => record.imported?.pipeline === parts.pipeline)
      .sort((a, b) => (b.imported?.at ?? 0) - (a.imported?.at ?? 0))
      .find(
        artifact =>
          jsonEqual({ ...artifact.type }, { ...importer.typeSchema }) &&
          jsonEqual({ ...artifact.metadata }, metadata)
      );
    if (earlier !== undefined) {
      const { imported: _imported, ...artifact } = earlier;
      outputs.artifacts[name] = [artifact];
      return { outputs, isNew: false };
    }
  }
  let place = local ?? uri;
  if (importer.downloadToWorkspace && local !== undefined) {
    const folder = join(parts.runDir, 'workspace', '.artifacts', node.taskId);
    await mkdir(folder, { recursive: true });
    place = join(folder, basename(local));
    await cp(local, place, { recursive: true });
  }
  outputs.artifacts[name] = [
    {
      artifactId: parts.newId(),
      name,
      type: { ...importer.typeSchema },
      uri: place,
      metadata
    }
  ];
  return { outputs, isNew: true };
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
