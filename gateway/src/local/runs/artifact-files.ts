/** Artifacts of tasks as bytes: files as they are, folders as tar.gz. */
import { createReadStream, existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';

import type { ArtifactInfo } from 'jupyterlab-kfp-model';
import { pack, type Pack } from 'tar-stream';

import type { Engine, StoredArtifact } from '../engine/contract.ts';
import { mediaTypeOf } from './media-type.ts';

/** The bytes of an artifact are not here: on another service, or gone. The message says which, for a person. */
export class ArtifactMissing extends Error {}

export interface OpenArtifact {
  readonly info: ArtifactInfo;
  readonly body: Readable;
}

export class ArtifactFiles {
  private readonly _engine: Engine;
  private readonly _dataDir: string;

  constructor(engine: Engine, dataDir: string) {
    this._engine = engine;
    this._dataDir = dataDir;
  }

  /** An artifact that a task of the run made or was given. */
  find(runId: string, artifactId: string): StoredArtifact | undefined {
    for (const task of this._engine.tasks(runId)) {
      for (const lists of [task.outputs.artifacts, task.inputs.artifacts]) {
        const found = Object.values(lists)
          .flat()
          .find(artifact => artifact.artifactId === artifactId);
        if (found !== undefined) {
          return found;
        }
      }
    }
    return undefined;
  }

  /** The first artifact that a task wrote to this output. */
  findOutput(
    runId: string,
    node: string,
    output: string
  ): StoredArtifact | undefined {
    const task = this._engine
      .tasks(runId)
      .find(
        one =>
          one.taskId === node ||
          one.attempts.some(
            attempt => attempt.attemptId === node || attempt.podName === node
          )
      );
    const artifacts = task?.outputs.artifacts ?? {};
    return Object.hasOwn(artifacts, output)
      ? artifacts[output]?.[0]
      : undefined;
  }

  /** What is known without reading it. Throws `ArtifactMissing`. */
  async describe(artifact: StoredArtifact): Promise<ArtifactInfo> {
    return (await this._locate(artifact)).info;
  }

  /** Open it. Throws `ArtifactMissing`. */
  async open(artifact: StoredArtifact): Promise<OpenArtifact> {
    const { info, path } = await this._locate(artifact);
    return {
      info,
      body: info.is_folder ? folderArchive(path) : createReadStream(path)
    };
  }

  private async _locate(
    artifact: StoredArtifact
  ): Promise<{ info: ArtifactInfo; path: string }> {
    const path = this._path(artifact);
    let size: number;
    let isFolder: boolean;
    try {
      const found = await lstat(path);
      isFolder = found.isDirectory();
      size = found.size;
    } catch {
      throw new ArtifactMissing(whyMissing(artifact, path));
    }
    return {
      path,
      info: {
        artifact_id: artifact.artifactId,
        name: artifact.name,
        type: artifact.type.schemaTitle ?? 'system.Artifact',
        uri: artifact.uri,
        media_type: isFolder
          ? 'application/gzip'
          : await mediaType(artifact, path),
        ...(isFolder ? {} : { size }),
        is_folder: isFolder,
        metadata: JSON.stringify(artifact.metadata)
      }
    };
  }

  private _path(artifact: StoredArtifact): string {
    const place = artifact.customPath ?? artifact.uri;
    if (place.startsWith('file://')) {
      return fileURLToPath(place);
    }
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) {
      throw new ArtifactMissing(
        `The artifact ${artifact.name} is at ${place}; the local service has no copy.`
      );
    }
    return isAbsolute(place) ? place : join(this._dataDir, place);
  }
}

/** Deleted, or never written: its folder, which is made for every output, tells one from the other. */
function whyMissing(
  { name, type, uri, metadata }: StoredArtifact,
  path: string
): string {
  if (!existsSync(dirname(path))) {
    return `The artifact ${name} is not at ${uri} any more.`;
  }
  const { schemaTitle = '' } = type;
  return /Metrics$/.test(schemaTitle) && Object.keys(metadata).length > 0
    ? `The artifact ${name} has no file: ${schemaTitle.replace(/^system\./, '')} keep their values in the metadata.`
    : `The artifact ${name} has no file: nothing was written to ${uri}, or it was deleted.`;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  'system.HTML': 'text/html; charset=utf-8',
  'system.Markdown': 'text/markdown; charset=utf-8'
};

async function mediaType(
  artifact: StoredArtifact,
  path: string
): Promise<string> {
  const known = MEDIA_TYPES[artifact.type.schemaTitle ?? ''];
  if (known !== undefined) {
    return known;
  }
  try {
    return await mediaTypeOf(path);
  } catch {
    return 'application/octet-stream'; // gone or not readable: opening it says so
  }
}

/** A folder as tar.gz; links and special files are left out, so that nothing outside the folder is read. */
function folderArchive(folder: string): Readable {
  const archive = pack();
  const zipped = createGzip();
  pipeline(archive, zipped, () => undefined);
  void addFolder(archive, folder, basename(folder)).then(
    () => archive.finalize(),
    (error: unknown) =>
      archive.destroy(error instanceof Error ? error : undefined)
  );
  return zipped;
}

async function addFolder(
  archive: Pack,
  folder: string,
  name: string
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const inside = `${name}/${entry.name}`;
    if (entry.isDirectory()) {
      await addFolder(archive, path, inside);
    } else if (entry.isFile()) {
      await addFile(archive, path, inside);
    }
  }
}

async function addFile(
  archive: Pack,
  path: string,
  name: string
): Promise<void> {
  const { size, mtime } = await lstat(path);
  await new Promise<void>((resolve, reject) => {
    const entry = archive.entry({ name, size, mtime }, error =>
      error ? reject(error) : resolve()
    );
    // A file that grows meanwhile is cut at the size its header gives.
    if (size === 0) {
      entry.end(Buffer.alloc(0));
      return;
    }
    createReadStream(path, { end: size - 1 })
      .on('error', reject)
      .pipe(entry);
  });
}
