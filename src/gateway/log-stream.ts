import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { LogStream as LogName, ServerFrame } from 'jupyterlab-kfp-model';

/** Where a log is read: which attempt of which task, and from which byte. */
export interface ILogAddress {
  readonly task_id: string;
  /** 0-based; -1 is the newest. */
  readonly attempt: number;
  readonly stream: LogName;
  /** Byte offset; negative = bytes from the end. */
  readonly from: number;
}

/** A piece of a log. */
export interface ILogPiece {
  /** Byte offset of the first byte. */
  readonly offset: number;
  readonly text: string;
  /** Bytes that were skipped before this piece; 0 when none. */
  readonly lost: number;
}

/** Why a log ended: its writer did, it is not there any more, or it reached its limit. */
export type LogEnd = 'finished' | 'gone' | 'limit';

/**
 * A log that is followed by byte offsets. Pieces come in order, none twice; a gap is told as `lost`.
 */
export class LogFollower implements IDisposable {
  constructor(options: LogFollower.IOptions) {
    this.id = options.id;
    this.feedId = options.feedId;
    this.address = options.address;
    this._onDispose = options.onDispose;
  }

  /** Number of the log in the page. */
  readonly id: number;
  /** Number of the subscription of its run. */
  readonly feedId: number;
  /** What was asked for. */
  readonly address: ILogAddress;

  /** Byte offset to go on at; undefined until the first piece came. */
  get next(): number | undefined {
    return this._next;
  }

  /** How the log ended; null while it goes on. */
  get end(): LogEnd | null {
    return this._end;
  }

  /** The error that ended the following; empty when there is none. */
  get error(): string {
    return this._error;
  }

  /** Emitted for every piece. */
  get received(): ISignal<this, ILogPiece> {
    return this._received;
  }

  /** Emitted once, when nothing more will come. */
  get ended(): ISignal<this, void> {
    return this._ended;
  }

  /** Whether nobody follows any more. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Take a frame of the socket. */
  take(frame: ServerFrame): void {
    if (frame.op === 'log') {
      this.append(frame.offset, frame.text, frame.next, frame.lost ?? 0);
    } else if (frame.op === 'log.end') {
      this.finish(frame.reason);
    } else if (frame.op === 'err') {
      this._error = frame.message;
      this.finish('gone');
    }
  }

  /**
   * Take a piece that starts at a byte offset.
   *
   * #### Notes
   * A piece that was shown already is dropped; a gap is reported with its size.
   */
  append(offset: number, text: string, next: number, lost: number): void {
    if (
      this._isDisposed ||
      (this._next !== undefined && next <= this._next && text !== '')
    ) {
      return;
    }
    const gap =
      this._next !== undefined && offset > this._next ? offset - this._next : 0;
    this._next = next;
    if (text || lost || gap) {
      this._received.emit({ offset, text, lost: Math.max(lost, gap) });
    }
  }

  /** Say that nothing more will come. */
  finish(end: LogEnd): void {
    if (this._end === null && !this._isDisposed) {
      this._end = end;
      this._ended.emit();
    }
  }

  /** Stop to follow. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._onDispose(this);
      Signal.clearData(this);
    }
  }

  private readonly _onDispose: (log: LogFollower) => void;
  private readonly _received = new Signal<this, ILogPiece>(this);
  private readonly _ended = new Signal<this, void>(this);
  private _next: number | undefined;
  private _end: LogEnd | null = null;
  private _error = '';
  private _isDisposed = false;
}

/** Options of a follower. */
export namespace LogFollower {
  export interface IOptions {
    readonly id: number;
    readonly feedId: number;
    readonly address: ILogAddress;
    readonly onDispose: (log: LogFollower) => void;
  }
}
