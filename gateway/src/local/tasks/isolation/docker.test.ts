/** The same as with podman, by the docker client: it talks to podman's service, which speaks docker's API. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { isAlive } from '../processes.ts';
import { Bench, logOf, messageOf, quiet, until } from '../test-attempts.ts';
import { ContainerRuntimes } from './container-runtime.ts';
import { dockerOverPodman, modelImage, shellImage } from './test-images.ts';
import { containerAttempts } from './test-containers.ts';

const IMAGE = 'localhost/jupyterlab-kfp-test-docker:1';
const ENTRY = 'localhost/jupyterlab-kfp-test-docker-entry:1';
const MODEL = 'localhost/jupyterlab-kfp-test-docker-model:1';

const service = await dockerOverPodman();
const bench = new Bench();
const runner = bench.runner();
after(async () => {
  await bench.close();
  service.close();
});

const { shell, isThere } = containerAttempts(bench, 'docker', IMAGE);

describe('docker', { skip: service.missing ?? false }, () => {
  before(() => {
    shellImage(IMAGE);
    shellImage(ENTRY, ['ENTRYPOINT ["/bin/sh", "-c", "echo entry $0 $@"]']);
    modelImage(MODEL, 'the weights');
  });
  after(() => {
    spawnSync('podman', ['rmi', '--force', IMAGE, ENTRY, MODEL]);
  });

  it('is preferred where it answers', async () => {
    const found = await new ContainerRuntimes(Date.now).find();
    assert.deepEqual(found, {
      name: 'docker',
      isRootful: process.getuid?.() === 0
    });
  });

  it('gives mounts, variables and secrets, runs as the user, and leaves no container', async () => {
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
        'pwd; id -u; cat /data/in; echo; echo new > /data/out; touch /ro/no; echo "$A $S"; cat /oci/m/models/deep/weights; echo; echo 7 > params/Output'
      ],
      env: [{ name: 'A', value: 'a b' }],
      secretEnv: [{ name: 'S', file: secret }],
      isolation: 'container',
      models: [{ image: MODEL, target: '/oci/m/models' }],
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
    for (const line of [
      spec.folder,
      String(process.getuid?.()),
      'volume content',
      'a b ********',
      'the weights'
    ]) {
      assert.ok(log.split('\n').includes(line), `${line} in ${log}`);
    }
    assert.match(log, /Read-only file system/);
    assert.equal(statSync(path.join(volume, 'out')).uid, process.getuid?.());
    assert.equal(isThere(spec), false);
  });

  it('tells exit codes, and what could not be started', async () => {
    const entry = shell('', { image: ENTRY, command: [], args: ['x', 'y z'] });
    assert.equal((await runner.run(entry, quiet)).outcome, 'succeeded');
    assert.equal(logOf(entry), 'entry x y z\n');
    const code = await runner.run(shell('exit 42'), quiet);
    assert.ok(code.outcome === 'failed' && code.exitCode === 42);
    const absent = shell('', { command: ['no-such-program'] });
    assert.match(
      messageOf(await runner.run(absent, quiet)),
      /could not be started; the log says why/
    );
    assert.notEqual(logOf(absent), '');
    assert.equal(isThere(absent), false);
    assert.match(
      messageOf(
        await runner.run(
          shell('', { image: 'localhost/none:1', command: [] }),
          quiet
        )
      ),
      /^the image localhost\/none:1 cannot be pulled: /
    );
  });

  it('stops by hand and by deadline, also what ignores TERM', async () => {
    const stubborn = shell('trap "" TERM; echo up; while :; do sleep 1; done');
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

  it('gives back a container whose supervisor died', async () => {
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
});
