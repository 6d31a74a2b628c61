import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import {
  Bench,
  component,
  logOf,
  none,
  PYTHON,
  quiet,
  until
} from '../test-attempts.ts';
import { installPrograms } from '../python-sources.ts';
import { IsolationKinds } from './kinds.ts';

/** A bench whose runner gets private mounts by itself, or by bwrap where it cannot. */
async function benchFor(tool: 'own' | 'bwrap') {
  const bench = new Bench();
  const runner = bench.runner({ isolation: 'namespace' });
  const programs = installPrograms(bench.dataDir);
  if (tool === 'bwrap') {
    // Nothing can be put together on a file: the way without bwrap is barred.
    rmSync(programs.stage, { recursive: true });
    writeFileSync(programs.stage, '');
  }
  const kinds = new IsolationKinds({
    setting: 'namespace',
    programs,
    clock: Date.now
  });
  const works =
    (await kinds.namespaces(PYTHON)) &&
    (kinds.bwrap === undefined) === (tool === 'own');
  return { tool, bench, runner, works };
}

const benches = [await benchFor('own'), await benchFor('bwrap')];
after(() => Promise.all(benches.map(({ bench }) => bench.close())));

const question = {
  image: 'alpine',
  command: ['true'],
  args: [],
  needsMounts: ['/data/in']
};

for (const { tool, bench, runner, works } of benches) {
  describe(
    tool === 'own' ? 'private mounts' : 'private mounts by bwrap',
    { skip: works ? false : `no private mounts (${tool}) here` },
    () => {
      const source = path.join(bench.dataDir, 'volume');
      mkdirSync(source);
      writeFileSync(path.join(source, 'file'), 'content');
      const top = (): string => readdirSync('/').join();

      it('are what a task with mounts gets', async () => {
        const check = await runner.check(question);
        assert.deepEqual([check.isolation, check.refusals], ['namespace', []]);
      });

      it('show volumes where the task wants them, and leave the host alone', async () => {
        const before = [top(), readdirSync('/usr').join()];
        const spec = bench.attempt({
          command: [
            'sh',
            '-c',
            'cat /kfp-in/deep/file; echo out > /usr/kfp-out/new; ls /usr/bin >/dev/null && touch /kfp-in/deep/no; id -u; test -e /proc/self && test -c /dev/null; cat /tmp/../kfp-empty/x 2>&1; pwd'
          ],
          outputs: none,
          isolation: 'namespace',
          mounts: [
            { source, target: '/kfp-in/deep', readOnly: true },
            { source, target: '/usr/kfp-out', readOnly: false },
            {
              source: path.join(bench.dataDir, 'made', 'here'),
              target: '/kfp-empty',
              readOnly: false
            }
          ]
        });
        const result = await runner.run(spec, quiet);
        assert.equal(result.outcome, 'succeeded', logOf(spec));
        const log = logOf(spec);
        assert.match(log, /^content/);
        assert.match(log, /Read-only file system/);
        assert.match(log, new RegExp(`^${process.getuid?.()}$`, 'm'));
        assert.equal(readFileSync(path.join(source, 'new'), 'utf8'), 'out\n');
        assert.equal(existsSync(path.join(source, 'no')), false);
        assert.ok(log.includes(spec.folder));
        assert.deepEqual([top(), readdirSync('/usr').join()], before);
      });

      it('work for Python components, forked ones too', async () => {
        for (let n = 0; n < 2; n++) {
          const spec = bench.attempt({
            ...component('print(open("/kfp-x/file").read())\nreturn a + 1'),
            isolation: 'namespace',
            mounts: [{ source, target: '/kfp-x', readOnly: true }]
          });
          const result = await runner.run(spec, quiet);
          assert.ok(result.outcome === 'succeeded', logOf(spec));
          assert.deepEqual(result.outputs.parameters, { Output: 4 });
          assert.match(logOf(spec), /^content$/m);
        }
      });

      it('end by deadline and by hand like others, and see the exit code', async () => {
        const base = {
          outputs: none,
          isolation: 'namespace' as const,
          mounts: [{ source, target: '/kfp-x', readOnly: true }]
        };
        const late = await runner.run(
          bench.attempt({
            ...base,
            command: ['sleep', '60'],
            deadlineSeconds: 1
          }),
          quiet
        );
        assert.ok(late.outcome === 'failed' && late.code === 'deadline');
        const code = await runner.run(
          bench.attempt({ ...base, command: ['sh', '-c', 'exit 9'] }),
          quiet
        );
        assert.ok(code.outcome === 'failed' && code.exitCode === 9);
        const spec = bench.attempt({ ...base, command: ['sleep', '60'] });
        const stopped = await runner.run(spec, {
          ...quiet,
          started: () =>
            setTimeout(() => runner.cancel(spec.attemptId, 500), 200)
        });
        assert.equal(stopped.outcome, 'canceled');
      });

      it('let a task finish what it does on TERM, and tell the signal that ended it', async () => {
        const base = {
          outputs: none,
          isolation: 'namespace' as const,
          mounts: [{ source, target: '/kfp-x', readOnly: true }]
        };
        const killed = await runner.run(
          bench.attempt({ ...base, command: ['sh', '-c', 'kill -SEGV $$'] }),
          quiet
        );
        assert.ok(killed.outcome === 'failed' && killed.signal === 'SIGSEGV');
        const polite = bench.attempt({
          ...base,
          command: [
            'sh',
            '-c',
            'trap "sleep 0.5; echo tidied; exit 0" TERM; echo up; while :; do sleep 0.1; done'
          ]
        });
        const running = runner.run(polite, quiet);
        await until(() => logOf(polite).includes('up'));
        runner.cancel(polite.attemptId, 5000);
        assert.equal((await running).outcome, 'canceled');
        assert.match(logOf(polite), /^up\n(.*\n)?tidied\n$/);
      });

      it('mask what a mounted secret holds', async () => {
        const secret = path.join(bench.dataDir, 'secret');
        mkdirSync(secret);
        writeFileSync(path.join(secret, 'key'), 'very-secret-value');
        const spec = bench.attempt({
          command: ['sh', '-c', 'cat /etc/kfp-secret/key'],
          outputs: none,
          isolation: 'namespace',
          mounts: [
            {
              source: secret,
              target: '/etc/kfp-secret',
              readOnly: true,
              secret: true
            }
          ]
        });
        assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
        assert.equal(logOf(spec), '********');
      });
    }
  );
}

describe('without private mounts', () => {
  it('a task with mounts is refused with the setting that rules them out', async () => {
    const check = await new Bench()
      .runner({ isolation: 'process' })
      .check(question);
    assert.equal(check.isolation, 'process');
    assert.deepEqual(check.refusals, [
      'mounts /data/in: it needs docker or podman, which the setting isolation "process" rules out'
    ]);
  });
});
