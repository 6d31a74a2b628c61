/**
 * Mutated compiled pipelines through the API into the real engine, over a runner whose tasks end at once: every answer is 200 or an
 * error in KFP's shape, every run that was taken ends. `KFP_FUZZ_PIPELINES` and `KFP_FUZZ_SEED` ask for more, or for the same again.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import fastify from 'fastify';
import { buildGraph, parsePipelineDocuments } from 'jupyterlab-kfp-model';
import { parse } from 'yaml';

import { generator, mutate } from '../../testing/mutate.ts';
import { createEngine } from '../engine/engine.ts';
import { SAMPLES } from '../samples/samples.ts';
import { createLocalService } from '../service.ts';
import { ExecutionStore } from '../store/execution.ts';
import type { AttemptResult, TaskRunner } from '../tasks/contract.ts';

const COUNT = Number(process.env['KFP_FUZZ_PIPELINES'] ?? 400);
const SEED = Number(process.env['KFP_FUZZ_SEED'] ?? 11);

/** Tasks that end in the next turn of the loop, one in five of them badly, none with outputs. */
function quickRunner(random: () => number): TaskRunner {
  const result = async (): Promise<AttemptResult> => {
    await new Promise(setImmediate);
    const finishedAt = new Date().toISOString();
    const outputs = { parameters: {}, artifacts: {} };
    return random() < 0.2
      ? {
          outcome: 'failed',
          finishedAt,
          exitCode: 1,
          message: 'the task ended with exit code 1',
          code: 'exit',
          outputs
        }
      : { outcome: 'succeeded', finishedAt, outputs, warnings: [] };
  };
  return {
    run: result,
    adopt: result,
    cancel: () => undefined,
    machine: async () => ({
      containers: false,
      mounts: false,
      has: () => true
    }),
    check: async () => ({
      isolation: 'process',
      refusals: [],
      warnings: [],
      packages: []
    }),
    withoutContainers: () => Promise.resolve(undefined),
    close: async () => undefined
  };
}

it(`takes or refuses ${COUNT} mutated pipelines, and every run ends`, async context => {
  const folder = mkdtempSync(join(tmpdir(), 'kfp-fuzz-ir-'));
  const random = generator(SEED);
  const faults: unknown[] = [];
  const service = await createLocalService({
    dataDir: folder,
    configDir: folder,
    version: '0',
    createEngine: ({ store, dataDir, configDir, now, loadRun }) =>
      createEngine({
        store: new ExecutionStore(store.database),
        // Numbers of its own: how tasks take turns must not change what is mutated.
        runner: quickRunner(generator(SEED + 1)),
        dataDir,
        configDir,
        now,
        random: Math.random,
        newId: randomUUID,
        loadRun,
        onFault: (_runId, error) => faults.push(error)
      })
  });
  const app = fastify();
  await app.register(service.plugin);
  const seen = new Map<number, number>();
  const sources = SAMPLES.map(sample => parse(sample.text()) as unknown);
  try {
    for (let n = 0; n < COUNT; n++) {
      let spec = structuredClone(sources[n % sources.length]);
      const rounds = n < sources.length ? 0 : 1 + Math.floor(random() * 3);
      for (let round = 0; round < rounds; round++) {
        spec = mutate(spec, random);
      }
      const text = JSON.stringify(spec);
      const parsed = parsePipelineDocuments([spec]);
      if (parsed.format === 'ir') {
        buildGraph(parsed.document);
      }
      const answer = await app.inject({
        method: 'POST',
        url: '/apis/v2beta1/runs',
        payload: JSON.stringify({ display_name: `#${n}`, pipeline_spec: spec })
      });
      seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1);
      const label = `#${n} ${answer.body.slice(0, 300)} ${text.slice(0, 300)}`;
      if (answer.statusCode !== 200) {
        assert.ok(rounds > 0, label);
        assert.ok([400, 500].includes(answer.statusCode), label);
        const body = answer.json<{ code?: unknown; message?: unknown }>();
        assert.ok(
          typeof body.code === 'number' && typeof body.message === 'string',
          label
        );
        assert.doesNotMatch(
          answer.body,
          /TypeError|Cannot read|not a function|not iterable|SQLITE|constraint|call stack/,
          label
        );
      }
      await new Promise(setImmediate);
    }
    for (
      let tries = 0;
      tries < 200 && service.engine.activeRuns() > 0;
      tries++
    ) {
      await sleep(100);
    }
    const open = service.store.runs.active();
    assert.deepEqual(
      open.map(run => [
        run.name,
        ...service.engine
          .tasks(run.id)
          .map(task => `${task.path} ${task.state} ${task.reason ?? ''}`)
      ]),
      [],
      'runs that never end'
    );
    assert.deepEqual(faults, []);
    context.diagnostic(
      [...seen].map(([status, times]) => `${status}: ${times}`).join(', ')
    );
  } finally {
    await app.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
