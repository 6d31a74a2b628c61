import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { ScriptedEngine } from '../api/scripted-engine.ts';
import { createLocalService, type LocalService } from '../service.ts';
import { SAMPLES, type Sample } from './samples.ts';

describe('the samples', () => {
  let folder: string;
  let service: LocalService;
  const open = async (samples: readonly Sample[] = SAMPLES) => {
    service = await createLocalService({
      dataDir: folder,
      configDir: folder,
      version: '0',
      samples,
      createEngine: () => new ScriptedEngine()
    });
  };
  const names = () => {
    const request = { pageSize: 20, pageToken: '', filterText: '' };
    return service.store.pipelines
      .list({ ...request, sortBy: 'name', predicates: [] })
      .rows.map(row => row.name);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-samples-'));
  });
  afterEach(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are there once, each with one version that can be submitted', async () => {
    await open();
    await service.close();
    await open();
    assert.deepEqual(names(), [
      '[Tutorial] Data passing in python components',
      '[Tutorial] DSL - Control structures'
    ]);
    for (const name of names()) {
      const pipeline = service.store.pipelines.findByName(name);
      const run = await service.submit({
        name: 'r',
        origin: { kind: 'version', pipelineId: pipeline!.id, versionId: '' },
        parameters: {}
      });
      assert.equal(run.state, 'PENDING');
    }
  });

  it('do not come back after they were deleted', async () => {
    await open();
    const [first] = names();
    const { pipelines } = service.store;
    pipelines.delete(pipelines.findByName(first!)!.id, true);
    await service.close();
    await open();
    assert.deepEqual(names(), ['[Tutorial] DSL - Control structures']);
  });

  it('leave a pipeline of the same name alone', async () => {
    await open([]);
    const { name } = SAMPLES[0]!;
    const fields = { name, displayName: name, description: 'mine', tags: {} };
    service.store.pipelines.create(fields);
    await service.close();
    await open();
    assert.equal(service.store.pipelines.findByName(name)?.description, 'mine');
    assert.equal(names().length, 2);
  });
});
