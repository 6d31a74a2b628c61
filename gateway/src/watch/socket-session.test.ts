import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it, type TestContext } from 'node:test';

import type { ServerFrame } from 'jupyterlab-kfp-model';
import type { WebSocket } from 'ws';

import { SocketSession } from './socket-session.ts';
import type { WatchSources } from './sources.ts';
import { WatcherPool } from './watcher-pool.ts';

class Socket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: ServerFrame[] = [];
  isTerminated = false;

  send(text: string, written?: () => void): void {
    this.sent.push(JSON.parse(text) as ServerFrame);
    written?.();
  }

  terminate(): void {
    this.isTerminated = true;
    this.emit('close');
  }

  say(frame: object): void {
    this.emit('message', Buffer.from(JSON.stringify(frame)), false);
  }
}

function open(t: TestContext): Socket {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const sources: WatchSources = {
    source: () => undefined,
    connections: () => [],
    onConnections: () => () => undefined,
    local: async () => ({ state: 'running', active_runs: 0, data_dir: '' }),
    onLocal: () => () => undefined
  };
  const surroundings = { now: () => 0, report: assert.ifError };
  const socket = new Socket();
  new SocketSession({
    socket: socket as unknown as WebSocket, // the part of it that a session uses
    pool: new WatcherPool(sources, surroundings),
    sources,
    version: '1',
    ...surroundings
  });
  return socket;
}

describe('a session', () => {
  it('asks every 15 s for a sign of life and ends after 35 s of silence', t => {
    const socket = open(t);
    t.mock.timers.tick(30_000);
    assert.deepEqual(
      socket.sent.map(({ op }) => op),
      ['ping', 'ping']
    );
    socket.say({ op: 'pong' });
    t.mock.timers.tick(34_999);
    assert.equal(socket.isTerminated, false);
    t.mock.timers.tick(1);
    assert.equal(socket.isTerminated, true);
    const { length } = socket.sent;
    t.mock.timers.tick(120_000);
    assert.equal(socket.sent.length, length, 'no heartbeat after the end');
  });

  it('limits what one page can ask for', t => {
    const socket = open(t);
    socket.say({ op: 'hello', client: 'c', version: '1' });
    for (let sub = 0; sub < 501; sub++) {
      socket.say({ op: 'sub', sub, kind: 'connections' });
    }
    const refused = socket.sent.filter(({ op }) => op === 'err');
    assert.deepEqual(
      refused.map(frame => frame.op === 'err' && [frame.sub, frame.code]),
      [[500, 'limit']]
    );
  });
});
