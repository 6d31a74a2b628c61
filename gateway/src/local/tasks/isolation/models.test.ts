/** Models in images, by a real runtime: copied once, mounted for all kinds of tasks. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { AttemptSpec } from '../contract.ts';
import {
  Bench,
  component,
  logOf,
  messageOf,
  none,
  PYTHON,
  quiet
} from '../test-attempts.ts';
import { installPrograms } from '../python-sources.ts';
import { IsolationKinds } from './kinds.ts';
import { missingPodman, modelImage, SHELL_IMAGE } from './test-images.ts';

const IMAGE = 'localhost/jupyterlab-kfp-test-model:1';
const ALIAS = 'localhost/jupyterlab-kfp-test-model:again';
const WRONG = 'localhost/jupyterlab-kfp-test-no-model:1';
const TARGET = '/oci/localhost_jupyterlab-kfp-test-model:1/models';

const missing = missingPodman();
const bench = new Bench();
const runner = bench.runner();
const namespaces = await new IsolationKinds({
  setting: 'namespace',
  programs: installPrograms(bench.dataDir),
  clock: Date.now
}).namespaces(PYTHON);
after(() => bench.close());

const models = (image = IMAGE): AttemptSpec['models'] => [
  { image, target: TARGET }
];
const copies = (): readonly string[] =>
  readdirSync(path.join(bench.dataDir, 'models'));
const shell = (script: string, more: Partial<AttemptSpec>): AttemptSpec =>
  bench.attempt({
    image: SHELL_IMAGE,
    command: ['sh', '-c', script],
    outputs: none,
    isolation: 'container',
    ...more
  });

describe('models in images', { skip: missing ?? false }, () => {
  before(() => {
    modelImage(IMAGE, 'the weights');
    modelImage(WRONG, 'nothing', 'elsewhere');
    spawnSync('podman', ['tag', IMAGE, ALIAS]);
  });
  after(() => {
    spawnSync('podman', ['rmi', '--force', IMAGE, ALIAS, WRONG]);
  });

  it('are read only in a container, and no program of theirs runs', async () => {
    const spec = shell(
      `cat ${TARGET}/deep/weights; echo; touch ${TARGET}/no; id -u`,
      { models: models() }
    );
    const result = await runner.run(spec, quiet);
    assert.equal(result.outcome, 'succeeded', logOf(spec));
    assert.match(logOf(spec), /^the weights$/m);
    assert.match(logOf(spec), /Read-only file system/);
    const left = spawnSync(
      'podman',
      ['ps', '--all', '--format', '{{.Names}}'],
      {
        encoding: 'utf8'
      }
    );
    assert.doesNotMatch(left.stdout, /jupyterlab-kfp-model-/);
  });

  it(
    'are opened by Python components of this machine, by `path`',
    { skip: namespaces ? false : 'no private mount namespaces here' },
    async () => {
      for (let n = 0; n < 2; n++) {
        const spec = bench.attempt({
          ...component(
            `print(Model(uri="oci://localhost/jupyterlab-kfp-test-model:1").path)\nprint(open("${TARGET}/deep/weights").read())\nreturn a`
          ),
          isolation: 'namespace',
          models: models()
        });
        const result = await runner.run(spec, quiet);
        assert.ok(result.outcome === 'succeeded', logOf(spec));
        assert.match(logOf(spec), new RegExp(`^${TARGET}$`, 'm'));
        assert.match(logOf(spec), /^the weights$/m);
      }
    }
  );

  it('are copied once for all tasks and names, and again when the image is another', async () => {
    const marker = path.join(
      bench.dataDir,
      'models',
      copies()[0] ?? '',
      'complete'
    );
    const { ino } = statSync(marker);
    const again = shell(`cat ${TARGET}/deep/weights`, {
      models: models(ALIAS)
    });
    assert.equal((await runner.run(again, quiet)).outcome, 'succeeded');
    assert.deepEqual([copies().length, statSync(marker).ino], [1, ino]);

    modelImage(IMAGE, 'better weights');
    const together = await Promise.all(
      [1, 2, 3].map(async () => {
        const spec = shell(`cat ${TARGET}/deep/weights`, { models: models() });
        await runner.run(spec, quiet);
        return logOf(spec);
      })
    );
    assert.deepEqual(together, Array(3).fill('better weights'));
    assert.equal(copies().length, 2);
  });

  it('are made again where a copy was left half done', async () => {
    const [name = ''] = copies();
    spawnSync('rm', [path.join(bench.dataDir, 'models', name, 'complete')]);
    writeFileSync(
      path.join(bench.dataDir, 'models', name, 'models', 'half'),
      ''
    );
    const spec = shell(`ls ${TARGET}`, { models: models(ALIAS) });
    const other = shell(`ls ${TARGET}`, { models: models(IMAGE) });
    await runner.run(spec, quiet);
    await runner.run(other, quiet);
    assert.deepEqual([logOf(spec), logOf(other)], ['deep\n', 'deep\n']);
  });

  it('fail their task with what is missing', async () => {
    const failure = async (image: string): Promise<string> =>
      messageOf(
        await runner.run(shell('true', { models: models(image) }), quiet)
      );
    assert.match(
      await failure(WRONG),
      /^the folder \/models of the image localhost\/jupyterlab-kfp-test-no-model:1 cannot be copied: /
    );
    assert.match(
      await failure('localhost/no-such-model:1'),
      /^the image localhost\/no-such-model:1 cannot be pulled: /
    );
    assert.equal(copies().length, 2);
    const strict = bench.runner({ isolation: 'namespace' });
    assert.match(
      messageOf(await strict.run(shell('true', { models: models() }), quiet)),
      /needs docker or podman/
    );
    assert.match(
      (await strict.withoutContainers()) ?? '',
      /which the setting isolation "namespace" rules out$/
    );
    assert.equal(await runner.withoutContainers(), undefined);
  });
});
