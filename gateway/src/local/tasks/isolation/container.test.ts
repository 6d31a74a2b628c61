import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';

import {
  Bench,
  component,
  logOf,
  messageOf,
  quiet,
  until
} from '../test-attempts.ts';
import { containerBehaviour } from './container-behaviour.ts';
import { containerName } from './container-command.ts';
import {
  missingPodman,
  pythonImage,
  SHELL_IMAGE,
  shellImage
} from './test-images.ts';
import { containerAttempts } from './test-containers.ts';

const IMAGE = SHELL_IMAGE;
const ENTRY = 'localhost/jupyterlab-kfp-test-entry:1';
const PYTHON_IMAGE = 'localhost/jupyterlab-kfp-test-torch:1';

const missing = missingPodman();
const bench = new Bench();
const runner = bench.runner();
after(() => bench.close());

const attempts = containerAttempts(bench, 'podman', IMAGE);
const { shell, isThere } = attempts;

describe('containers', { skip: missing ?? false }, () => {
  before(() => {
    shellImage(ENTRY, ['ENTRYPOINT ["/bin/sh", "-c", "echo entry $0 $@"]']);
  });
  after(() => {
    spawnSync('podman', ['rmi', '--force', IMAGE, ENTRY, PYTHON_IMAGE]);
  });

  containerBehaviour(
    bench,
    runner,
    attempts,
    { shell: IMAGE, entry: ENTRY },
    /no-such-program/
  );

  it('are what commands of other images get', async () => {
    const ask = (command: string[], image = IMAGE) =>
      runner.check({ image, command, args: [], needsMounts: [] });
    assert.deepEqual(await ask(['true']), {
      isolation: 'container',
      refusals: [],
      warnings: [],
      packages: []
    });
    assert.equal((await ask([])).isolation, 'container');
    const { command, args } = component('return 1');
    const python = (image: string) =>
      runner.check({ image, command, args, needsMounts: [] });
    assert.equal((await python('python:3.11-slim')).isolation, 'process');
    assert.match((await python('python:3.11-slim')).python ?? '', /^3\.\d+\./);
    assert.equal((await python('pytorch/pytorch:2')).python, undefined);
    assert.equal((await python('pytorch/pytorch:2')).isolation, 'container');
    assert.equal((await python('python:3.3')).isolation, 'container');
    const refused = await bench
      .runner({ isolation: 'process' })
      .check({ image: IMAGE, command: ['true'], args: [], needsMounts: [] });
    assert.equal(refused.warnings[0]?.name, 'host-commands');
  });

  it('have the shared memory that they ask for', async () => {
    const spec = shell('df -k /dev/shm | tail -n 1', {
      sharedMemoryBytes: 200 * 1024 * 1024
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.match(logOf(spec), /\b204800\b/);
  });

  it('are done without where the image cannot be had, with a word', async () => {
    const image = 'localhost/no-such-image:1';
    const warnings: string[] = [];
    const listener = {
      ...quiet,
      warning: (text: string) => warnings.push(text)
    };
    const result = await runner.run(shell('echo here', { image }), listener);
    assert.equal(result.outcome, 'succeeded');
    assert.match(
      warnings[0] ?? '',
      /^the image localhost\/no-such-image:1 cannot be pulled: .*; host commands are used instead \(host-commands\)$/
    );
    const entry = shell('', { image, command: [], args: ['x'] });
    assert.match(
      messageOf(await runner.run(entry, quiet)),
      /^the image localhost\/no-such-image:1 cannot be pulled: /
    );
    const strict = bench.runner({ isolation: 'container' });
    assert.match(
      messageOf(await strict.run(shell('true', { image }), quiet)),
      /^the image localhost\/no-such-image:1 cannot be pulled: /
    );
  });

  it('are adopted with their supervisor', async () => {
    const kept = shell('echo begun; sleep 2; echo done; exit 3');
    void runner.run(kept, quiet);
    await until(() => logOf(kept).includes('begun'));
    const adopted = await bench.runner().adopt(kept, quiet);
    assert.ok(adopted?.outcome === 'failed' && adopted.exitCode === 3);
  });

  it('carry the run and the attempt as labels', async () => {
    const spec = shell('sleep 2');
    const running = runner.run(spec, quiet);
    await until(() => isThere(spec));
    const labels = execFileSync(
      'podman',
      [
        ...['container', 'inspect', '--format'],
        '{{index .Config.Labels "jupyterlab-kfp.run"}} {{index .Config.Labels "jupyterlab-kfp.attempt"}} {{.HostConfig.Privileged}}',
        containerName(spec)
      ],
      { encoding: 'utf8' }
    );
    assert.equal(labels.trim(), `r ${spec.attemptId} false`);
    await running;
  });

  it('run Python components of images that have more than Python', async () => {
    pythonImage(PYTHON_IMAGE);
    const spec = bench.attempt({
      ...component('import sys; print(sys.prefix)\nreturn a + 4'),
      image: PYTHON_IMAGE,
      isolation: 'container'
    });
    const input = JSON.stringify(spec.executorInput);
    const result = await runner.run(
      { ...spec, args: spec.args.map(word => (word === '{}' ? input : word)) },
      quiet
    );
    assert.ok(result.outcome === 'succeeded', logOf(spec));
    assert.deepEqual(result.outputs.parameters, { Output: 7 });
  });
});
