/** Artifacts that are not on this machine. */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { TaskError } from './engine-error.ts';
import type { Scope } from './task-node.ts';

/** Where a file of the web is kept for the tasks of a run. */
export function fetchedPath(uri: string, runDir: string): string {
  const digest = createHash('sha256').update(uri).digest('hex').slice(0, 16);
  const name = basename(new URL(uri).pathname)
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, 80);
  return join(runDir, 'fetched', digest, name === '' ? 'artifact' : name);
}

export function isWeb(uri: string): boolean {
  return /^https?:\/\//.test(uri) && URL.canParse(uri);
}

/** Inputs with files of the web where a component can open them. */
export function withFetched(inputs: Scope, runDir: string): Scope {
  return {
    parameters: inputs.parameters,
    artifacts: Object.fromEntries(
      Object.entries(inputs.artifacts).map(([name, list]) => [
        name,
        list.map(artifact =>
          isWeb(artifact.uri)
            ? { ...artifact, uri: fetchedPath(artifact.uri, runDir) }
            : artifact
        )
      ])
    )
  };
}

/** Fetch what a task needs from the web, once per run. Throws `TaskError`. */
export async function fetchInputs(
  inputs: Scope,
  runDir: string
): Promise<void> {
  for (const [name, list] of Object.entries(inputs.artifacts)) {
    for (const { uri } of list) {
      if (isWeb(uri)) {
        await fetchOne(name, uri, fetchedPath(uri, runDir));
      }
    }
  }
}

async function fetchOne(
  name: string,
  uri: string,
  target: string
): Promise<void> {
  if (existsSync(target)) {
    return;
  }
  const part = `${target}.${randomUUID().slice(0, 8)}`;
  try {
    const answer = await fetch(uri);
    if (!answer.ok || answer.body === null) {
      throw new Error(`the server answered ${answer.status}`);
    }
    await mkdir(dirname(target), { recursive: true });
    await pipeline(
      Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]),
      createWriteStream(part)
    );
    await rename(part, target);
  } catch (cause) {
    await rm(part, { force: true });
    const reason =
      cause instanceof Error
        ? cause.cause instanceof Error
          ? cause.cause.message
          : cause.message
        : String(cause);
    throw new TaskError(
      `artifact "${name}" at ${uri} cannot be fetched: ${reason}`,
      'importer'
    );
  }
}
