/** Init containers: they end before the task's own container begins, or it does not begin. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import type { AttemptSpec, InitContainer } from '../contract.ts';
import { isAlive } from '../processes.ts';
import {
  Bench,
  logOf,
  messageOf,
  none,
  quiet,
  until
} from '../test-attempts.ts';
import { containerName, initName } from './container-command.ts';
import { missingPodman, SHELL_IMAGE } from './test-images.ts';

const missing = missingPodman();
const bench = new Bench();
const runner = bench.runner();
after(() => bench.close());

const volume = path.join(bench.dataDir, 'shared');
mkdirSync(volume, { recursive: true });

const init = (
  name: string,
  script: string,
  more: Partial<InitContainer> = {}
): InitContainer => ({
  name,
  image: SHELL_IMAGE,
  command: ['sh', '-c'],
  args: [script],
  env: [],
  mounts: [{ source: volume, target: '/fill', readOnly: false }],
  ...more
});

const task = (
  script: string,
  initContainers: readonly InitContainer[],
  more: Partial<AttemptSpec> = {}
): AttemptSpec =>
  bench.attempt({
    image: SHELL_IMAGE,
    command: ['sh', '-c', script],
    outputs: none,
    isolation: 'container',
    mounts: [{ source: volume, target: '/data', readOnly: false }],
    initContainers,
    ...more
  });

const isThere = (name: string): boolean =>
  spawnSync('podman', ['container', 'inspect', name]).status === 0;

describe('init containers', { skip: missing ?? false }, () => {
  it('run in order before the task, with their own mounts and variables and parts of the log', async () => {
    const spec = task('cat /data/out; ls /fill; true', [
      init('first', 'echo $(WORD) > /fill/out; echo "$WORD"; ls /data; true', {
        env: [
          { name: 'HALF', value: 'fet' },
          { name: 'WORD', value: '$(HALF)ched' }
        ]
      }),
      init('second', 'echo twice >> /fill/out; id -u')
    ]);
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.deepEqual(logOf(spec).split('\n'), [
      `[init container first (1 of 2), image ${SHELL_IMAGE}]`,
      'fetched',
      'ls: /data: No such file or directory',
      `[init container second (2 of 2), image ${SHELL_IMAGE}]`,
      String(process.getuid?.()),
      '[the task itself]',
      'fetched',
      'twice',
      'ls: /fill: No such file or directory',
      ''
    ]);
    assert.equal(isThere(initName(spec, 0)), false);
    assert.equal(isThere(containerName(spec)), false);
  });

  it('fail the task, which then does not begin', async () => {
    const spec = task('echo "the task runs"', [
      init('fetch', 'echo no; exit 3'),
      init('never', 'echo never')
    ]);
    const result = await runner.run(spec, quiet);
    assert.equal(
      messageOf(result),
      'the init container "fetch" ended with exit code 3; the task itself did not begin'
    );
    assert.doesNotMatch(logOf(spec), /the task|never/);
    const absent = task('true', [init('odd', '', { command: ['no-such'] })]);
    assert.match(
      messageOf(await runner.run(absent, quiet)),
      /^the init container "odd" could not be started; the log says why/
    );
    const image = 'localhost/no-such-image:1';
    const missingImage = task('true', [init('pull', 'true', { image })]);
    assert.match(
      messageOf(await runner.run(missingImage, quiet)),
      /^the image localhost\/no-such-image:1 cannot be pulled/
    );
  });

  it('end with the task when it is stopped', async () => {
    const spec = task('echo "the task runs"', [
      init('wait', 'echo up; sleep 60')
    ]);
    const running = runner.run(spec, quiet);
    await until(() => logOf(spec).includes('up\n'));
    runner.cancel(spec.attemptId, 1000);
    assert.equal((await running).outcome, 'canceled');
    assert.doesNotMatch(logOf(spec), /the task runs/);
    assert.equal(isThere(initName(spec, 0)), false);
  });

  it('leave no container when their supervisor is killed, and keep their log when the task goes on', async () => {
    const kill = async (spec: AttemptSpec): Promise<void> => {
      const { pid, start } = JSON.parse(
        readFileSync(path.join(spec.folder, 'pid.json'), 'utf8')
      ) as { pid: number; start: string };
      process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid, start));
    };
    const early = task('true', [init('wait', 'echo up; sleep 60')]);
    void runner.run(early, quiet);
    await until(() => logOf(early).includes('up\n'));
    await kill(early);
    assert.match(
      messageOf(await bench.runner().adopt(early, quiet)),
      /^interrupted: /
    );
    assert.equal(isThere(initName(early, 0)), false);

    const late = task('echo begun; sleep 3; echo done', [
      init('fetch', 'echo fetched')
    ]);
    void runner.run(late, quiet);
    await until(() => logOf(late).includes('begun\n'));
    await kill(late);
    assert.equal(
      (await bench.runner().adopt(late, quiet))?.outcome,
      'succeeded'
    );
    assert.deepEqual(logOf(late).split('\n').slice(1), [
      'fetched',
      '[the task itself]',
      'begun',
      'done',
      ''
    ]);
  });

  it('make a task need a container', async () => {
    const question = {
      image: 'python:3.11',
      command: ['true'],
      args: [],
      needsMounts: [],
      needsContainer: 'it has init containers'
    };
    assert.equal((await runner.check(question)).isolation, 'container');
    const none = bench.runner({ isolation: 'process' });
    assert.deepEqual((await none.check(question)).refusals, [
      'it has init containers: it needs docker or podman, which the setting isolation "process" rules out'
    ]);
  });
});
