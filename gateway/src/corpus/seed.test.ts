/** The compiled tutorial cells of the seed: each comes to what its README says. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Json, TaskView } from 'jupyterlab-kfp-model';

import type { Outcome } from './compare.ts';
import { ended } from './run-case.ts';
import { hasRequirement, startService, type CorpusService } from './service.ts';

const SEED = resolve(import.meta.dirname, '../../../../shared/seed');
const SECONDS = 240;
/** Runs of the pipeline with a random number. */
const THROWS = Number(process.env['KFP_SEED_RUNS'] ?? 12);

describe(
  'the seed',
  {
    concurrency: 3,
    skip: !existsSync(SEED) && 'the seed is not here (../shared/seed)'
  },
  () => {
    let service: CorpusService;
    before(async () => {
      // Images are of no use to these tests, and a machine may have no registry.
      service = await startService({ JUPYTERLAB_KFP_ISOLATION: 'namespace' });
    });
    after(() => service.close());

    const submit = (
      file: string,
      parameters: Readonly<Record<string, Json>>,
      more: object = {}
    ) =>
      service.ask('/api/connections/local/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          pipeline: { text: readFileSync(join(SEED, file), 'utf8') },
          parameters,
          ...more
        })
      });
    const run = async (
      file: string,
      parameters: Readonly<Record<string, Json>> = {},
      more: object = {}
    ): Promise<Outcome> => {
      const { status, text } = await submit(file, parameters, more);
      assert.equal(status, 200, text);
      const { run_id: id } = (JSON.parse(text) as { run: { run_id: string } })
        .run;
      const outcome = await ended(service, id, SECONDS);
      assert.ok(outcome !== undefined, `${file} does not end`);
      return outcome;
    };
    const task = ({ view }: Outcome, path: string): TaskView => {
      const found = Object.values(view.tasks).find(one => one.path === path);
      assert.ok(found !== undefined, path);
      return found;
    };
    const output = (outcome: Outcome, path: string): Json => {
      const json = task(outcome, path).outputs?.find(
        one => one.kind === 'param'
      )?.json;
      return json === undefined ? null : (JSON.parse(json) as Json);
    };
    const log = async (outcome: Outcome, path: string): Promise<string> => {
      const { id } = task(outcome, path);
      const { run_id: runId } = outcome.view.run;
      const answer = await service.ask(
        `/api/connections/local/runs/${runId}/tasks/${id}/log/download`
      );
      return answer.text;
    };

    for (const file of ['ir-2.17/c05.yaml', 'ir-2.17/c07.yaml']) {
      it(`${file} multiplies what it is given`, async () => {
        const outcome = await run(file, { a: 2, b: 3 });
        assert.equal(outcome.wire.state, 'SUCCEEDED');
        assert.equal(output(outcome, 'multiply'), 6);
      });
    }

    it('c08 fails while it installs, and says why', async test => {
      if (!hasRequirement('package-index')) {
        test.skip('package-index is not here');
        return;
      }
      const outcome = await run('ir-2.17/c08.yaml');
      assert.equal(outcome.wire.state, 'FAILED');
      assert.match(
        outcome.wire.error ?? '',
        /pip could not install pandas==0\.24/
      );
    });

    // Both write /tmp/output, and the /tmp of a task is that of the machine.
    describe('steps with one path', { concurrency: 1 }, () => {
      it('c11 flips a coin', async () => {
        const outcome = await run('ir-2.17/c11.yaml');
        assert.equal(outcome.wire.state, 'SUCCEEDED');
        assert.match(String(output(outcome, 'flip-coin')), /^(heads|tails)\n$/);
      });

      it('c13b succeeds, and warns of what was not written', async () => {
        const outcome = await run('ir-2.17/c13b.yaml');
        assert.equal(outcome.wire.state, 'SUCCEEDED');
        assert.match(await log(outcome, 'flip-coin'), /SyntaxError/);
        assert.ok(
          outcome.view.warnings.some(text =>
            /"data" was not written/.test(text)
          ),
          outcome.view.warnings.join('\n')
        );
      });
    });

    for (const file of ['ir-2.17/c14.yaml', 'ir-2.17/c15.yaml']) {
      it(`${file} adds to what was multiplied`, async () => {
        const outcome = await run(file);
        assert.equal(outcome.wire.state, 'SUCCEEDED');
        assert.equal(output(outcome, 'multiply'), 10);
        assert.equal(output(outcome, 'add'), 13);
      });
    }

    it('c16 writes to a volume, or is refused where nothing can be mounted', async () => {
      const file = 'ir-2.17/c16.yaml';
      if (!hasRequirement('mount')) {
        const { status, text } = await submit(file, {});
        assert.ok(status >= 400 && status < 500);
        assert.match(text, /\/mnt/);
        return;
      }
      const outcome = await run(file);
      assert.equal(outcome.wire.state, 'SUCCEEDED', outcome.wire.error ?? '');
      const name = String(output(outcome, 'createpvc'));
      assert.match(name, /^[0-9a-f-]{36}-my-pvc$/);
      assert.equal(
        readFileSync(
          join(service.dataDir, 'volumes', name, 'file.txt'),
          'utf8'
        ),
        'Hello world'
      );
    });

    it('c17 takes the branches of its number', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: THROWS }, () =>
          run('ir-2.17/c17.yaml', {}, { cache: false })
        )
      );
      for (const outcome of outcomes) {
        assert.equal(outcome.wire.state, 'SUCCEEDED');
        const number = Number(output(outcome, 'get-random-int-op'));
        assert.deepEqual(
          [1, 2, 3].map(n => task(outcome, `condition-${n}`).state),
          [number < 10, number < 50, number > 50].map(taken =>
            taken ? 'SUCCEEDED' : 'SKIPPED'
          ),
          `number ${number}`
        );
      }
    });

    it('workflows of KFP 1 are stored and listed, and their runs refused', async () => {
      const form = new FormData();
      form.set(
        'uploadfile',
        new Blob([readFileSync(join(SEED, 'argo-1.8/c05.yaml'))]),
        'c05.yaml'
      );
      const uploaded = await service.ask(
        '/c/local/apis/v2beta1/pipelines/upload?name=argo',
        { method: 'POST', body: form }
      );
      assert.equal(uploaded.status, 200, uploaded.text);
      const listed = await service.ask('/c/local/apis/v2beta1/pipelines');
      assert.match(listed.text, /"argo"/);
      const refused = await submit('argo-1.8/c05.yaml', { a: '2', b: '3' });
      assert.equal(refused.status, 400);
      assert.match(refused.text, /Argo workflow \(KFP v1\)/);
    });
  }
);
