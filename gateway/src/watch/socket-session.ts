/** One socket of a page: its subscriptions, its logs, its heartbeat. */
import type { WebSocket } from 'ws';

import type {
  ClientFrame,
  RunKey,
  ServerFrame,
  Subscription
} from 'jupyterlab-kfp-model';

import { parseFrame } from './frames.ts';
import { LogStreamer } from './log-stream.ts';
import type { WatchSources } from './sources.ts';
import { LiveSubscription, type Wire } from './subscription.ts';
import type { WatcherPool } from './watcher-pool.ts';

/** Seconds between two pings. */
export const HEARTBEAT = 15;
/** Milliseconds without a frame after which the page counts as gone. */
const SILENCE = 35_000;
/** Bytes waiting to be sent above which nothing is added. */
const MAX_BUFFERED = 1024 * 1024;
const MAX_SUBSCRIPTIONS = 500;
const MAX_LOGS = 50;

/** What a session needs from the plugin. */
export interface SessionParts {
  readonly socket: WebSocket;
  readonly pool: WatcherPool;
  readonly sources: WatchSources;
  /** Version of the gateway, for the greeting. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

export class SocketSession implements Wire {
  private readonly _parts: SessionParts;
  private readonly _subscriptions = new Map<number, LiveSubscription>();
  /** Runs of subscriptions by their number. Kept apart: a log outlives the moment between `unsub` and the next `sub`. */
  private readonly _runs = new Map<number, RunKey>();
  private readonly _logs = new Map<number, LogStreamer>();
  private readonly _heartbeat: NodeJS.Timeout;
  private _silence: NodeJS.Timeout | undefined;
  private _isGreeted = false;
  private _isSeen = true;
  private _hasWaiting = false;
  private _isClosed = false;

  constructor(parts: SessionParts) {
    this._parts = parts;
    const { socket } = parts;
    socket.on('message', (data: Buffer | ArrayBuffer | Buffer[], isBinary) =>
      this._onMessage(data, isBinary)
    );
    socket.once('close', () => this._dispose());
    this._heartbeat = setInterval(
      () => this.send({ op: 'ping' }),
      HEARTBEAT * 1000
    );
    this._heard();
  }

  get isSeen(): boolean {
    return this._isSeen;
  }

  get isCongested(): boolean {
    if (this._parts.socket.bufferedAmount <= MAX_BUFFERED) {
      return false;
    }
    this._hasWaiting = true;
    return true;
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    const { socket } = this._parts;
    if (!this._isClosed && socket.readyState === socket.OPEN) {
      // A failed write closes the socket, and its close ends the session.
      socket.send(text, () => this._onWritten());
    }
  }

  /** End the session from this side. */
  close(code: number, reason: string): void {
    this._dispose();
    this._parts.socket.close(code, reason);
  }

  private _onMessage(
    data: Buffer | ArrayBuffer | Buffer[],
    isBinary: boolean
  ): void {
    this._heard();
    if (isBinary || !Buffer.isBuffer(data)) {
      this._refuse({ code: 'bad-frame', message: 'Frames are JSON text.' });
      return;
    }
    const parsed = parseFrame(data.toString('utf8'), data.length);
    if (!parsed.ok) {
      this._refuse(parsed);
    } else if (!this._isGreeted && parsed.frame.op !== 'hello') {
      this._refuse({
        code: 'bad-frame',
        message: 'The first frame of a socket is hello.'
      });
    } else {
      this._take(parsed.frame);
    }
  }

  private _take(frame: ClientFrame): void {
    switch (frame.op) {
      case 'hello':
        this._isGreeted = true;
        this.send({
          op: 'welcome',
          version: this._parts.version,
          heartbeat_s: HEARTBEAT
        });
        return;
      case 'sub':
        this._subscribe(frame);
        return;
      case 'vis':
        this._with(frame.sub, live => live.look(frame.visible, frame.detail));
        return;
      case 'page':
        this._look(frame.visible);
        return;
      case 'refresh':
        this._with(frame.sub, live => live.refresh());
        return;
      case 'unsub':
        this._subscriptions.get(frame.sub)?.close();
        this._subscriptions.delete(frame.sub);
        return;
      case 'log.open':
        this._openLog(frame);
        return;
      case 'log.close':
        this._logs.get(frame.log)?.close();
        this._logs.delete(frame.log);
        return;
      case 'pong':
        return;
    }
  }

  private _subscribe(frame: Extract<ClientFrame, { op: 'sub' }>): void {
    const { sub, epoch, seq } = frame;
    this._subscriptions.get(sub)?.close();
    this._subscriptions.delete(sub);
    this._runs.delete(sub);
    if (this._subscriptions.size >= MAX_SUBSCRIPTIONS) {
      this._refuse({
        sub,
        code: 'limit',
        message: `A page may have ${MAX_SUBSCRIPTIONS} subscriptions.`
      });
      return;
    }
    const subscription: Subscription = frame;
    const live = new LiveSubscription({
      id: sub,
      watcher: this._parts.pool.watcher(subscription),
      wire: this,
      now: this._parts.now,
      visible: frame.visible ?? true,
      detail: frame.detail ?? 'header',
      ...(epoch === undefined || seq === undefined
        ? {}
        : { place: { epoch, seq } })
    });
    this._subscriptions.set(sub, live);
    if (subscription.kind === 'run') {
      this._runs.set(sub, subscription.ref);
    }
    live.open();
  }

  /** The page came into sight, or went out of it. */
  private _look(isSeen: boolean): void {
    this._isSeen = isSeen;
    for (const live of [...this._subscriptions.values()]) {
      live.pageLooked();
    }
    if (isSeen) {
      for (const log of [...this._logs.values()]) {
        log.drained();
      }
    }
  }

  private _with(sub: number, act: (live: LiveSubscription) => void): void {
    const live = this._subscriptions.get(sub);
    if (live === undefined) {
      this._refuse({
        sub,
        code: 'bad-frame',
        message: 'There is no subscription with this number.'
      });
    } else {
      act(live);
    }
  }

  private _openLog(frame: Extract<ClientFrame, { op: 'log.open' }>): void {
    const { log, sub } = frame;
    this._logs.get(log)?.close();
    this._logs.delete(log);
    const run = this._runs.get(sub);
    if (run === undefined) {
      this._refuse({
        log,
        code: 'bad-frame',
        message: 'A log needs the subscription of its run.'
      });
      return;
    }
    if (this._logs.size >= MAX_LOGS) {
      this._refuse({
        log,
        code: 'limit',
        message: `A page may follow ${MAX_LOGS} logs.`
      });
      return;
    }
    const streamer = new LogStreamer({
      id: log,
      run,
      request: frame,
      source: () => this._parts.sources.source(run.connection),
      wire: this,
      report: this._parts.report,
      onEnd: () => this._logs.delete(log)
    });
    this._logs.set(log, streamer);
    streamer.open();
  }

  private _refuse(refusal: {
    readonly code: string;
    readonly message: string;
    readonly sub?: number;
    readonly log?: number;
  }): void {
    const { code, message, sub, log } = refusal;
    this.send({
      op: 'err',
      ...(sub === undefined ? {} : { sub }),
      ...(log === undefined ? {} : { log }),
      code,
      message
    });
  }

  /** Go on where something was held back, once half of the allowance is free. */
  private _onWritten(): void {
    if (
      !this._hasWaiting ||
      this._isClosed ||
      this._parts.socket.bufferedAmount > MAX_BUFFERED / 2
    ) {
      return;
    }
    this._hasWaiting = false;
    for (const live of [...this._subscriptions.values()]) {
      live.drained();
    }
    for (const log of [...this._logs.values()]) {
      log.drained();
    }
  }

  private _heard(): void {
    clearTimeout(this._silence);
    if (!this._isClosed) {
      this._silence = setTimeout(() => this._parts.socket.terminate(), SILENCE);
    }
  }

  private _dispose(): void {
    this._isClosed = true;
    clearInterval(this._heartbeat);
    clearTimeout(this._silence);
    for (const live of this._subscriptions.values()) {
      live.close();
    }
    for (const log of this._logs.values()) {
      log.close();
    }
    this._subscriptions.clear();
    this._logs.clear();
    this._runs.clear();
  }
}
