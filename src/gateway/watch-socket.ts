import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';
import {
  WATCH_PROTOCOL,
  type ClientFrame,
  type ServerFrame
} from 'jupyterlab-kfp-model';

import { isPageSeen } from '../page-sight';
import { readFrame } from './read-frame';

/** Milliseconds without any frame after which a socket counts as dead: two heartbeats and some patience. */
const SILENCE = 35_000;
/** Refused upgrades in a row after which HTTP takes over. */
const REFUSALS = 3;

/** How the page hears of the gateway: by socket, not yet, or not by a socket. */
export type SocketState = 'idle' | 'connecting' | 'open' | 'closed' | 'refused';

/**
 * The one socket of a page. It comes back by itself, with a delay of 1 s doubling to 30 s, and at once when the network returns.
 *
 * #### Notes
 * It opens on the first `start()`, not before: a page without a pipeline makes no connection.
 */
export class WatchSocket implements IDisposable {
  constructor(options: WatchSocket.IOptions) {
    this._settings = options.serverSettings;
    this._version = options.version;
    this._poll = new Poll({
      name: 'jupyterlab-kfp:WatchSocket',
      auto: false,
      factory: () => this._connect(),
      frequency: { interval: 1000, backoff: true, max: 30_000 },
      standby: 'never'
    });
    this._silence = new Poll({
      name: 'jupyterlab-kfp:WatchSocket#silence',
      auto: false,
      factory: async () => this._checkSilence(),
      frequency: { interval: 5000, backoff: false },
      standby: 'never'
    });
    window.addEventListener('online', this._onWake);
    window.addEventListener('focus', this._onWake);
    // first of all on the way out and last of all on the way in, so that the gateway sends nothing for what views say in between
    document.addEventListener('visibilitychange', this._onHide, true);
    window.addEventListener('visibilitychange', this._onSight);
  }

  /** Where the socket stands. */
  get state(): SocketState {
    return this._state;
  }

  /** Emitted when the state changes; `open` comes after the greeting was sent. */
  get stateChanged(): ISignal<this, SocketState> {
    return this._stateChanged;
  }

  /** Emitted for every frame but the heartbeat. */
  get received(): ISignal<this, ServerFrame> {
    return this._received;
  }

  /** Whether the socket was thrown away. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Open the socket, if it is not open or opening. */
  start(): void {
    if (this._state === 'idle' && !this._isDisposed) {
      this._setState('connecting');
      void this._poll.start();
    }
  }

  /** Try again now instead of after the delay. */
  retry(): void {
    if (
      !this._socket &&
      (this._state === 'closed' || this._state === 'refused')
    ) {
      void this._poll.refresh();
    }
  }

  /** Send a frame; without an open socket it is dropped, because every frame is said again after the next greeting. */
  send(frame: ClientFrame): void {
    if (this._socket && this._state === 'open') {
      this._socket.send(JSON.stringify(frame));
    }
  }

  /** Close for good. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.removeEventListener('online', this._onWake);
    window.removeEventListener('focus', this._onWake);
    document.removeEventListener('visibilitychange', this._onHide, true);
    window.removeEventListener('visibilitychange', this._onSight);
    this._poll.dispose();
    this._silence.dispose();
    this._socket?.close();
    this._socket = null;
    Signal.clearData(this);
  }

  private _connect(): Promise<void> {
    if (this._isDisposed || this._socket) {
      return Promise.resolve();
    }
    const server = this._settings;
    const auth =
      server.appendToken && server.token
        ? URLExt.objectToQueryString({ token: server.token })
        : '';
    const url =
      URLExt.join(server.wsUrl, 'jupyterlab-kfp', 'api', 'watch') + auth;
    const socket = new server.WebSocket(url, WATCH_PROTOCOL);
    this._socket = socket;
    return new Promise((resolve, reject) => {
      let opened = false;
      socket.onopen = () => {
        opened = true;
        this._refusals = 0;
        this._lastFrame = Date.now();
        const greeting: ClientFrame[] = [
          { op: 'hello', client: this._client, version: this._version }
        ];
        if (!isPageSeen()) {
          greeting.push({ op: 'page', visible: false });
        }
        greeting.forEach(frame => socket.send(JSON.stringify(frame)));
        this._setState('open');
      };
      socket.onmessage = (event: MessageEvent) => this._onMessage(event.data);
      socket.onclose = (event: CloseEvent) => {
        if (this._socket === socket) {
          this._socket = null;
        }
        if (opened) {
          this._setState('closed');
          resolve(); // it had opened, so the delay starts anew
        } else {
          this._refusals += 1;
          this._setState(this._refusals >= REFUSALS ? 'refused' : 'closed');
          reject(
            new Error(
              `The socket of jupyterlab-kfp was refused (${event.code}).`
            )
          );
        }
      };
    });
  }

  private _onMessage(data: unknown): void {
    this._lastFrame = Date.now();
    const frame = readFrame(data);
    if (!frame) {
      console.error('Something that is no frame of the gateway came.');
      return;
    }
    if (frame.op === 'ping') {
      this.send({ op: 'pong' });
      return;
    }
    this._received.emit(frame);
  }

  private _checkSilence(): void {
    if (this._state === 'open' && Date.now() - this._lastFrame > SILENCE) {
      this._socket?.close();
    }
  }

  private _setState(state: SocketState): void {
    if (this._state !== state && !this._isDisposed) {
      this._state = state;
      this._listenOrRest();
      this._stateChanged.emit(state);
    }
  }

  // a page that nobody sees has no timer for it: the silence is looked at when the reader returns
  private _listenOrRest(): void {
    if (this._state === 'open' && isPageSeen()) {
      void this._silence.start();
    } else {
      void this._silence.stop();
    }
  }

  private readonly _onWake = (): void => {
    this._checkSilence();
    this.retry();
  };

  private readonly _onHide = (): void => {
    if (!isPageSeen()) {
      this._listenOrRest();
      this.send({ op: 'page', visible: false });
    }
  };

  private readonly _onSight = (): void => {
    if (isPageSeen()) {
      this._listenOrRest();
      this._onWake();
      this.send({ op: 'page', visible: true });
    }
  };

  private readonly _settings: ServerConnection.ISettings;
  private readonly _version: string;
  private readonly _client = UUID.uuid4();
  private readonly _poll: Poll;
  private readonly _silence: Poll;
  private readonly _stateChanged = new Signal<this, SocketState>(this);
  private readonly _received = new Signal<this, ServerFrame>(this);
  private _socket: WebSocket | null = null;
  private _state: SocketState = 'idle';
  private _refusals = 0;
  private _lastFrame = 0;
  private _isDisposed = false;
}

/** Options of the socket. */
export namespace WatchSocket {
  export interface IOptions {
    /** The app's settings, never made anew. */
    readonly serverSettings: ServerConnection.ISettings;
    /** Version of the labextension, for the greeting. */
    readonly version: string;
  }
}
