import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { expandVariables } from './task-environment.ts';
import { Bench, component, none, quiet } from './test-attempts.ts';

const bench = new Bench();
const runner = bench.runner({ logCapBytes: 100_000 });
const attempt = bench.attempt.bind(bench);
after(() => bench.close());

describe('TaskRunner', () => {
  it('runs a Python component and gives its output and log', async () => {
    const spec = attempt(component('print("hello")\nreturn a + 1'));
    const result = await runner.run(spec, quiet);
    assert.ok(result.outcome === 'succeeded', JSON.stringify(result));
    assert.deepEqual(result.outputs.parameters, { Output: 4 });
    assert.match(
      readFileSync(path.join(spec.folder, 'log'), 'utf8'),
      /^hello$/m
    );
  });

  it('tells a failing component by its exit code and keeps the traceback', async () => {
    const spec = attempt(component('raise ValueError("boom")'));
    const result = await runner.run(spec, quiet);
    assert.ok(result.outcome === 'failed');
    assert.equal(result.exitCode, 1);
    assert.match(
      readFileSync(path.join(spec.folder, 'log'), 'utf8'),
      /ValueError: boom/
    );
  });

  it('runs a literal command with its variables and reads parameter files', async () => {
    const spec = attempt({
      command: ['sh', '-c', 'echo "$B" >&2; echo 7 > params/Output'],
      env: [
        { name: 'A', value: 'x' },
        { name: 'B', value: '$(A)y$(Z)' }
      ]
    });
    const result = await runner.run(spec, quiet);
    assert.ok(result.outcome === 'succeeded', JSON.stringify(result));
    assert.deepEqual(result.outputs.parameters, { Output: 7 });
    assert.equal(
      readFileSync(path.join(spec.folder, 'log'), 'utf8'),
      'xy$(Z)\n'
    );
  });

  it('names a parameter that was not written and output that is no JSON', async () => {
    const missing = await runner.run(attempt({ command: ['true'] }), quiet);
    assert.ok(missing.outcome === 'failed');
    assert.match(
      missing.message,
      /^failed to read output parameter name="Output" type="NUMBER_INTEGER"/
    );
    const nan = await runner.run(
      attempt({
        command: ['sh', '-c', 'echo \'{"a": NaN}\' > executor_output.json']
      }),
      quiet
    );
    assert.ok(nan.outcome === 'failed');
    assert.match(nan.message, /^executor output is not valid JSON/);
  });

  it('cancels a task that ignores TERM and what it started', async () => {
    const spec = attempt({
      command: ['sh', '-c', 'trap "" TERM; sleep 60 & wait; sleep 60'],
      outputs: none
    });
    const began = Date.now();
    const result = await runner.run(spec, {
      ...quiet,
      started: () => setTimeout(() => runner.cancel(spec.attemptId, 200), 300)
    });
    assert.equal(result.outcome, 'canceled');
    assert.ok(Date.now() - began < 5000);
  });

  it('ends a task at its deadline and cuts a long log', async () => {
    const late = await runner.run(
      attempt({ command: ['sleep', '60'], outputs: none, deadlineSeconds: 1 }),
      quiet
    );
    assert.ok(late.outcome === 'failed');
    assert.equal(late.message, 'task exceeded its deadline of 1 s');
    const loud = attempt({
      command: ['sh', '-c', 'head -c 300000 /dev/zero'],
      outputs: none
    });
    await runner.run(loud, quiet);
    const log = readFileSync(path.join(loud.folder, 'log'), 'utf8');
    assert.ok(log.length < 100_200);
    assert.match(log, /\[200000 bytes of log dropped\]\n$/);
  });

  it('never runs an adopted attempt twice and takes its stored result', async () => {
    const spec = attempt({ command: ['true'], outputs: none });
    assert.equal(await runner.adopt(spec, quiet), undefined);
    const result = await runner.run(spec, quiet);
    assert.deepEqual(await runner.adopt(spec, quiet), result);
  });

  it('expands variables once, from earlier ones', () => {
    assert.equal(
      expandVariables('$$(A) $(A) $(B)', { A: '$(B)' }),
      '$(A) $(B) $(B)'
    );
  });
});
