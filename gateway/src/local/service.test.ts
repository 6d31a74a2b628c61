import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { ScriptedEngine } from './api/scripted-engine.ts';
import { createLocalService, type LocalService } from './service.ts';
import { Scheduler } from './schedules/scheduler.ts';

const TEXT = JSON.stringify({
  pipelineInfo: { name: 'one' },
  schemaVersion: '2.1.0',
  components: { 'comp-a': { executorLabel: 'exec-a' } },
  deploymentSpec: {
    executors: { 'exec-a': { container: { image: 'python:3.11' } } }
  },
  root: {
    dag: {
      tasks: {
        a: { taskInfo: { name: 'a' }, componentRef: { name: 'comp-a' } }
      }
    },
    inputDefinitions: {
      parameters: { when: { parameterType: 'STRING', isOptional: true } }
    }
  }
});

describe('the local service', () => {
  let folder: string;
  let engine: ScriptedEngine;
  let service: LocalService;
  let now: number;
  let free: number;
  let lost: number;

  const open = async () => {
    engine = new ScriptedEngine();
    service = await createLocalService({
      dataDir: folder,
      configDir: folder,
      version: '0',
      now: () => now,
      freeBytes: () => free,
      lost: () => lost++,
      createEngine: () => engine
    });
  };
  const submit = (more: object = {}) =>
    service.submit({
      name: 'r',
      origin: { kind: 'text', text: TEXT },
      parameters: {},
      ...more
    });

  beforeEach(async () => {
    now = Date.parse('2026-11-24T10:00:30Z');
    free = 5e9;
    lost = 0;
    folder = mkdtempSync(join(tmpdir(), 'kfp-service-'));
    await open();
  });
  afterEach(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts a run once for a repeated key', async () => {
    const first = await submit({ idempotencyKey: 'k' });
    const second = await submit({ idempotencyKey: 'k' });
    assert.equal(second.id, first.id);
    assert.equal(engine.started.size, 1);
    now += 3_600_001;
    assert.notEqual((await submit({ idempotencyKey: 'k' })).id, first.id);
  });

  it('stores nothing when the engine refuses, unless forced', async () => {
    engine.refusals = [
      { code: 'local-refused', text: 'Task a cannot run here: b.' }
    ];
    await assert.rejects(submit(), /Task a cannot run here: b\./);
    assert.equal(service.store.runs.active().length, 0);
    await submit({ options: { force: true } });
    assert.equal(engine.started.size, 1);
  });

  it('refuses ids that are no folder names, and ids in use', async () => {
    await assert.rejects(submit({ runId: '../x' }), /not usable/);
    await submit({ runId: 'mine' });
    await assert.rejects(submit({ runId: 'mine' }), /Duplicate entry/);
  });

  it('follows the engine and says what a stop was', async () => {
    const { id } = await submit();
    engine.report(id, 'RUNNING');
    service.actions.terminate(id);
    assert.equal(service.store.runs.get(id).state, 'CANCELING');
    engine.report(id, 'RUNNING');
    assert.equal(service.store.runs.get(id).state, 'CANCELING');
    engine.report(id, 'CANCELED');
    const run = service.store.runs.get(id);
    assert.deepEqual(
      [run.state, run.error?.message, run.finishedAt],
      ['FAILED', 'terminated by user', now]
    );
    service.actions.retry(id);
    const again = service.store.runs.get(id);
    assert.deepEqual([again.state, again.finishedAt], ['PENDING', 0]);
    assert.equal(again.error, undefined);
  });

  it('starts after a restart what was stored but never started', async () => {
    const kept = await submit();
    const stopped = await submit();
    service.actions.terminate(stopped.id);
    await service.close();
    await open();
    assert.deepEqual([...engine.started.keys()], [kept.id]);
    assert.equal(service.store.runs.get(stopped.id).state, 'FAILED');
  });

  it('refuses a run and a retry where less than 1 GB is free, and stores nothing', async () => {
    const { id } = await submit();
    engine.report(id, 'FAILED');
    free = 6.4e8;
    const sentence = /only 0\.6 GB free in .*: a run needs 1 GB/;
    await assert.rejects(submit(), sentence);
    assert.throws(() => service.actions.retry(id), sentence);
    assert.equal(service.store.runs.get(id).state, 'FAILED');
    assert.equal(service.store.runs.active().length, 0);
  });

  it('says that its folder was deleted, stops what runs and gives up', async () => {
    const { id } = await submit();
    engine.report(id, 'RUNNING');
    rmSync(folder, { recursive: true, force: true });
    await assert.rejects(submit(), /is gone from its folder\. Restart/);
    assert.match(service.notices()[0] ?? '', /is gone from its folder/);
    for (let tries = 0; tries < 40 && lost === 0; tries++) {
      await sleep(100);
      if (service.store.runs.get(id).state === 'CANCELING') {
        engine.report(id, 'CANCELED');
      }
    }
    assert.equal(service.store.runs.get(id).state, 'FAILED');
    assert.equal(lost, 1);
  });

  it('says as long as it stands there that a damaged database was set aside', async () => {
    await service.close();
    writeFileSync(join(folder, 'service.db'), 'x'.repeat(5000));
    await open();
    const [notice] = service.notices();
    assert.match(
      notice ?? '',
      /^The database of the local service was damaged\. It was kept as .*service\.db\.damaged-.*; a new one was started\.$/
    );
    await service.close();
    await open();
    assert.deepEqual(service.notices(), [notice]);
  });

  it('starts although a run has lost its pipeline, and says so on the run', async () => {
    const { id } = await submit();
    service.store.database.db.exec('PRAGMA foreign_keys = OFF');
    service.store.database.db.exec('DELETE FROM documents');
    await service.close();
    await open();
    const run = service.store.runs.get(id);
    assert.equal(run.state, 'FAILED');
    assert.match(run.error?.message ?? '', /cannot be read any more/);
    assert.equal(engine.started.size, 0);
  });

  it('catches up on missed fires within the concurrency', async () => {
    const { store } = service;
    const document = store.documents.put({
      format: 'ir',
      pipeline: JSON.parse(TEXT)
    });
    store.recurringRuns.insert({
      id: 'rr',
      resourceName: 'nightly',
      displayName: 'nightly',
      description: '',
      experimentId: store.experiments.ensureDefault().id,
      pipelineId: '',
      pipelineVersionId: '',
      serviceAccount: '',
      maxConcurrency: 2,
      enabled: true,
      noCatchup: false,
      createdAt: now,
      updatedAt: now,
      fired: 0,
      lastFireAt: 0,
      api: 'v2',
      trigger: { kind: 'cron', cron: '0 * * * * *' },
      parameters: { when: '[[ScheduledTime]] [[Index]]' },
      pipelineRoot: '',
      document
    });
    const failures: unknown[] = [];
    const scheduler = new Scheduler({
      store,
      submit: service.submit,
      failed: (_run, error) => failures.push(error)
    });
    now += 5 * 60_000;
    await scheduler.tick();
    const values = () =>
      [...engine.started.values()].map(run => run.parameters['when']);
    assert.deepEqual(values(), ['20261124100100 1', '20261124100200 2']);
    for (const id of engine.started.keys()) {
      engine.report(id, 'SUCCEEDED');
    }
    await scheduler.tick();
    assert.deepEqual(values().slice(2), [
      '20261124100300 3',
      '20261124100400 4'
    ]);
    store.recurringRuns.setEnabled('rr', false);
    for (const id of engine.started.keys()) {
      engine.report(id, 'SUCCEEDED');
    }
    await scheduler.tick();
    assert.equal(engine.started.size, 4);
    assert.deepEqual(failures, []);
    await scheduler.close();
  });
});
