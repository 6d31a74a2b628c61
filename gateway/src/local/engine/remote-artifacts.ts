/** Artifacts that are not on this machine. */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { artifactPath } from './artifact-path.ts';
import { TaskError } from './engine-error.ts';
import { isModel } from './models.ts';
import { needsFile } from './needs-file.ts';
import type { Scope, TaskNode } from './task-node.ts';

/** Bytes of one file of the web that are fetched at most. */
const MOST = 16 * 1024 ** 3;
/** Free bytes that a fetched file leaves. */
const RESERVE = 1e9;

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

/** Why the file of an artifact cannot be opened here, and what helps; `undefined` when it is here or can be fetched. */
export function remoteReason(name: string, uri: string): string | undefined {
  const isElsewhere =
    /^[a-z0-9+.-]+:\/\//i.test(uri) &&
    !/^file:/i.test(uri) &&
    !isWeb(uri) &&
    !isModel(uri) &&
    // People mount buckets where KFP's runtime looks for them.
    !existsSync(artifactPath(uri));
  return isElsewhere
    ? `artifact "${name}" is at ${uri}; no credentials here. Copy it to this machine and import that path, or import an http(s) address`
    : undefined;
}

/** Fetch what a task needs from the web, once per run. Throws `TaskError`, also for a file that cannot be had here. */
export async function fetchInputs(
  node: TaskNode,
  runDir: string,
  most = MOST
): Promise<void> {
  const all = Object.entries(node.inputs.artifacts).flatMap(([name, list]) =>
    list.map(({ uri }) => ({ name, uri }))
  );
  for (const { name, uri } of all) {
    const reason = remoteReason(name, uri);
    if (reason !== undefined && needsFile(node, name)) {
      throw new TaskError(reason, 'importer');
    }
  }
  for (const { name, uri } of all) {
    if (isWeb(uri)) {
      await fetchOne(name, uri, fetchedPath(uri, runDir), most);
    }
  }
}

/** Tasks of a run that want the same file at once share one transfer. */
const underWay = new Map<string, Promise<void>>();

async function fetchOne(
  name: string,
  uri: string,
  target: string,
  most: number
): Promise<void> {
  if (existsSync(target)) {
    return;
  }
  let transfer = underWay.get(target);
  if (transfer === undefined) {
    transfer = download(uri, target, most).finally(() =>
      underWay.delete(target)
    );
    underWay.set(target, transfer);
  }
  try {
    await transfer;
  } catch (cause) {
    throw new TaskError(
      `artifact "${name}" at ${withoutPassword(uri)} cannot be fetched: ${reasonOf(cause)}`,
      'importer'
    );
  }
}

async function download(
  uri: string,
  target: string,
  most: number
): Promise<void> {
  const { username, password } = new URL(uri);
  if (username !== '' || password !== '') {
    throw new Error(
      'an address with a password in it is not used; fetch it in a component, with a secret'
    );
  }
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.${randomUUID().slice(0, 8)}`;
  const stop = new AbortController();
  try {
    const answer = await fetch(uri, { signal: stop.signal });
    if (!answer.ok || answer.body === null) {
      throw new Error(`the server answered ${answer.status}`);
    }
    const { bavail, bsize } = await statfs(dirname(target));
    const room = Math.min(most, bavail * bsize - RESERVE);
    const check = (bytes: number): void => {
      if (bytes > room) {
        throw new Error(
          room === most
            ? `it has more than ${size(most)}, the limit for one file`
            : `it does not fit on the disk, where ${size(room)} can be used`
        );
      }
    };
    check(Number(answer.headers.get('content-length') ?? 0));
    await pipeline(
      Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        let bytes = 0;
        for await (const chunk of chunks) {
          bytes += chunk.length;
          check(bytes);
          yield chunk;
        }
      },
      createWriteStream(part)
    );
    await rename(part, target);
  } catch (cause) {
    stop.abort();
    await rm(part, { force: true });
    throw cause;
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}

function withoutPassword(uri: string): string {
  return uri.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}

function size(bytes: number): string {
  return bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : `${Math.max(0, bytes / 1e6).toFixed(1)} MB`;
}
