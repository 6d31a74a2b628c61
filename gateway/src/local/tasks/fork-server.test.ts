import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import type { AttemptSpec } from './contract.ts';
import { Bench, component, logOf, quiet, until } from './test-attempts.ts';

const bench = new Bench();
after(() => bench.close());

/** Says who started its supervisor, and ends after `seconds`. */
function telling(seconds = 0, more: Partial<AttemptSpec> = {}): AttemptSpec {
  return bench.attempt({
    ...component(
      `import os, time\nsup = os.getppid()\nline = open(f"/proc/{sup}/cmdline").read().replace(chr(0), " ")\nprint("SUPERVISOR", line)\nprint("HASH", hash("x"), os.environ.get("PYTHONHASHSEED"))\ntime.sleep(${seconds})\nreturn a + 1`
    ),
    ...more
  });
}

const isForked = (spec: AttemptSpec): boolean =>
  /SUPERVISOR .*fork_server\.py/.test(logOf(spec));

describe('the fork server', { skip: process.platform !== 'linux' }, () => {
  it('serves from the second task of an environment on, with the same results', async () => {
    const runner = bench.runner();
    const specs = [telling(), telling(), telling()];
    for (const spec of specs) {
      const result = await runner.run(spec, quiet);
      assert.ok(result.outcome === 'succeeded', logOf(spec));
      assert.deepEqual(result.outputs.parameters, { Output: 4 });
    }
    assert.deepEqual(specs.map(isForked), [false, true, true]);
  });

  it('is not used when it is switched off', async () => {
    const runner = bench.runner({ forkServer: false });
    const specs = [telling(), telling()];
    for (const spec of specs) {
      assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    }
    assert.deepEqual(specs.map(isForked), [false, false]);
  });

  it('leaves tasks to a fresh process whose variables count at the start of Python', async () => {
    const runner = bench.runner();
    await runner.run(telling(), quiet);
    const spec = telling(0, {
      env: [{ name: 'PYTHONHASHSEED', value: '7' }]
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.equal(isForked(spec), false);
    const again = telling(0, { env: [{ name: 'PYTHONHASHSEED', value: '7' }] });
    await runner.run(again, quiet);
    const hash = (one: AttemptSpec) => /HASH .*/.exec(logOf(one))?.[0];
    assert.match(hash(spec) ?? '', / 7$/);
    assert.equal(hash(again), hash(spec));
  });

  it('holds its tasks in one session, whose weight is below that of others', async () => {
    const runner = bench.runner();
    const who = () =>
      bench.attempt(
        component(
          'import os\nprint("WHO", os.getsid(0), os.getpgid(0) == os.getpid(), os.getpriority(os.PRIO_PROCESS, 0))\nprint("GROUP", open("/proc/self/autogroup").read() if os.path.exists("/proc/self/autogroup") else "")\nreturn a'
        )
      );
    const specs = [who(), who(), who()];
    for (const spec of specs) {
      await runner.run(spec, quiet);
    }
    const [, second, third] = specs.map(
      spec => /WHO (\d+) True 1\d$/m.exec(logOf(spec))?.[1]
    );
    assert.notEqual(second, undefined, logOf(specs[1]!));
    assert.equal(third, second);
    const group = /GROUP (\S+ nice \d+)?/.exec(logOf(specs[1]!))?.[1];
    if (group !== undefined && process.getuid?.() === 0) {
      assert.match(group, / nice 5$/);
    }
  });

  it('may be killed: the task that runs goes on, the next ones run without it', async () => {
    const runner = bench.runner();
    await runner.run(telling(), quiet);
    const spec = telling(1);
    const running = runner.run(spec, quiet);
    await until(() => isForked(spec));
    process.kill(serverOf(spec), 'SIGKILL');
    const result = await running;
    assert.ok(result.outcome === 'succeeded', JSON.stringify(result));
    const next = await runner.run(telling(), quiet);
    assert.equal(next.outcome, 'succeeded');
  });

  it('lets go of its tasks when the gateway does, and they can be adopted', async () => {
    const runner = bench.runner();
    await runner.run(telling(), quiet);
    const spec = telling(1);
    void runner.run(spec, quiet);
    await until(() => isForked(spec));
    const server = serverOf(spec);
    await runner.close();
    await until(() => !existsSync(`/proc/${server}`) || isZombie(server));
    const result = await bench.runner().adopt(spec, quiet);
    assert.ok(result?.outcome === 'succeeded', JSON.stringify(result));
  });

  it('runs many at once, and cancels one of them only', async () => {
    const runner = bench.runner();
    await runner.run(telling(), quiet);
    const specs = Array.from({ length: 8 }, (_, n) =>
      telling(n === 3 ? 30 : 0.2)
    );
    const results = Promise.all(specs.map(spec => runner.run(spec, quiet)));
    const long = specs[3];
    assert.ok(long !== undefined);
    await until(() => isForked(long));
    runner.cancel(long.attemptId, 500);
    assert.deepEqual(
      (await results).map(({ outcome }) => outcome),
      specs.map(spec => (spec === long ? 'canceled' : 'succeeded'))
    );
  });
});

function serverOf(spec: AttemptSpec): number {
  const record = JSON.parse(
    readFileSync(path.join(spec.folder, 'pid.json'), 'utf8')
  ) as { pid: number };
  const stat = readFileSync(`/proc/${record.pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
