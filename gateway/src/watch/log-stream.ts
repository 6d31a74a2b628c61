/** One log that a page follows: sent by byte offsets, from where the page says to the end of the attempt. */
import {
  isFinalRunState,
  isFinalTaskState,
  MAX_SERVER_FRAME,
  type LogChunk,
  type LogStream,
  type RunKey,
  type ServerFrame
} from 'jupyterlab-kfp-model';

import type { RunSource } from '../upstream/source.ts';
import { backoff } from './cadence.ts';
import type { Wire } from './subscription.ts';
import { asProblem } from './link-of-problem.ts';

/** Bytes of log in one frame. */
const PIECE = 64 * 1024;
/** The same where JSON makes much more of them: a control character takes six bytes. */
const SMALL_PIECE = 8 * 1024;
/** Least time between two pieces once the page has all there is. Milliseconds. */
const PACE = 100;
/** Time between two looks at a log that does not grow; doubles to the longest. Milliseconds. */
const FIRST_LOOK = 1000;
const LONGEST_LOOK = 10_000;

/** What to follow, as the page asked. */
export type LogRequest = Readonly<{
  task_id: string;
  /** 0-based, -1 = newest. */
  attempt: number;
  stream: LogStream;
  /** Byte offset, negative = from the end. */
  from: number;
}>;

export class LogStreamer {
  readonly id: number;
  private readonly _run: RunKey;
  private readonly _request: LogRequest;
  private readonly _source: () => RunSource | undefined;
  private readonly _wire: Wire;
  private readonly _report: (error: unknown) => void;
  private readonly _onEnd: () => void;
  private _next: number;
  /** The attempt that is followed; a later one is another log. */
  private _attempt: number | undefined;
  private _listening: RunSource | undefined;
  private _unlisten: (() => void) | undefined;
  private _timer: NodeJS.Timeout | undefined;
  private _isReading = false;
  private _hasGrown = false;
  private _isPaused = false;
  private _isClosed = false;
  private _idleLooks = 0;
  private _failures = 0;

  constructor(parts: {
    readonly id: number;
    readonly run: RunKey;
    readonly request: LogRequest;
    readonly source: () => RunSource | undefined;
    readonly wire: Wire;
    readonly report: (error: unknown) => void;
    /** Called once when nothing more will be sent. */
    readonly onEnd: () => void;
  }) {
    this.id = parts.id;
    this._run = parts.run;
    this._request = parts.request;
    this._source = parts.source;
    this._wire = parts.wire;
    this._report = parts.report;
    this._onEnd = parts.onEnd;
    this._next = parts.request.from;
    if (parts.request.attempt >= 0) {
      this._attempt = parts.request.attempt;
    }
  }

  open(): void {
    void this._read();
  }

  close(): void {
    this._isClosed = true;
    clearTimeout(this._timer);
    this._unlisten?.();
    this._unlisten = undefined;
  }

  /** There is room on the wire again, or somebody sees the page. */
  drained(): void {
    if (this._isPaused) {
      this._isPaused = false;
      void this._read();
    }
  }

  private async _read(): Promise<void> {
    if (this._isReading || this._isClosed) {
      return;
    }
    clearTimeout(this._timer);
    this._isReading = true;
    this._hasGrown = false;
    let pause: number | undefined;
    try {
      pause = await this._readOn();
      this._failures = 0;
    } catch (error) {
      pause = await this._afterError(error);
    }
    this._isReading = false;
    if (!this._isClosed && pause !== undefined) {
      this._wait(this._hasGrown ? Math.min(pause, PACE) : pause);
    }
  }

  /** Send what there is. Returns milliseconds to the next look, or `undefined` when something else wakes the stream. */
  private async _readOn(): Promise<number | undefined> {
    const source = this._source();
    if (source === undefined) {
      this._end('gone');
      return undefined;
    }
    const attempt = await this._pinAttempt(source);
    if (attempt === undefined || this._isClosed) {
      return this._idle();
    }
    this._listen(source, attempt);
    for (;;) {
      if (this._wire.isCongested || !this._wire.isSeen) {
        this._isPaused = true;
        return undefined;
      }
      const chunk = await this._piece(source, attempt);
      if (this._isClosed) {
        return undefined;
      }
      const hasMoved = this._send(chunk);
      if (chunk.end) {
        this._end('finished');
        return undefined;
      }
      if (!hasMoved) {
        return this._idle();
      }
      this._idleLooks = 0;
      if (chunk.next >= chunk.size) {
        return this._idle();
      }
    }
  }

  /** "The newest" means the newest at the time of asking: byte offsets of one attempt say nothing about the next. */
  private async _pinAttempt(source: RunSource): Promise<number | undefined> {
    if (this._attempt !== undefined) {
      return this._attempt;
    }
    const view = await source.getRun(this._run.run_id, 'tasks');
    const task = view.tasks[this._request.task_id];
    const count = task?.attempts.length ?? 0;
    if (count > 0) {
      this._attempt = count - 1;
    } else if (
      task === undefined
        ? isFinalRunState(view.run.state)
        : isFinalTaskState(task.state)
    ) {
      this._end('gone');
    }
    return this._attempt;
  }

  private async _piece(source: RunSource, attempt: number): Promise<LogChunk> {
    const key = {
      runId: this._run.run_id,
      taskId: this._request.task_id,
      attempt,
      stream: this._request.stream,
      from: this._next
    };
    const chunk = await source.log({ ...key, limit: PIECE });
    const frame = JSON.stringify(this._frame(chunk));
    return Buffer.byteLength(frame) <= MAX_SERVER_FRAME
      ? chunk
      : source.log({ ...key, limit: SMALL_PIECE });
  }

  /** Returns whether the page has more than before. */
  private _send(chunk: LogChunk): boolean {
    if (this._next >= 0 && chunk.offset < this._next) {
      return false; // shorter than it was: nothing that the page has not seen
    }
    const hasMoved = chunk.next > chunk.offset;
    if (hasMoved) {
      this._wire.send(this._frame(chunk));
    }
    this._next = chunk.next;
    return hasMoved;
  }

  private _frame(chunk: LogChunk): ServerFrame {
    const lost = this._next < 0 ? 0 : chunk.offset - this._next;
    return {
      op: 'log',
      log: this.id,
      offset: chunk.offset,
      text: chunk.text,
      next: chunk.next,
      ...(lost > 0 ? { lost } : {})
    };
  }

  private async _afterError(error: unknown): Promise<number | undefined> {
    if (this._isClosed) {
      return undefined;
    }
    const problem = asProblem(error, this._report);
    switch (problem.code) {
      case 'not-found':
        if (await this._mayStillCome()) {
          return this._idle();
        }
        this._end('gone');
        return undefined;
      case 'auth-denied':
      case 'unsupported':
      case 'bad-param':
        this._wire.send({
          op: 'err',
          log: this.id,
          code: problem.code,
          message: problem.message
        });
        this._finish();
        return undefined;
      default:
        // The link state of the run tells the page why nothing comes.
        this._failures += 1;
        return backoff(this._failures);
    }
  }

  /** Whether a log that is not there yet can begin: its task has not ended. */
  private async _mayStillCome(): Promise<boolean> {
    const source = this._source();
    if (source === undefined) {
      return false;
    }
    try {
      const view = await source.getRun(this._run.run_id, 'tasks');
      const task = view.tasks[this._request.task_id];
      return task === undefined
        ? !isFinalRunState(view.run.state)
        : !isFinalTaskState(task.state);
    } catch (error) {
      return asProblem(error, this._report).code !== 'not-found';
    }
  }

  private _idle(): number {
    this._idleLooks += 1;
    return Math.min(LONGEST_LOOK, FIRST_LOOK * 2 ** (this._idleLooks - 1));
  }

  private _wait(pause: number): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this._read(), pause);
  }

  private _listen(source: RunSource, attempt: number): void {
    if (this._listening === source) {
      return;
    }
    this._unlisten?.();
    this._listening = source;
    this._unlisten = source.onLog?.(
      {
        runId: this._run.run_id,
        taskId: this._request.task_id,
        attempt
      },
      () => {
        if (this._hasGrown || this._isClosed || this._isPaused) {
          return;
        }
        this._hasGrown = true;
        this._idleLooks = 0;
        if (!this._isReading) {
          this._wait(PACE);
        }
      }
    );
  }

  private _end(reason: 'finished' | 'gone'): void {
    this._wire.send({
      op: 'log.end',
      log: this.id,
      offset: Math.max(0, this._next),
      reason
    });
    this._finish();
  }

  private _finish(): void {
    this.close();
    this._onEnd();
  }
}
