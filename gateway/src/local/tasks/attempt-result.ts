/** What an ended attempt comes to: its exit record and its outputs, in a sentence a person understands. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';

import type { AttemptResult, AttemptSpec } from './contract.ts';
import { collectOutputs } from './outputs.ts';

interface ExitRecord {
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason: 'canceled' | 'deadline' | null;
  readonly finished_at: string;
  readonly disk_full?: boolean;
  readonly folder_lost?: boolean;
  readonly container_failed?: boolean;
  readonly out_of_memory?: boolean;
  /** Name of the init container that failed: the task itself did not begin. */
  readonly init?: string;
}

/** Below this many free bytes a failure is put down to the disk. */
const FULL = 16 * 1024 * 1024;

/** A failure without outputs. */
export function failed(
  code: string,
  message: string,
  finishedAt: string
): AttemptResult {
  return {
    outcome: 'failed',
    finishedAt,
    message,
    code,
    outputs: { parameters: {}, artifacts: {} }
  };
}

/** The result an attempt's folder holds; undefined while there is none. */
export async function storedResult(
  spec: AttemptSpec
): Promise<AttemptResult | undefined> {
  const exit = readExit(path.join(spec.folder, 'exit.json'));
  if (exit === undefined) {
    return undefined;
  }
  const finishedAt = exit.finished_at;
  if (exit.reason === 'canceled') {
    return { outcome: 'canceled', finishedAt };
  }
  const { outputs, warnings, error } = await collectOutputs(spec);
  if (exit.code === 0 && exit.reason === null && error === undefined) {
    return { outcome: 'succeeded', finishedAt, outputs, warnings };
  }
  const base = { outcome: 'failed', finishedAt, outputs } as const;
  if (exit.reason === 'deadline') {
    const message = `task exceeded its deadline of ${spec.deadlineSeconds ?? 0} s`;
    return { ...base, code: 'deadline', message };
  }
  const why = await circumstances(spec, exit);
  if (exit.code === 0) {
    return {
      ...base,
      exitCode: 0,
      code: 'output',
      message: `${error ?? ''}${why}`
    };
  }
  if (exit.init !== undefined) {
    const cause =
      exit.container_failed === true
        ? 'could not be started; the log says why'
        : `ended with exit code ${exit.code ?? 1}${why}`;
    return {
      ...base,
      exitCode: exit.code ?? 1,
      code: exit.container_failed === true ? 'start' : 'exit',
      message: `the init container "${exit.init}" ${cause}; the task itself did not begin`
    };
  }
  if (exit.container_failed === true) {
    const { image } = spec;
    const message = `the container of image ${image} could not be started${why}; the log says why`;
    return { ...base, exitCode: exit.code ?? 125, code: 'start', message };
  }
  return exit.signal === null
    ? {
        ...base,
        exitCode: exit.code ?? 1,
        code: 'exit',
        message: `the task ended with exit code ${exit.code}${why}`
      }
    : {
        ...base,
        signal: exit.signal,
        code: 'exit',
        message: `the task was ended by ${exit.signal}${why}`
      };
}

/** What became of an attempt whose supervisor ended with `trouble` as its last words. */
export async function endedResult(
  spec: AttemptSpec,
  canceled: boolean,
  trouble: string,
  now: string
): Promise<AttemptResult> {
  const result = await storedResult(spec);
  if (result !== undefined) {
    return result;
  }
  if (canceled) {
    // Stopped before it could write anything down.
    return { outcome: 'canceled', finishedAt: now };
  }
  const last = trouble.split('\n').at(-1) ?? '';
  return failed(
    'start',
    `the task's supervisor ended early${last === '' ? '' : `: ${last}`}`,
    now
  );
}

/** The result of an attempt that nobody watched to its end. */
export function interrupted(now: string): AttemptResult {
  return failed(
    'interrupted',
    'interrupted: the local service stopped while this task ran',
    now
  );
}

/** What explains a failure beside the exit code. */
async function circumstances(
  spec: AttemptSpec,
  exit: ExitRecord
): Promise<string> {
  if (exit.folder_lost === true) {
    return `: it deleted its own folder ${spec.folder}`;
  }
  if (exit.out_of_memory === true) {
    return ': the container ran out of memory';
  }
  const isFull =
    exit.disk_full === true || (await freeBytes(spec.folder)) < FULL;
  if (isFull) {
    return `: the disk is full, nothing is left in ${spec.folder}`;
  }
  return exit.signal === 'SIGKILL'
    ? ': something outside killed it, most often because memory ran out'
    : '';
}

/** Bytes that are free where a folder lies. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // not known: no reason to blame the disk
  }
}

function readExit(file: string): ExitRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ExitRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
