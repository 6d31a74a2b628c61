/** What containers do whichever client starts them: one set of tests for podman and for docker. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import type { TaskRunner } from '../contract.ts';
import { isAlive } from '../processes.ts';
import {
  type Bench,
  logOf,
  messageOf,
  quiet,
  until
} from '../test-attempts.ts';
import type { ContainerAttempts } from './test-containers.ts';

/**
 * The tests, inside a `describe`.
 *
 * @param images - `shell` has a shell, `entry` an entry point that tells its arguments.
 * @param absent - What the client logs of a program that the image does not have.
 */
export function containerBehaviour(
  bench: Bench,
  runner: TaskRunner,
  { shell, isThere }: ContainerAttempts,
  images: { readonly shell: string; readonly entry: string },
  absent: RegExp
): void {
  void it('see their folder, their mounts and their variables, and give outputs, as the user', async () => {
    const volume = path.join(bench.dataDir, 'volume');
    mkdirSync(volume, { recursive: true });
    writeFileSync(path.join(volume, 'in'), 'volume content');
    const secret = path.join(bench.dataDir, 'secret');
    writeFileSync(secret, 'do-not-tell');
    const spec = bench.attempt({
      image: images.shell,
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

  void it('start by the entry point of their image where there is no command', async () => {
    const spec = shell('', {
      image: images.entry,
      command: [],
      args: ['x', 'y z']
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.equal(logOf(spec), 'entry x y z\n');
  });

  void it('tell their exit code, and what could not be started', async () => {
    const code = await runner.run(shell('echo so; exit 42'), quiet);
    assert.ok(code.outcome === 'failed' && code.exitCode === 42);
    const high = await runner.run(shell('exit 126'), quiet);
    assert.ok(high.outcome === 'failed' && high.exitCode === 126);
    const none = shell('', { command: ['no-such-program'] });
    assert.match(
      messageOf(await runner.run(none, quiet)),
      /could not be started; the log says why/
    );
    assert.match(logOf(none), absent);
    assert.equal(isThere(none), false);
  });

  void it('end by hand and by deadline, also when they ignore TERM', async () => {
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

  void it('are adopted without their supervisor', async () => {
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
}
