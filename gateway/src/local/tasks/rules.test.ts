/** Lines 14, 15 and 17 of what kfp.local does wrong (section 16 of the execution rules): they are about real processes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { containerName } from './isolation/container-command.ts';
import { missingPodman, SHELL_IMAGE } from './isolation/test-images.ts';
import {
  Bench,
  component,
  logOf,
  messageOf,
  none,
  quiet,
  until
} from './test-attempts.ts';

const bench = new Bench();
const runner = bench.runner();
after(() => bench.close());

describe('what kfp.local does wrong, in a process', () => {
  it('14: print and loggers of a task are its own, and those of the next are whole', async () => {
    const rude = component(
      [
        'import builtins, logging',
        'print("printed", a)',
        'logging.getLogger().handlers.clear()',
        'logging.getLogger().addHandler(logging.FileHandler("/dev/null"))',
        'builtins.print = None',
        'return 1'
      ].join('\n')
    );
    const polite = component(
      [
        'import logging, sys',
        'logging.getLogger().warning("logged %d", a)',
        'print("printed", a)',
        'print(len(logging.getLogger().handlers), print.__module__)',
        'return 1'
      ].join('\n')
    );
    const logs: string[] = [];
    // From the third on one process forks them all.
    for (const body of [polite, rude, rude, polite]) {
      const spec = bench.attempt(body);
      const input = JSON.stringify(spec.executorInput);
      const result = await runner.run(
        {
          ...spec,
          args: spec.args.map(word => (word === '{}' ? input : word))
        },
        quiet
      );
      assert.equal(result.outcome, 'succeeded', logOf(spec));
      logs.push(logOf(spec));
    }
    const [first, , , last] = logs.map(log =>
      log
        .split('\n')
        .filter(line => /logged|printed|builtins/.test(line))
        .map(line => line.replace(/\d{4}-\d\d-\d\d \S+/, ''))
    );
    assert.equal(first?.length, 3);
    assert.deepEqual(last, first);
    assert.ok(logs.every(log => log.split('printed 3').length === 2));
  });

  it('15: a custom path reaches the next task, and the output file wins over parameter files', async () => {
    const spec = bench.attempt({});
    const target = path.join(spec.folder, 'artifacts', 'data');
    const written = {
      parameterValues: { Output: 1 },
      artifacts: {
        data: {
          artifacts: [
            { name: 'data', uri: target, metadata: {}, customPath: 'mine.txt' }
          ]
        }
      }
    };
    const result = await runner.run(
      {
        ...spec,
        command: [
          'sh',
          '-c',
          'echo bytes > mine.txt; echo 2 > params/Output; echo "$0" > executor_output.json',
          JSON.stringify(written)
        ],
        outputs: {
          ...spec.outputs,
          artifacts: { data: { uri: target, path: target } }
        }
      },
      quiet
    );
    assert.ok(result.outcome === 'succeeded', logOf(spec));
    assert.equal(result.outputs.parameters['Output'], 1);
    const [data] = result.outputs.artifacts['data'] ?? [];
    assert.equal(readFileSync(data?.uri ?? '', 'utf8'), 'bytes\n');
  });

  const missing = missingPodman();
  it(
    '15: a container that vanished is a failure',
    { skip: missing ?? false },
    async () => {
      const spec = bench.attempt({
        image: SHELL_IMAGE,
        command: ['sh', '-c', 'echo up; sleep 60'],
        outputs: none,
        isolation: 'container'
      });
      const running = runner.run(spec, quiet);
      await until(() => logOf(spec).includes('up'));
      spawnSync('podman', [
        'rm',
        '--force',
        '--time',
        '0',
        containerName(spec)
      ]);
      assert.match(messageOf(await running), /exit code|could not be started/);
    }
  );

  it('17: variables name earlier ones', async () => {
    const spec = bench.attempt({
      command: ['sh', '-c', 'echo "$URL|$KEPT|$ODD|$POD"'],
      env: [
        { name: 'HOST', value: 'db' },
        { name: 'URL', value: 'tcp://$(HOST):$(PORT)' },
        { name: 'PORT', value: '1' },
        { name: 'KEPT', value: '$$(HOST)' },
        { name: 'ODD', value: '$(' },
        { name: 'POD', value: '$(KFP_POD_NAME)' }
      ],
      outputs: none
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    assert.equal(logOf(spec), 'tcp://db:$(PORT)|$(HOST)|$(|p\n');
  });
});
