import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type {
  ClientFrame,
  ServerFrame,
  Subscription,
  SubscriptionViews
} from 'jupyterlab-kfp-model';

import type { GatewayClient } from './client';
import { Feed, type AnyFeed, type IFeedWire } from './feed';
import { HttpFallback } from './http-fallback';
import { LogFollower, type ILogAddress } from './log-stream';
import { isPicture } from './read-view';
import type { SocketState, WatchSocket } from './watch-socket';

/** A run ended that this user started or marked. */
export type RunNote = Extract<ServerFrame, { op: 'note' }>;

/**
 * All subscriptions of a page over one wire: the socket, or HTTP every 5 s where sockets are refused.
 *
 * #### Notes
 * After a reconnect every feed subscribes again with its epoch and sequence number and every log with its next byte.
 */
export class WatchHub implements IDisposable, IFeedWire {
  constructor(options: WatchHub.IOptions) {
    this._socket = options.socket;
    this._socket.stateChanged.connect(this._onState, this);
    this._socket.received.connect(this._onFrame, this);
    this._fallback = new HttpFallback({
      client: options.client,
      feeds: () => this._feeds.values(),
      logs: () => this._logs.values()
    });
  }

  /** Whether pictures are pushed. */
  get isLive(): boolean {
    return this._socket.state === 'open';
  }

  /** Emitted when a run ended that the user wants to hear of. */
  get noted(): ISignal<this, RunNote> {
    return this._noted;
  }

  /** Whether the hub was thrown away. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Make a feed; it subscribes when its first viewer opens it. */
  feed<K extends keyof SubscriptionViews>(
    subscription: Extract<Subscription, { kind: K }>
  ): Feed<K> {
    this._lastId += 1;
    return new Feed<K>({ id: this._lastId, subscription, wire: this });
  }

  /** Follow a log of a run that has a feed with a viewer. */
  followLog(feed: Feed<'run'>, address: ILogAddress): LogFollower {
    this._lastId += 1;
    const log = new LogFollower({
      id: this._lastId,
      feedId: feed.id,
      address,
      onDispose: follower => {
        this._logs.delete(follower.id);
        this._socket.send({ op: 'log.close', log: follower.id });
      }
    });
    this._logs.set(log.id, log);
    if (this.isLive) {
      this._openLog(log);
    } else {
      this._fallBack();
    }
    return log;
  }

  /** Connect again now. */
  retry(): void {
    this._socket.retry();
  }

  /** Close the wire for good. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._fallback.dispose();
      this._socket.dispose();
      this._feeds.clear();
      this._logs.clear();
      Signal.clearData(this);
    }
  }

  // IFeedWire

  subscribe(feed: AnyFeed): void {
    this._feeds.set(feed.id, feed);
    this._socket.start();
    if (this.isLive) {
      this._sendSub(feed);
    } else {
      this._fallBack();
    }
  }

  look(feed: AnyFeed): void {
    this._socket.send({
      op: 'vis',
      sub: feed.id,
      visible: feed.visible,
      detail: feed.detail
    });
  }

  refresh(feed: AnyFeed): void {
    if (this.isLive) {
      this._socket.send({ op: 'refresh', sub: feed.id });
    } else {
      this.retry();
      void this._fallback.ask(feed);
    }
  }

  release(feed: AnyFeed): void {
    this._feeds.delete(feed.id);
    this._socket.send({ op: 'unsub', sub: feed.id });
    feed.forgetPlace();
  }

  private _sendSub(feed: AnyFeed): void {
    const frame: ClientFrame = {
      op: 'sub',
      sub: feed.id,
      detail: feed.detail,
      visible: feed.visible,
      ...(feed.place ?? {}),
      ...feed.subscription
    };
    this._socket.send(frame);
  }

  private _openLog(log: LogFollower): void {
    if (log.end === null) {
      this._socket.send({
        op: 'log.open',
        log: log.id,
        sub: log.feedId,
        ...log.address,
        from: log.next ?? log.address.from
      });
    }
  }

  private _onState(_: WatchSocket, state: SocketState): void {
    if (state === 'open') {
      this._fallback.stop();
      this._feeds.forEach(feed => this._sendSub(feed));
      this._logs.forEach(log => this._openLog(log));
    } else if (state === 'refused') {
      this._fallBack();
    } else if (state === 'closed') {
      const since = new Date().toISOString();
      this._feeds.forEach(feed => feed.setLink({ state: 'offline', since }));
    }
  }

  private _onFrame(_: WatchSocket, frame: ServerFrame): void {
    if (frame.op === 'note') {
      this._noted.emit(frame);
      return;
    }
    if ('log' in frame && typeof frame.log === 'number') {
      this._logs.get(frame.log)?.take(frame);
      return;
    }
    if (!('sub' in frame) || frame.sub === undefined) {
      if (frame.op === 'err') {
        console.error(
          `The gateway refused a frame [${frame.code}]: ${frame.message}`
        );
      }
      return;
    }
    const feed = this._feeds.get(frame.sub);
    if (
      feed &&
      frame.op === 'snap' &&
      !isPicture(feed.subscription.kind, frame.view)
    ) {
      console.error('A picture came that is none of the gateway.');
      return;
    }
    if (feed && !feed.take(frame)) {
      feed.forgetPlace();
      this._socket.send({ op: 'unsub', sub: feed.id });
      this._sendSub(feed);
    }
  }

  private _fallBack(): void {
    if (this._socket.state === 'refused') {
      this._fallback.start();
    }
  }

  private readonly _socket: WatchSocket;
  private readonly _fallback: HttpFallback;
  private readonly _noted = new Signal<this, RunNote>(this);
  private readonly _feeds = new Map<number, AnyFeed>();
  private readonly _logs = new Map<number, LogFollower>();
  private _lastId = 0;
  private _isDisposed = false;
}

/** Options of the hub. */
export namespace WatchHub {
  export interface IOptions {
    readonly client: GatewayClient;
    readonly socket: WatchSocket;
  }
}
