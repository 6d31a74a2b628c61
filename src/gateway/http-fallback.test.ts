import type { RunState, RunView } from 'jupyterlab-kfp-model';

import { sampleTask, sampleView } from '../testing/sample-view';
import { Sight } from '../testing/sight';
import type { GatewayClient } from './client';
import { Feed, type AnyFeed } from './feed';
import { HttpFallback } from './http-fallback';

const wire = {
  subscribe: () => undefined,
  look: () => undefined,
  refresh: () => undefined,
  release: () => undefined
};

function picture(state: RunState): RunView {
  const view = sampleView([sampleTask({ id: 'a' })]);
  return { ...view, run: { ...view.run, state } };
}

let sight: Sight;
let fallback: HttpFallback;
let feeds: AnyFeed[];
let asked: string[];
let state: RunState;

function addFeed(run_id: string, visible: boolean): Feed<'run'> {
  const feed = new Feed<'run'>({
    id: feeds.length + 1,
    subscription: { kind: 'run', ref: { connection: 'local', run_id } },
    wire
  });
  feed.open(visible, visible ? 'tasks' : 'header');
  feeds.push(feed);
  return feed;
}

async function count(ms: number): Promise<Record<string, number>> {
  asked = [];
  await jest.advanceTimersByTimeAsync(ms);
  const counts: Record<string, number> = {};
  for (const run of asked) {
    counts[run] = (counts[run] ?? 0) + 1;
  }
  return counts;
}

describe('asking by HTTP', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    sight = new Sight();
    feeds = [];
    asked = [];
    state = 'RUNNING';
    const client = {
      viewSince: async (key: { run_id: string }, detail: string) => {
        asked.push(`${key.run_id} ${detail}`);
        return { epoch: 'e', seq: 1, view: picture(state) };
      }
    };
    fallback = new HttpFallback({
      client: client as unknown as GatewayClient,
      feeds: () => feeds,
      logs: () => []
    });
  });

  afterEach(() => {
    fallback.dispose();
    sight.restore();
    jest.useRealTimers();
  });

  it('asks often for what is seen and seldom for what is not, so that its end is known', async () => {
    addFeed('seen', true);
    const below = addFeed('below', false);
    fallback.start();
    await count(100);
    const counts = await count(60_000);
    expect(counts['seen tasks']).toBeGreaterThanOrEqual(11);
    expect(counts['below header']).toBe(2);
    expect(below.link?.state).toBe('polling');
  });

  it('asks no more for a run out of sight that has ended', async () => {
    addFeed('below', false);
    fallback.start();
    await count(100);
    state = 'SUCCEEDED';
    expect(await count(60_000)).toEqual({ 'below header': 1 });
    expect(await count(600_000)).toEqual({});
  });

  it('asks nothing and has no timer in a hidden page, and asks at once on the return', async () => {
    addFeed('seen', true);
    fallback.start();
    await count(100);
    sight.set('hidden');
    expect(await count(600_000)).toEqual({});
    expect(jest.getTimerCount()).toBe(0);
    sight.set('visible');
    expect(await count(100)).toEqual({ 'seen tasks': 1 });
  });

  it('rests once there is a socket again', async () => {
    addFeed('seen', true);
    fallback.start();
    await count(100);
    fallback.stop();
    expect(await count(60_000)).toEqual({});
    sight.set('hidden');
    sight.set('visible');
    expect(await count(60_000)).toEqual({});
  });
});
