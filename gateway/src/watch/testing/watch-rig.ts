/** A gateway that only has the watch socket, on a port of its own, and pages that speak with it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { WATCH_PROTOCOL, type ServerFrame } from 'jupyterlab-kfp-model';
import { WebSocket } from 'ws';

import type { RunSource } from '../../upstream/source.ts';
import watchPlugin, { handleProtocols } from '../plugin.ts';
import type { WatchSources } from '../sources.ts';
import { ScriptedSource } from './scripted-source.ts';

type Op = ServerFrame['op'];
type FrameOf<O extends Op> = Extract<ServerFrame, { op: O }>;

export class WatchRig {
  readonly backend = new ScriptedSource();
  readonly errors: unknown[] = [];
  private readonly _app: FastifyInstance;
  private readonly _pages: Page[] = [];
  private _source: RunSource | undefined;
  private readonly _changed = new Set<() => void>();

  private constructor(push: boolean) {
    this._source = this.backend.source(push);
    this._app = Fastify();
  }

  static async open(push = true): Promise<WatchRig> {
    const rig = new WatchRig(push);
    await rig._app.register(websocket, { options: { handleProtocols } });
    await rig._app.register(watchPlugin, {
      version: '1.2.3',
      sources: rig._sources()
    });
    await rig._app.listen({ port: 0, host: '127.0.0.1' });
    return rig;
  }

  get url(): string {
    // The server listens on TCP, see above.
    const { port } = this._app.server.address() as AddressInfo;
    return `ws://127.0.0.1:${port}/watch`;
  }

  /** Put another backend behind the connection; `undefined` takes it away. */
  connect(source: RunSource | undefined): void {
    this._source = source;
    for (const listener of [...this._changed]) {
      listener();
    }
  }

  /** A page that has been greeted. */
  async page(): Promise<Page> {
    const page = await Page.open(this.url);
    this._pages.push(page);
    page.send({ op: 'hello', client: 'c', version: '1' });
    await page.next('welcome');
    return page;
  }

  async close(): Promise<void> {
    for (const page of this._pages) {
      page.end();
    }
    await this._app.close();
  }

  private _sources(): WatchSources {
    return {
      source: name => (name === 'local' ? this._source : undefined),
      connections: () => [],
      onConnections: listener => {
        this._changed.add(listener);
        return () => this._changed.delete(listener);
      },
      local: async () => ({ state: 'running', active_runs: 0, data_dir: '/d' }),
      onLocal: () => () => undefined
    };
  }
}

/** The other end of a socket. Every frame is kept until a test takes it. */
export class Page {
  readonly frames: ServerFrame[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  private readonly _socket: WebSocket;
  private _wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this._socket = socket;
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as ServerFrame;
      this.frames.push(frame);
      this._wake();
    });
    socket.on('close', (code: number, reason: Buffer) => {
      this.closed = { code, reason: reason.toString() };
      this._wake();
    });
    socket.on('error', () => undefined); // a refused socket also closes
  }

  static async open(
    url: string,
    protocol: string | undefined = WATCH_PROTOCOL
  ): Promise<Page> {
    const socket = new WebSocket(url, protocol);
    const page = new Page(socket);
    await once(socket, 'open');
    return page;
  }

  send(frame: object | string | Buffer): void {
    this._socket.send(
      typeof frame === 'string' || Buffer.isBuffer(frame)
        ? frame
        : JSON.stringify(frame)
    );
  }

  /** Take the next frame of this kind; the ones before it are dropped. */
  async next<O extends Op>(op: O, timeout = 5000): Promise<FrameOf<O>> {
    return this.until(
      (frame): frame is FrameOf<O> => frame.op === op,
      `a frame ${op}`,
      timeout
    );
  }

  async until<F extends ServerFrame>(
    wanted: (frame: ServerFrame) => frame is F,
    what: string,
    timeout = 5000
  ): Promise<F> {
    const end = Date.now() + timeout;
    for (;;) {
      for (;;) {
        const frame = this.frames.shift();
        if (frame === undefined) {
          break;
        }
        if (wanted(frame)) {
          return frame;
        }
      }
      const left = end - Date.now();
      if (left <= 0 || this.closed !== undefined) {
        throw new Error(
          `No ${what} came${this.closed === undefined ? '' : `; closed ${this.closed.code}`}.`
        );
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this._wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Stop to read, as a page that is suspended. */
  pause(): void {
    this._socket.pause();
  }

  resume(): void {
    this._socket.resume();
  }

  end(): void {
    this._socket.terminate();
  }
}
