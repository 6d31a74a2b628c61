import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';

import type { RunView } from 'jupyterlab-kfp-model';

import { ProblemError } from '../problem.ts';
import type { RunSource } from '../upstream/source.ts';
import type { WatchSources } from './sources.ts';
import { viewOf } from './testing/scripted-source.ts';
import type { Viewer } from './watched.ts';
import { WatcherPool, type AnyWatcher } from './watcher-pool.ts';

/** A page that looks at the header of a run. */
class Reader implements Viewer {
  visible = true;
  detail: 'header' | 'tasks' = 'header';
  readonly wantsOnlyEnd = false;
  readonly watcher: AnyWatcher;

  constructor(watcher: AnyWatcher) {
    this.watcher = watcher;
  }

  get state(): string | undefined {
    const view = this.watcher.track(this.detail).view as RunView | undefined;
    return view?.run.state;
  }

  onTrack(): void {
    // the state is read from the track
  }

  onStatus(): void {
    // no test looks at it
  }
}

/** A cluster of these runs, watched by one reader each, with a clock that the test moves. */
function watch(t: TestContext, count: number) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = Date.parse('2026-11-24T12:00:00Z');
  const calls: string[] = [];
  const cluster = {
    states: new Map<string, RunView['run']['state']>(),
    canList: true,
    calls
  };
  const view = (run_id: string): RunView => {
    const { run, ...rest } = viewOf({});
    const state = cluster.states.get(run_id) ?? 'RUNNING';
    return { ...rest, run: { ...run, run_id, state } };
  };
  const source: Partial<RunSource> = {
    getRun: async (id, detail) => {
      calls.push(`${id} ${detail}`);
      return view(id);
    },
    getHeaders: async ids => {
      calls.push('list');
      if (!cluster.canList) {
        throw new ProblemError('bad-request', 'No such filter.');
      }
      return ids.map(view);
    }
  };
  const sources: WatchSources = {
    source: () => source as RunSource, // a watcher of runs calls no other method
    connections: () => [],
    onConnections: () => () => undefined,
    local: async () => ({ state: 'running', active_runs: 0, data_dir: '' }),
    onLocal: () => () => undefined
  };
  const pool = new WatcherPool(sources, {
    now: () => now,
    report: assert.ifError
  });
  t.after(() => pool.dispose());
  const readers = Array.from({ length: count }, (_, n) => {
    const ref = { connection: 'prod', run_id: `run-${n}` };
    const reader = new Reader(pool.watcher({ kind: 'run', ref }));
    reader.watcher.attach(reader);
    return reader;
  });
  /** Let this many seconds go by; returns the calls that were made. */
  const pass = async (seconds: number): Promise<readonly string[]> => {
    calls.length = 0;
    for (let n = 0; n < seconds * 4; n += 1) {
      now += 250;
      t.mock.timers.tick(250);
      for (let turn = 0; turn < 10; turn += 1) {
        await Promise.resolve();
      }
    }
    return [...calls];
  };
  return { readers, cluster, pass };
}

describe('many active runs on a connection', () => {
  it('are asked for one by one up to five, with one call above', async t => {
    const few = watch(t, 5);
    await few.pass(1);
    assert.equal((await few.pass(10)).length, 25);
    assert.ok(!few.cluster.calls.includes('list'));
    t.mock.timers.reset();
    const many = watch(t, 20);
    await many.pass(1);
    assert.deepEqual(await many.pass(10), Array(5).fill('list'));
    assert.deepEqual(
      many.readers.map(({ state }) => state),
      Array(20).fill('RUNNING')
    );
  });

  it('are asked for their details only where somebody looks closer', async t => {
    const { readers, pass } = watch(t, 20);
    await pass(1);
    const [first] = readers;
    first!.detail = 'tasks';
    first!.watcher.viewerChanged();
    await pass(1);
    const calls = await pass(10);
    assert.equal(calls.filter(call => call === 'run-0 tasks').length, 5);
    assert.equal(calls.filter(call => call === 'list').length, 5);
    assert.equal(calls.length, 10);
  });

  it('all hear of an end, and what ended is not asked for again', async t => {
    const { readers, cluster, pass } = watch(t, 7);
    await pass(1);
    cluster.states.set('run-6', 'FAILED');
    await pass(3);
    assert.equal(readers[6]!.state, 'FAILED');
    cluster.states.set('run-5', 'SUCCEEDED');
    await pass(3);
    const calls = await pass(4);
    assert.equal(calls.length, 10, 'five are left, each by itself');
    assert.ok(!calls.some(call => call.startsWith('run-6')));
  });

  it('are asked for one by one where the service does not list them', async t => {
    const { readers, cluster, pass } = watch(t, 6);
    cluster.canList = false;
    await pass(1);
    cluster.states.set('run-0', 'PAUSED');
    await pass(3);
    assert.equal(readers[0]!.state, 'PAUSED');
  });
});
