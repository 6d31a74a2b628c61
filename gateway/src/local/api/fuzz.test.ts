/**
 * Mutated requests and pipelines: every answer is 200 or an error in KFP's shape, soon, and the service lives on.
 * `KFP_FUZZ_COUNT` and `KFP_FUZZ_SEED` ask for more, or for the same again.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import fastify from 'fastify';

import { damage, generator, mutate } from '../../testing/mutate.ts';
import { createLocalService } from '../service.ts';
import { ScriptedEngine } from './scripted-engine.ts';

const COUNT = Number(process.env['KFP_FUZZ_COUNT'] ?? 2000);
const SEED = Number(process.env['KFP_FUZZ_SEED'] ?? 7);

const SPEC = {
  pipelineInfo: { name: 'sums' },
  schemaVersion: '2.1.0',
  sdkVersion: 'kfp-2.17.0',
  components: {
    'comp-add': {
      executorLabel: 'exec-add',
      inputDefinitions: {
        parameters: { a: { parameterType: 'NUMBER_DOUBLE' } }
      }
    }
  },
  deploymentSpec: {
    executors: {
      'exec-add': { container: { image: 'python:3.11', args: ['a'] } }
    }
  },
  root: {
    dag: {
      tasks: {
        add: {
          taskInfo: { name: 'add' },
          componentRef: { name: 'comp-add' },
          inputs: { parameters: { a: { componentInputParameter: 'a' } } }
        },
        after: {
          taskInfo: { name: 'after' },
          componentRef: { name: 'comp-add' },
          dependentTasks: ['add'],
          inputs: { parameters: { a: { runtimeValue: { constant: 1 } } } }
        }
      }
    },
    inputDefinitions: {
      parameters: { a: { parameterType: 'NUMBER_DOUBLE', defaultValue: 1 } }
    }
  }
};

/** Requests that are right; each is answered 200 before it is mutated. */
const SEEDS: readonly (readonly [string, string, unknown])[] = [
  [
    'POST',
    '/apis/v2beta1/runs',
    {
      display_name: 'r',
      pipeline_spec: SPEC,
      runtime_config: { parameters: { a: 2 } }
    }
  ],
  [
    'POST',
    '/apis/v2beta1/experiments',
    { display_name: 'e', description: 'd' }
  ],
  ['POST', '/apis/v2beta1/pipelines', { name: 'p', tags: { a: 'b' } }],
  [
    'POST',
    '/apis/v2beta1/recurringruns',
    {
      display_name: 'n',
      pipeline_spec: SPEC,
      max_concurrency: '1',
      mode: 'DISABLE',
      trigger: { cron_schedule: { cron: '0 0 6 * * *' } }
    }
  ],
  [
    'POST',
    '/apis/v1beta1/runs',
    {
      name: 'r',
      pipeline_spec: {
        pipeline_manifest: JSON.stringify(SPEC),
        parameters: [{ name: 'a', value: '2' }]
      },
      resource_references: []
    }
  ],
  [
    'POST',
    '/apis/v1beta1/jobs',
    {
      name: 'n',
      pipeline_spec: { pipeline_manifest: JSON.stringify(SPEC) },
      max_concurrency: '1',
      trigger: { periodic_schedule: { interval_second: '3600' } }
    }
  ],
  [
    'GET',
    '/apis/v1beta1/runs?page_size=5&filter=',
    { predicates: [{ op: 'EQUALS', key: 'name', string_value: 'r' }] }
  ],
  [
    'GET',
    '/apis/v2beta1/runs?sort_by=created_at%20desc&page_size=5&filter=',
    {
      predicates: [
        { operation: 'EQUALS', key: 'name', string_value: 'r' },
        {
          operation: 'IN',
          key: 'state',
          string_values: { values: ['RUNNING'] }
        }
      ]
    }
  ]
];

it(`answers ${COUNT} mutated requests in KFP's shape`, async context => {
  const folder = mkdtempSync(join(tmpdir(), 'kfp-fuzz-'));
  const service = await createLocalService({
    dataDir: folder,
    configDir: folder,
    version: '0',
    createEngine: () => new ScriptedEngine()
  });
  const app = fastify();
  await app.register(service.plugin);
  const random = generator(SEED);
  const seen = new Map<number, number>();
  try {
    for (let n = 0; n < COUNT; n++) {
      const [method, path, body] = SEEDS[n % SEEDS.length] ?? SEEDS[0] ?? [];
      if (method === undefined || path === undefined) {
        continue;
      }
      let value = structuredClone(body);
      const rounds = n < SEEDS.length ? 0 : 1 + Math.floor(random() * 3);
      for (let round = 0; round < rounds; round++) {
        value = mutate(value, random);
      }
      let text = JSON.stringify(value) ?? '';
      if (rounds > 0 && random() < 0.2) {
        text = damage(text, random);
      }
      const isGet = method === 'GET';
      const answer = await app.inject({
        method: isGet ? 'GET' : 'POST',
        url: isGet ? path + encodeURIComponent(text) : path,
        ...(isGet
          ? {}
          : { payload: text, headers: { 'content-type': 'application/json' } })
      });
      seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1);
      const label = `#${n} ${method} ${path} ${text.slice(0, 300)}`;
      const answered: unknown = JSON.parse(answer.body);
      if (answer.statusCode !== 200) {
        assert.ok(rounds > 0, `${label}: ${answer.body}`);
        assert.ok(
          [400, 404, 409, 500].includes(answer.statusCode),
          `${label}: ${answer.statusCode}`
        );
        assert.ok(
          typeof answered === 'object' &&
            answered !== null &&
            'code' in answered &&
            'message' in answered,
          `${label}: ${answer.body}`
        );
        assert.doesNotMatch(
          answer.body,
          /TypeError|undefined|Cannot read|not a function|SQLITE|constraint/,
          label
        );
      }
    }
    const health = await app.inject('/apis/v2beta1/healthz');
    assert.equal(health.statusCode, 200);
    context.diagnostic(
      [...seen].map(([status, times]) => `${status}: ${times}`).join(', ')
    );
  } finally {
    await app.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
