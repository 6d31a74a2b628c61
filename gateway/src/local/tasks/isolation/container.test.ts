import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { isAlive } from '../processes.ts';
import {
  Bench,
  component,
  logOf,
  messageOf,
  quiet,
  until
} from '../test-attempts.ts';
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

const { shell, isThere } = containerAttempts(bench, 'podman', IMAGE);

describe('containers', { skip: missing ?? false }, () => {
  before(() => {
    shellImage(ENTRY, ['ENTRYPOINT ["/bin/sh", "-c", "echo entry $0 $@"]']);
  });
  after(() => {
    spawnSync('podman', ['rmi', '--force', IMAGE, ENTRY, PYTHON_IMAGE]);
  });

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

  it('see their folder, their mounts and their variables, and give outputs, as the user', async () => {
    const volume = path.join(bench.dataDir, 'volume');
    mkdirSync(volume, { recursive: true });
    writeFileSync(path.join(volume, 'in'), 'volume content');
    const secret = path.join(bench.dataDir, 'secret');
    writeFileSync(secret, 'do-not-tell');
    const spec = bench.attempt({
      image: IMAGE,
      command: [
        'sh',
        '-c',
        'pwd; id -u; cat /data/in; echo new > /data/out; touch /ro/no; echo "$A $S"; echo 7 > params/Output; ls /work || true'
      ],
      env: [{ name: 'A', value: 'a b' }],
      secretEnv: [{ name: 'S', file: secret }],
      isolation: 'container',
      mounts: [
        { source: volume, target: '/data', readOnly: false },
        { source: volume, target: '/ro', readOnly: true }
      ]
    });
    const result = await runner.run(spec, quiet);
    assert.ok(
      result.outcome === 'succeeded',
      JSON.stringify(result) + logOf(spec)
    );
    assert.deepEqual(result.outputs.parameters, { Output: 7 });
    const log = logOf(spec);
    assert.ok(log.startsWith(`${spec.folder}\n${process.getuid?.()}\n`), log);
    assert.match(log, /volume content/);
    assert.match(log, /Read-only file system/);
    assert.match(log, /^a b \*+$/m);
    assert.match(log, /\/work: No such file/);
    assert.equal(statSync(path.join(volume, 'out')).uid, process.getuid?.());
    assert.equal(isThere(spec), false);
  });

  it('have the shared memory that they ask for', async () => {
    const spec = shell('df -k /dev/shm | tail -n 1', {
      sharedMemoryBytes: 200 * 1024 * 1024
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.match(logOf(spec), /\b204800\b/);
  });

  it('start by the entry point of their image where there is no command', async () => {
    const spec = shell('', { image: ENTRY, command: [], args: ['x', 'y z'] });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.equal(logOf(spec), 'entry x y z\n');
  });

  it('tell their exit code, and what could not be started', async () => {
    const code = await runner.run(shell('echo so; exit 42'), quiet);
    assert.ok(code.outcome === 'failed' && code.exitCode === 42);
    const high = await runner.run(shell('exit 126'), quiet);
    assert.ok(high.outcome === 'failed' && high.exitCode === 126);
    const absent = shell('', { command: ['no-such-program'] });
    assert.match(
      messageOf(await runner.run(absent, quiet)),
      /could not be started; the log says why/
    );
    assert.match(logOf(absent), /no-such-program/);
    assert.equal(isThere(absent), false);
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

  it('end by hand and by deadline, also when they ignore TERM', async () => {
    const stubborn = shell(
      'trap "" TERM; echo up; while true; do sleep 1; done'
    );
    const running = runner.run(stubborn, quiet);
    await until(() => logOf(stubborn).includes('up'));
    runner.cancel(stubborn.attemptId, 1000);
    assert.equal((await running).outcome, 'canceled');
    assert.equal(isThere(stubborn), false);
    const late = await runner.run(
      shell('sleep 60', { deadlineSeconds: 1 }),
      quiet
    );
    assert.ok(late.outcome === 'failed' && late.code === 'deadline');
  });

  it('are adopted with their supervisor, and without it', async () => {
    const kept = shell('echo begun; sleep 2; echo done; exit 3');
    void runner.run(kept, quiet);
    await until(() => logOf(kept).includes('begun'));
    const adopted = await bench.runner().adopt(kept, quiet);
    assert.ok(adopted?.outcome === 'failed' && adopted.exitCode === 3);

    const orphan = shell('echo begun; sleep 3; echo done; exit 4');
    void runner.run(orphan, quiet);
    await until(() => logOf(orphan).includes('begun'));
    const { pid, start } = JSON.parse(
      readFileSync(path.join(orphan.folder, 'pid.json'), 'utf8')
    ) as { pid: number; start: string };
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid, start));
    assert.equal(isThere(orphan), true);
    const found = await bench.runner().adopt(orphan, quiet);
    assert.ok(
      found?.outcome === 'failed' && found.exitCode === 4,
      JSON.stringify(found)
    );
    assert.equal(logOf(orphan), 'begun\ndone\n');
    assert.equal(isThere(orphan), false);
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
