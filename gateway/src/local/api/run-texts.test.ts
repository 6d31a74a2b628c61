import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { Engine, EngineListener, TaskRecord } from '../engine/contract.ts';
import { openDatabase } from '../store/database.ts';
import { ExecutionStore } from '../store/execution.ts';
import type { Run } from '../store/runs.ts';
import { createStore, type Store } from '../store/store.ts';
import { FORM, RunTexts } from './run-texts.ts';

const TIME = '2026-11-24T10:00:30.500Z';

function task(more: Partial<TaskRecord>): TaskRecord {
  return {
    taskId: 'root-id',
    runId: 'r',
    path: 'root',
    key: 'root',
    displayName: 'root',
    kind: 'root',
    state: 'SUCCEEDED',
    createdAt: TIME,
    startedAt: TIME,
    finishedAt: TIME,
    inputs: { parameters: {}, artifacts: {} },
    outputs: { parameters: {}, artifacts: {} },
    attempts: [],
    ...more
  };
}

describe('texts of runs', () => {
  let folder: string;
  let store: Store;
  let rows: ExecutionStore;
  let tasks: readonly TaskRecord[];
  let asked: number;
  let tell: EngineListener;
  let texts: RunTexts;
  let reported: unknown[];

  const save = (list: readonly TaskRecord[]): void => {
    tasks = list;
    list.forEach((item, number) =>
      rows.saveTask({ ...item, number, record: '{}' })
    );
  };
  const say = (state: Run['state'] = 'SUCCEEDED'): string | undefined =>
    texts.taskDetails({ id: 'r', state } as Run)?.text;
  const open = (): void => {
    texts = new RunTexts(
      store,
      {
        tasks: () => {
          asked += 1;
          return tasks;
        },
        onChange: (listener: EngineListener) => {
          tell = listener;
          return () => undefined;
        }
      } as unknown as Engine,
      error => reported.push(error)
    );
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-texts-'));
    const database = openDatabase(join(folder, 'service.db'));
    store = createStore(database, Date.now);
    rows = new ExecutionStore(database);
    asked = 0;
    reported = [];
    save([
      task({}),
      task({ taskId: 'a', parentId: 'root-id', path: 'root.a' })
    ]);
    open();
  });
  afterEach(() => {
    texts.close();
    store.database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are made once for a final run, also over restarts', () => {
    const first = say();
    open();
    assert.equal(say(), first);
    assert.equal(say(), first);
    assert.equal(asked, 1);
    assert.equal(JSON.parse(first ?? '').length, 2);
  });

  it('are made anew when a run was retried', () => {
    say();
    const again = [task({ state: 'RUNNING' }), ...tasks.slice(1)];
    save(again);
    assert.match(say('RUNNING') ?? '', /"state":"RUNNING"/);
    save([task({ state: 'FAILED' }), ...again.slice(1)]);
    tell({ runId: 'r', state: 'FAILED', taskIds: [] });
    assert.match(say('FAILED') ?? '', /"state":"FAILED"/);
    open();
    assert.match(say('FAILED') ?? '', /"state":"FAILED"/);
  });

  it('go with their run', () => {
    say();
    rows.removeRun('r');
    assert.equal(store.runTexts.find('r', FORM), undefined);
  });

  it('of another form are not used', () => {
    store.runTexts.save('r', FORM - 1, Buffer.from('[]'));
    assert.equal(JSON.parse(say() ?? '').length, 2);
  });

  it('are not kept while the root has not ended', () => {
    save([task({ state: 'RUNNING' }), ...tasks.slice(1)]);
    say('FAILED');
    save([task({ state: 'FAILED' }), ...tasks.slice(1)]);
    assert.match(say('FAILED') ?? '', /"state":"FAILED"/);
  });

  it('are said although they cannot be kept', () => {
    store.database.db.exec('PRAGMA query_only = ON');
    assert.equal(JSON.parse(say() ?? '').length, 2);
    assert.equal(reported.length, 1);
  });

  it('keep their form: another one needs another number', () => {
    save([
      task({ state: 'FAILED', error: { message: 'no', code: 'exit' } }),
      task({
        taskId: 'a',
        parentId: 'root-id',
        path: 'root.a',
        kind: 'task',
        attempts: [
          {
            attemptId: 'x',
            index: 0,
            podName: 'p',
            state: 'FAILED',
            folder: 'f'
          }
        ]
      })
    ]);
    const digest = createHash('sha256')
      .update(say() ?? '')
      .digest('hex');
    assert.deepEqual([FORM, digest.slice(0, 8)], [1, '955925e1']);
  });
});
