import type { ServerConnection } from '@jupyterlab/services';
import { diffMerge, type RunView } from 'jupyterlab-kfp-model';
import fc from 'fast-check';

import { sampleTask, sampleView } from '../testing/sample-view';
import { Sight } from '../testing/sight';
import type { GatewayClient } from './client';
import { GatewayError } from './gateway-error';
import { WatchHub } from './watch-hub';
import { WatchSocket } from './watch-socket';

type Frame = Record<string, unknown> & { op: string };

/** A socket whose other end is the test. */
class FakeSocket {
  static all: FakeSocket[] = [];
  readonly sent: Frame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(
    readonly url: string,
    readonly protocol: string
  ) {
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1];
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.onclose?.({ code: 1000 });
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  of(op: string): Frame[] {
    return this.sent.filter(frame => frame.op === op);
  }
}

const view = sampleView([sampleTask({ id: 'a' })]);
const key = { connection: 'local', run_id: 'r' };

interface IRig {
  readonly hub: WatchHub;
  readonly socket: WatchSocket;
  readonly client: { viewSince: jest.Mock; log: jest.Mock };
}

let rigs: IRig[] = [];

function rig(): IRig {
  const client = {
    viewSince: jest.fn(async () => ({ epoch: 'http-1', seq: 1, view })),
    log: jest.fn()
  };
  const socket = new WatchSocket({
    serverSettings: {
      wsUrl: 'ws://host/user/x/',
      token: 'secret',
      appendToken: true,
      WebSocket: FakeSocket
    } as unknown as ServerConnection.ISettings,
    version: '1'
  });
  const hub = new WatchHub({
    client: client as unknown as GatewayClient,
    socket
  });
  const made = { hub, socket, client };
  rigs.push(made);
  return made;
}

/** Let time go by, and what waits for it happen. */
async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
}

beforeEach(() => {
  jest.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => {
  rigs.forEach(({ hub }) => hub.dispose());
  rigs = [];
  jest.useRealTimers();
});

describe('WatchHub', () => {
  it('opens one socket for all feeds, below the base URL, by the app’s token', async () => {
    const { hub } = rig();
    const run = hub.feed<'run'>({ kind: 'run', ref: key });
    run.open(true, 'tasks');
    hub.feed<'local'>({ kind: 'local' }).open(true, 'header');
    await pass(10);
    expect(FakeSocket.all).toHaveLength(1);
    expect(FakeSocket.last.url).toBe(
      'ws://host/user/x/jupyterlab-kfp/api/watch?token=secret'
    );
    FakeSocket.last.onopen?.();
    expect(FakeSocket.last.sent.map(frame => frame.op)).toEqual([
      'hello',
      'sub',
      'sub'
    ]);
  });

  it('says where it was after the socket broke, and follows logs at the next byte', async () => {
    const { hub } = rig();
    const feed = hub.feed<'run'>({ kind: 'run', ref: key });
    feed.open(true, 'tasks');
    const log = hub.followLog(feed, {
      task_id: 'a',
      attempt: 0,
      stream: 'main',
      from: -10
    });
    await pass(10);
    FakeSocket.last.onopen?.();
    FakeSocket.last.say({ op: 'snap', sub: feed.id, epoch: 'e', seq: 7, view });
    FakeSocket.last.say({
      op: 'log',
      log: log.id,
      offset: 90,
      text: 'x'.repeat(10),
      next: 100
    });
    FakeSocket.last.close();
    expect(feed.link?.state).toBe('offline');
    expect(feed.view).toBe(feed.view);
    await pass(2000);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.onopen?.();
    expect(FakeSocket.last.of('sub')[0]).toMatchObject({ epoch: 'e', seq: 7 });
    expect(FakeSocket.last.of('log.open')[0]).toMatchObject({ from: 100 });
  });

  it('comes back with a delay that doubles to 30 s, and at once when the network returns', async () => {
    const { hub } = rig();
    hub.feed<'local'>({ kind: 'local' }).open(true, 'header');
    await pass(10);
    FakeSocket.last.onopen?.();
    FakeSocket.last.close();
    const at: number[] = [];
    for (let second = 0; second < 120; second += 1) {
      const before = FakeSocket.all.length;
      await pass(1000);
      if (FakeSocket.all.length > before) {
        at.push(second);
        FakeSocket.last.close();
      }
    }
    expect(at[0]).toBeLessThanOrEqual(2);
    const delays = at.slice(1).map((time, index) => time - at[index]);
    expect(Math.max(...delays)).toBeLessThanOrEqual(46);
    expect(Math.max(...delays)).toBeGreaterThan(5);
    const before = FakeSocket.all.length;
    window.dispatchEvent(new Event('online'));
    await pass(10);
    expect(FakeSocket.all.length).toBe(before + 1);
  });

  it('takes a socket without a frame for 35 s for dead, as after sleep', async () => {
    const { hub } = rig();
    hub.feed<'local'>({ kind: 'local' }).open(true, 'header');
    await pass(10);
    FakeSocket.last.onopen?.();
    await pass(30_000);
    FakeSocket.last.say({ op: 'ping' });
    expect(FakeSocket.last.of('pong')).toHaveLength(1);
    await pass(34_000);
    expect(FakeSocket.all).toHaveLength(1);
    await pass(12_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it('says that nobody sees the page before it draws less, and that somebody does after it draws more', async () => {
    const sight = new Sight();
    const { hub } = rig();
    const viewer = hub
      .feed<'run'>({ kind: 'run', ref: key })
      .open(true, 'tasks');
    const look = (): void => {
      const isSeen = document.visibilityState === 'visible';
      viewer.look(isSeen, isSeen ? 'tasks' : 'header');
    };
    document.addEventListener('visibilitychange', look);
    await pass(10);
    FakeSocket.last.onopen?.();
    sight.set('hidden');
    sight.set('visible');
    expect(
      FakeSocket.last.sent
        .slice(2)
        .map(({ op, visible, detail }) => [op, visible, detail].join(' '))
    ).toEqual([
      'page false ',
      'vis false header',
      'vis true tasks',
      'page true '
    ]);
    sight.set('hidden');
    FakeSocket.last.close();
    await pass(2000);
    FakeSocket.last.onopen?.();
    expect(FakeSocket.last.sent.map(({ op }) => op)).toEqual([
      'hello',
      'page',
      'sub'
    ]);
    document.removeEventListener('visibilitychange', look);
    sight.restore();
  });

  it('asks by HTTP after three refusals, without sending what the page has', async () => {
    const { hub, client, socket } = rig();
    const feed = hub.feed<'run'>({ kind: 'run', ref: key });
    feed.open(true, 'tasks');
    for (let n = 0; n < 3; n += 1) {
      await pass(40_000);
      expect(FakeSocket.all.length).toBeGreaterThan(n);
      FakeSocket.last.close();
    }
    await pass(100);
    expect(socket.state).toBe('refused');
    expect(feed.link?.state).toBe('polling');
    expect(feed.view).toBe(view);
    client.viewSince.mockResolvedValue({ epoch: 'http-1', seq: 1 });
    await pass(6000);
    expect(client.viewSince).toHaveBeenLastCalledWith(key, 'tasks', 'http-1');
    expect(feed.view).toBe(view);
  });

  it('goes back to the socket when that opens again', async () => {
    const { hub, client } = rig();
    const feed = hub.feed<'run'>({ kind: 'run', ref: key });
    feed.open(true, 'tasks');
    for (let n = 0; n < 3; n += 1) {
      await pass(40_000);
      FakeSocket.last.close();
    }
    await pass(60_000);
    FakeSocket.last.onopen?.();
    FakeSocket.last.say({ op: 'snap', sub: feed.id, epoch: 'e', seq: 1, view });
    const since = new Date().toISOString();
    FakeSocket.last.say({ op: 'link', sub: feed.id, state: 'live', since });
    expect(feed.link?.state).toBe('live');
    const { length } = client.viewSince.mock.calls;
    await pass(20_000);
    expect(client.viewSince.mock.calls.length).toBe(length);
  });

  it('says by the link what the service answers while it is asked by HTTP', async () => {
    const { hub, client } = rig();
    const feed = hub.feed<'run'>({ kind: 'run', ref: key });
    feed.open(true, 'tasks');
    client.viewSince.mockRejectedValue(
      new GatewayError({ code: 'auth-expired', message: 'No.' }, 401)
    );
    for (let n = 0; n < 3; n += 1) {
      await pass(40_000);
      FakeSocket.last.close();
    }
    await pass(100);
    expect(feed.link?.state).toBe('sign-in');
  });

  it('keeps the last picture of a run that was deleted', async () => {
    const { hub } = rig();
    const feed = hub.feed<'run'>({ kind: 'run', ref: key });
    feed.open(true, 'tasks');
    await pass(10);
    FakeSocket.last.onopen?.();
    FakeSocket.last.say({ op: 'snap', sub: feed.id, epoch: 'e', seq: 1, view });
    FakeSocket.last.say({ op: 'gone', sub: feed.id, reason: 'deleted' });
    expect(feed.link?.state).toBe('not-found');
    expect(feed.view?.run.run_id).toBe(view.run.run_id);
  });

  it('does not mind rubbish', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation(() => {
      // what it says is looked at below
    });
    const { hub } = rig();
    const feed = hub.feed<'run'>({ kind: 'run', ref: key });
    feed.open(true, 'tasks');
    await pass(10);
    FakeSocket.last.onopen?.();
    FakeSocket.last.onmessage?.({ data: '<html>' });
    for (const frame of [
      null,
      1,
      [],
      {},
      { op: 'snap' },
      { op: 'patch', sub: 9 },
      { op: 'snap', sub: feed.id, epoch: 'e', seq: 1, view: { run: {} } }
    ]) {
      FakeSocket.last.onmessage?.({ data: JSON.stringify(frame) });
    }
    expect(feed.view).toBeNull();
    FakeSocket.last.say({ op: 'snap', sub: feed.id, epoch: 'e', seq: 1, view });
    expect(feed.view?.run.name).toBe(view.run.name);
    expect(error).toHaveBeenCalled();
    error.mockRestore();
  });

  it('ends at the picture of the source whatever is lost or told twice', async () => {
    const states = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ state: fc.constantFrom(...states), fate: fc.nat(3) }),
          { minLength: 1, maxLength: 20 }
        ),
        async steps => {
          const { hub } = rig();
          const feed = hub.feed<'run'>({ kind: 'run', ref: key });
          feed.open(true, 'tasks');
          await pass(10);
          const socket = FakeSocket.last;
          socket.onopen?.();
          let source: RunView = view;
          let seq = 1;
          const snap = (): void =>
            socket.say({
              op: 'snap',
              sub: feed.id,
              epoch: 'e',
              seq,
              view: source
            });
          snap();
          for (const { state, fate } of steps) {
            const next = sampleView([sampleTask({ id: 'a', state })]);
            const merge = diffMerge(source, next);
            source = next;
            if (!merge) {
              continue;
            }
            seq += 1;
            const subs = socket.of('sub').length;
            for (let n = 0; n < fate; n += 1) {
              socket.say({ op: 'patch', sub: feed.id, seq, merge });
            }
            if (socket.of('sub').length > subs) {
              snap(); // the page asked again, because it missed one
            }
          }
          seq += 1;
          const subs = socket.of('sub').length;
          source = { ...source, warnings: ['end'] };
          socket.say({
            op: 'patch',
            sub: feed.id,
            seq,
            merge: { warnings: ['end'] }
          });
          if (socket.of('sub').length > subs) {
            snap();
          }
          expect(feed.view).toEqual(source);
          hub.dispose();
        }
      ),
      { numRuns: 40 }
    );
  });
});
