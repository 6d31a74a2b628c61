/** Logs of attempts: files that grow, read by byte offsets. */
import { open, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { LogChunk, LogTime } from 'jupyterlab-kfp-model';

import { bytesToLineStart } from '../../upstream/line-start.ts';
import { wholeCharacters } from '../../upstream/whole-characters.ts';
import type { AttemptRecord, Engine, TaskRecord } from '../engine/contract.ts';
import { timesIn } from './log-times.ts';

/** Bytes per read. */
const PIECE = 256 * 1024;
/** Milliseconds between looks at a growing file. */
const FOLLOW_PAUSE = 200;

/** An attempt found by the name of its task, attempt or pod. */
export interface FoundAttempt {
  readonly task: TaskRecord;
  readonly attempt: AttemptRecord;
}

export class LogFiles {
  private readonly _engine: Engine;
  private readonly _dataDir: string;

  constructor(engine: Engine, dataDir: string) {
    this._engine = engine;
    this._dataDir = dataDir;
  }

  /** `node` is a task id (its newest attempt), an attempt id or a pod name. */
  find(runId: string, node: string): FoundAttempt | undefined {
    for (const task of this._engine.tasks(runId)) {
      if (task.taskId === node && task.cachedFrom !== undefined) {
        return this._source(task);
      }
      const attempt =
        task.taskId === node
          ? task.attempts.at(-1)
          : task.attempts.find(
              one => one.attemptId === node || one.podName === node
            );
      if (attempt !== undefined) {
        return { task, attempt };
      }
    }
    return undefined;
  }

  /** A cached task wrote nothing: its log is that of the task whose results it took over, while that is there. */
  private _source(task: TaskRecord): FoundAttempt | undefined {
    const source = this._engine.task(task.cachedFrom?.taskId ?? '');
    const attempt = source?.attempts.at(-1);
    return source === undefined || attempt === undefined
      ? undefined
      : { task: source, attempt };
  }

  /** Absolute path of an attempt's log. */
  path(attempt: AttemptRecord): string {
    return isAbsolute(attempt.folder)
      ? join(attempt.folder, 'log')
      : join(this._dataDir, attempt.folder, 'log');
  }

  /**
   * Part of a log. `attempt` is 0-based, -1 = newest; `from` is a byte offset, negative = at most so many from the end, beginning
   * with a whole line. A log that has not begun is empty. `undefined` when there is no such task or attempt.
   */
  async read(key: {
    readonly taskId: string;
    readonly attempt: number;
    readonly from: number;
    readonly limit: number;
  }): Promise<LogChunk | undefined> {
    const attempt = this._attempt(key);
    if (attempt === undefined) {
      return undefined;
    }
    const final = isFinal(attempt);
    const part = await readPart(
      this.path(attempt),
      key.from,
      Math.min(key.limit, PIECE)
    );
    const skipped =
      key.from < 0 && part.offset > 0 ? bytesToLineStart(part.bytes) : 0;
    const bytes = part.bytes.subarray(skipped);
    const offset = part.offset + skipped;
    const { size } = part;
    const length = wholeCharacters(
      bytes,
      final && offset + bytes.length === size
    );
    const next = offset + length;
    return {
      offset,
      text: bytes.subarray(0, length).toString('utf8'),
      next,
      size,
      end: final && next >= size
    };
  }

  /** All of a log as it was written, also what is no text. `undefined` when there is no such task or attempt. */
  bytes(key: {
    readonly taskId: string;
    readonly attempt: number;
  }): Readable | undefined {
    const attempt = this._attempt(key);
    return attempt && Readable.from(allOf(this.path(attempt)));
  }

  /** When which part of a log was written; empty for one whose times were not noted. */
  async times(key: {
    readonly taskId: string;
    readonly attempt: number;
  }): Promise<readonly LogTime[] | undefined> {
    const attempt = this._attempt(key);
    if (attempt === undefined) {
      return undefined;
    }
    try {
      return timesIn(await readFile(`${this.path(attempt)}_times`, 'utf8'));
    } catch (error) {
      if (isMissing(error)) {
        return [];
      }
      throw error;
    }
  }

  private _attempt(key: {
    readonly taskId: string;
    readonly attempt: number;
  }): AttemptRecord | undefined {
    const task = this._engine.task(key.taskId);
    return task?.cachedFrom === undefined
      ? task?.attempts.at(key.attempt)
      : this._source(task)?.attempt;
  }

  /** All of a log as bytes; with `follow` until the attempt has ended. */
  async *stream(
    found: FoundAttempt,
    follow: boolean,
    signal?: AbortSignal
  ): AsyncGenerator<Buffer> {
    const path = this.path(found.attempt);
    for (let offset = 0; signal?.aborted !== true;) {
      // Asked before reading: what an ended attempt wrote is in the file by now.
      const now = this._engine
        .task(found.task.taskId)
        ?.attempts.find(one => one.attemptId === found.attempt.attemptId);
      const ended = now === undefined || isFinal(now);
      const { bytes } = await readPart(path, offset, PIECE);
      if (bytes.length > 0) {
        offset += bytes.length;
        yield bytes;
      } else if (!follow || ended) {
        return;
      } else {
        await sleep(FOLLOW_PAUSE);
      }
    }
  }
}

async function* allOf(path: string): AsyncGenerator<Buffer> {
  for (let offset = 0; ;) {
    const { bytes } = await readPart(path, offset, PIECE);
    if (bytes.length === 0) {
      return;
    }
    offset += bytes.length;
    yield bytes;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isFinal(attempt: AttemptRecord): boolean {
  return attempt.state !== 'STARTING' && attempt.state !== 'RUNNING';
}

async function readPart(
  path: string,
  from: number,
  limit: number
): Promise<{ bytes: Buffer; offset: number; size: number }> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) {
      return { bytes: Buffer.alloc(0), offset: 0, size: 0 };
    }
    throw error;
  }
  try {
    const { size } = await file.stat();
    const offset = from < 0 ? Math.max(0, size + from) : Math.min(from, size);
    const bytes = Buffer.alloc(Math.max(0, Math.min(limit, size - offset)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return { bytes: bytes.subarray(0, bytesRead), offset, size };
  } finally {
    await file.close();
  }
}
