import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { timesIn } from '../runs/log-times.ts';
import { isAlive, type ProcessRecord } from './processes.ts';
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
const runner = bench.runner({ logCapBytes: 1_000_000 });
after(() => bench.close());

describe('the supervisor of a task', () => {
  it('ends what the task left running, also outside its session', async () => {
    const spec = bench.attempt({
      command: [
        'sh',
        '-c',
        'setsid sleep 97 & setsid sh -c "sleep 98 & sleep 99" & echo $! > pid; sleep 0.2'
      ],
      outputs: none
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    const pid = Number(readFileSync(path.join(spec.folder, 'pid'), 'utf8'));
    assert.equal(isAlive(pid, null), false);
  });

  it('masks secrets in the log, also when they come in pieces or as JSON', async () => {
    const file = path.join(bench.dataDir, 'token');
    const value = 'hunter2-"quoted"-päss';
    writeFileSync(file, `${value}\n`);
    const spec = bench.attempt({
      ...component(
        [
          'import json, os, sys, time',
          's = os.environ["TOKEN"].strip()',
          'print(s); print(json.dumps({"t": s})); print("short", os.environ["PIN"])',
          'sys.stdout.write(s[:7]); sys.stdout.flush(); time.sleep(0.1)',
          'print(s[7:]); print("hunter2 alone stays")',
          'return 1'
        ].join('\n')
      ),
      secretEnv: [
        { name: 'TOKEN', file },
        { name: 'PIN', file: path.join(bench.dataDir, 'pin') }
      ]
    });
    writeFileSync(path.join(bench.dataDir, 'pin'), '1234');
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    const log = logOf(spec);
    assert.doesNotMatch(log, /quoted/);
    assert.match(log, /^\*+$/m);
    assert.match(log, /"t": "\*+"/);
    assert.match(log, /short 1234/);
    assert.match(log, /hunter2 alone stays/);
  });

  it('notes when which part of the log was written', async () => {
    const before = Date.now();
    const spec = bench.attempt({
      command: ['sh', '-c', 'echo one; sleep 1.3; echo two'],
      outputs: none
    });
    assert.equal((await runner.run(spec, quiet)).outcome, 'succeeded');
    const times = timesIn(
      readFileSync(path.join(spec.folder, 'log_times'), 'utf8')
    );
    assert.deepEqual(
      times.map(([offset]) => offset),
      [0, 'one\n'.length]
    );
    const [first, second] = times.map(([, at]) => at);
    assert.ok(first !== undefined && second !== undefined);
    assert.ok(first >= before && second - first >= 1200);
  });

  it('keeps up with a task that floods its log, and keeps only the beginning', async () => {
    const spec = bench.attempt({
      command: ['sh', '-c', 'head -c 1000000000 /dev/zero; exit 3'],
      outputs: none
    });
    const began = Date.now();
    assert.match(messageOf(await runner.run(spec, quiet)), /exit code 3/);
    assert.ok(Date.now() - began < 30_000);
    const { size } = statSync(path.join(spec.folder, 'log'));
    assert.ok(size > 1_000_000 && size < 1_000_200, String(size));
    assert.match(logOf(spec).slice(-200), /limit of 1000000 bytes/);
  });

  it('says that a value was NaN, that a file is missing, that it was killed', async () => {
    const nan = await runner.run(
      bench.attempt({
        command: [
          'sh',
          '-c',
          'echo \'{"parameterValues": {"Output": -Infinity}}\' > executor_output.json'
        ]
      }),
      quiet
    );
    assert.match(
      messageOf(nan),
      /^executor output is not valid JSON: a value is NaN or infinite/
    );
    const killed = await runner.run(
      bench.attempt({ command: ['sh', '-c', 'kill -9 $$'], outputs: none }),
      quiet
    );
    assert.match(messageOf(killed), /ended by SIGKILL: something outside/);
    const absent = bench.attempt({
      command: ['no-such-program'],
      outputs: none
    });
    assert.match(messageOf(await runner.run(absent, quiet)), /exit code 127/);
    assert.match(logOf(absent), /cannot start: .*no-such-program/);
  });

  it('tells a task that deleted its own folder, and keeps its log', async () => {
    const spec = bench.attempt({
      command: ['sh', '-c', 'echo before; rm -rf "$PWD"; echo after']
    });
    assert.match(
      messageOf(await runner.run(spec, quiet)),
      /it deleted its own folder/
    );
    assert.equal(logOf(spec), 'before\nafter\n');
  });

  it('writes down the end on a full disk and says so', async t => {
    if (process.getuid?.() !== 0 || process.platform !== 'linux') {
      t.skip('needs root to mount a small disk');
      return;
    }
    const spec = bench.attempt({
      command: [
        'sh',
        '-c',
        'cat /dev/zero > filler; yes | head -c 900000; exit 5'
      ],
      outputs: none
    });
    mkdirSync(spec.folder, { recursive: true });
    const { execFileSync } = await import('node:child_process');
    execFileSync('mount', [
      ...['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', spec.folder]
    ]);
    try {
      assert.match(
        messageOf(await runner.run(spec, quiet)),
        /exit code 5: the disk is full/
      );
    } finally {
      execFileSync('umount', ['-l', spec.folder]);
    }
  });

  it('takes its task with it when it is killed, and the attempt counts as interrupted', async () => {
    const spec = bench.attempt({ command: ['sleep', '96'], outputs: none });
    const running = runner.run(spec, quiet);
    const file = path.join(spec.folder, 'pid.json');
    const record = (): ProcessRecord => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
      } catch {
        return { pid: 0, start: null };
      }
    };
    await until(() => record().task !== undefined);
    const { pid, task = 0, taskStart = null } = record();
    process.kill(pid, 'SIGKILL');
    assert.match(messageOf(await running), /supervisor ended early/);
    assert.match(
      messageOf(await bench.runner().adopt(spec, quiet)),
      /^interrupted/
    );
    await until(() => !isAlive(task, taskStart));
  });

  it('adopts what an earlier gateway started, and can still stop it', async () => {
    const spec = bench.attempt({ command: ['sleep', '95'], outputs: none });
    void runner.run(spec, quiet);
    await until(() => logExists(spec.folder));
    const later = bench.runner();
    const adopted = later.adopt(spec, quiet);
    await new Promise(resolve => setTimeout(resolve, 50));
    later.cancel(spec.attemptId, 500);
    assert.equal((await adopted)?.outcome, 'canceled');
  });

  it('refuses an argument that the system would refuse', async () => {
    const long = bench.attempt({
      command: ['echo', 'x'.repeat(140_000)],
      outputs: none
    });
    assert.match(
      messageOf(await runner.run(long, quiet)),
      /argument 2 is 137 KB, the operating system allows 128 KB/
    );
    const many = bench.attempt({
      command: [
        'echo',
        ...Array.from({ length: 30 }, () => 'x'.repeat(100_000))
      ],
      outputs: none
    });
    assert.match(messageOf(await runner.run(many, quiet)), /allows 2048 KB/);
  });
});

function logExists(folder: string): boolean {
  try {
    return statSync(path.join(folder, 'pid.json')).size > 0;
  } catch {
    return false;
  }
}
