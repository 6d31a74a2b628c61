/** What kfp 1.8 does beyond the recordings: text parameters for KFP 2 pipelines, metrics, jobs. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import fastify, { type FastifyInstance } from 'fastify';
import { parse } from 'yaml';

import { createLocalService, type LocalService } from '../../service.ts';
import { ScriptedEngine } from '../scripted-engine.ts';

const SPEC = {
  pipelineInfo: { name: 'typed' },
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
      parameters: {
        rows: { parameterType: 'NUMBER_INTEGER', isOptional: true },
        deep: { parameterType: 'BOOLEAN', isOptional: true },
        word: { parameterType: 'STRING', isOptional: true }
      }
    }
  }
};

type Body = Record<string, unknown>;

describe('v1beta1', () => {
  let folder: string;
  let engine: ScriptedEngine;
  let service: LocalService;
  let app: FastifyInstance;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-v1-'));
    engine = new ScriptedEngine();
    service = await createLocalService({
      dataDir: folder,
      configDir: folder,
      version: '0',
      createEngine: () => engine
    });
    app = fastify();
    await app.register(service.plugin);
  });
  afterEach(async () => {
    await app.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    payload?: Body
  ): Promise<{ status: number; body: Body }> => {
    const answer = await app.inject({
      method,
      url: `/apis/v1beta1/${path}`,
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) })
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const run = (parameters: readonly Body[], more: Body = {}) =>
    call('POST', 'runs', {
      name: 'r',
      pipeline_spec: { pipeline_manifest: JSON.stringify(SPEC), parameters },
      ...more
    });

  it('gives text parameters the types that a KFP 2 pipeline declares', async () => {
    const { status, body } = await run([
      { name: 'rows', value: '3' },
      { name: 'deep', value: 'True' },
      { name: 'word', value: '3' }
    ]);
    assert.equal(status, 200, JSON.stringify(body));
    const [started] = [...engine.started.values()];
    assert.deepEqual(started?.parameters, { rows: 3, deep: true, word: '3' });
    const spec = (body['run'] as Body)['pipeline_spec'] as Body;
    assert.deepEqual(spec['parameters'], [
      { name: 'rows', value: '3' },
      { name: 'deep', value: 'true' },
      { name: 'word', value: '3' }
    ]);
    assert.deepEqual(parse(String(spec['pipeline_manifest'])), SPEC);
  });

  it('says which parameter does not fit', async () => {
    const { status, body } = await run([{ name: 'rows', value: 'many' }]);
    assert.equal(status, 400);
    assert.match(
      String(body['message']),
      /Failed to create a new v1beta1 run: .*input parameter rows requires type double or integer/
    );
  });

  it('follows the run and keeps metrics that are reported once', async () => {
    const { body } = await run([]);
    const id = String((body['run'] as Body)['id']);
    engine.report(id, 'RUNNING');
    engine.report(id, 'FAILED');
    const metrics = [
      { name: 'accuracy', node_id: 'n', number_value: 0.5, format: 'RAW' }
    ];
    const first = await call('POST', `runs/${id}:reportMetrics`, { metrics });
    assert.deepEqual(first.body, {
      results: [{ metric_name: 'accuracy', metric_node_id: 'n', status: 'OK' }]
    });
    const again = await call('POST', `runs/${id}:reportMetrics`, {
      metrics: [...metrics, { name: '!', node_id: 'n' }]
    });
    assert.deepEqual(
      (again.body['results'] as Body[]).map(result => result['status']),
      ['DUPLICATE_REPORTING', 'INVALID_ARGUMENT']
    );
    const seen = (await call('GET', `runs/${id}`)).body['run'] as Body;
    assert.equal(seen['status'], 'Failed');
    assert.deepEqual(seen['metrics'], metrics);
    assert.equal((await call('POST', `runs/${id}/retry`)).status, 200);
    await call('POST', `runs/${id}:archive`);
    const archived = (await call('GET', `runs/${id}`)).body['run'] as Body;
    assert.equal(archived['storage_state'], 'STORAGESTATE_ARCHIVED');
    assert.equal(archived['status'], 'Pending');
    assert.equal((await call('DELETE', `runs/${id}`)).status, 200);
    assert.equal((await call('GET', `runs/${id}`)).status, 404);
  });

  it('fixes the version of a job when it is made', async () => {
    const { store } = service;
    const pipeline = store.pipelines.create({
      name: 'p',
      displayName: 'p',
      description: '',
      tags: {}
    });
    const document = { format: 'ir' as const, pipeline: SPEC };
    const version = store.versions.create(pipeline.id, {
      name: 'v1',
      displayName: 'v1',
      description: '',
      tags: {},
      document
    });
    const made = await call('POST', 'jobs', {
      name: 'nightly',
      pipeline_spec: {
        pipeline_id: pipeline.id,
        parameters: [{ name: 'rows', value: '7' }]
      },
      max_concurrency: 1,
      enabled: true,
      trigger: { cron_schedule: { cron: '0 0 6 * * *' } }
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const references = made.body['resource_references'] as Body[];
    assert.deepEqual(references.at(-1), {
      key: { type: 'PIPELINE_VERSION', id: version.id },
      relationship: 'CREATOR'
    });
    const id = String(made.body['id']);
    assert.deepEqual(store.recurringRuns.get(id).parameters, { rows: 7 });
    await call('POST', `jobs/${id}/disable`);
    assert.equal((await call('GET', `jobs/${id}`)).body['enabled'], undefined);
    await call('POST', `jobs/${id}/enable`);
    assert.equal((await call('GET', 'jobs')).body['total_size'], 1);
    assert.deepEqual((await call('DELETE', `jobs/${id}`)).body, {});
    assert.equal((await call('GET', `jobs/${id}`)).status, 404);
  });

  it('refuses to run Argo workflows, in one sentence and before anything is stored', async () => {
    const workflow = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { generateName: 'w-' },
      spec: {
        entrypoint: 'a',
        templates: [{ name: 'a', container: { image: 'x' } }],
        arguments: { parameters: [{ name: 'a', value: '1' }] }
      }
    };
    const spec = { workflow_manifest: JSON.stringify(workflow) };
    for (const [path, more] of [
      ['runs', {}],
      ['jobs', { max_concurrency: 1 }]
    ] as const) {
      const { status, body } = await call('POST', path, {
        name: 'w',
        pipeline_spec: spec,
        ...more
      });
      assert.equal(status, 400);
      assert.match(
        String(body['message']),
        /cannot run it: compile it with kfp 2/
      );
    }
    assert.equal((await call('GET', 'runs')).body['total_size'], undefined);
    assert.equal((await call('GET', 'jobs')).body['total_size'], undefined);
  });
});
