/** The gateway as a process: the only one, found by its file, honest about its folder, with samples that run. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { shellPipeline, until } from './testing/gateway-rig.ts';
import {
  attachGateway,
  spawnGateway,
  startGateway,
  type GatewayProcess
} from './testing/gateway-process.ts';

const ADDRESS = 'jupyterlab-kfp-gateway.json';

describe('the gateway process', { timeout: 240_000 }, () => {
  let folder: string;
  let gateway: GatewayProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-process-'));
  });
  afterEach(async () => {
    await gateway?.kill();
    gateway = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${gateway!.base}${path}`, {
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' }
          })
    });
    return {
      status: answer.status,
      body: (await answer.json()) as Record<string, never>
    };
  };
  const kfp = (path: string, body?: object) =>
    ask(`c/local/apis/v2beta1/${path}`, body);
  const submit = async (spec: object) => {
    const made = await kfp('runs', { display_name: 'r', pipeline_spec: spec });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    return String(made.body['run_id']);
  };
  const stateOf = async (id: string) =>
    String((await kfp(`runs/${id}`)).body['state']);
  const ended = (id: string) =>
    until(
      () => stateOf(id),
      state => state === 'SUCCEEDED' || state === 'FAILED'
    );

  it('is the only one, found by a file that its owner alone can read', async () => {
    gateway = await startGateway(folder);
    const file = join(folder, 'runtime', ADDRESS);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const second = spawnGateway(folder);
    const [code] = (await once(second.child, 'exit')) as [number];
    assert.equal(code, 0, second.errors());
    assert.equal((await ask('api/status')).body['pid'], gateway.child.pid);
    assert.equal(await gateway.stop(), 0);
    assert.equal(existsSync(file), false);
  });

  it('owns its folder alone, also of several that start at the same moment', async () => {
    for (let round = 0; round < 2; round++) {
      const all = [1, 2, 3].map(() => spawnGateway(folder));
      gateway = await attachGateway(all);
      const others = all.filter(
        ({ child }) => child.pid !== gateway!.child.pid
      );
      for (const { child, errors } of others) {
        if (child.exitCode === null) {
          await once(child, 'exit');
        }
        assert.equal(child.exitCode, 0, errors());
        assert.match(errors(), /^Another gateway is there already/);
      }
      assert.equal((await ask('api/status')).body['pid'], gateway.child.pid);
      // Killed, it gives the folder back.
      await gateway.kill();
    }
  });

  it('keeps a gateway of another address file off its folder, in one sentence', async () => {
    gateway = await startGateway(folder);
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const second = spawnGateway(folder, {
      args: ['--runtime-dir', elsewhere]
    });
    const [code] = (await once(second.child, 'exit')) as [number];
    assert.equal(code, 1);
    assert.equal(
      second.errors(),
      `The gateway did not start: the folder ${join(folder, 'data')} is in use by another gateway (process ${gateway.child.pid}). Stop that one, or use another folder (--data-dir).\n`
    );
    assert.deepEqual(readdirSync(elsewhere), []);
    assert.equal((await ask('api/status')).status, 200);
  });

  it('starts over a stale or broken address file', async () => {
    gateway = await startGateway(folder);
    await gateway.kill();
    gateway = await startGateway(folder);
    await gateway.kill();
    writeFileSync(join(folder, 'runtime', ADDRESS), '{"url":');
    gateway = await startGateway(folder);
    assert.ok(
      readdirSync(join(folder, 'runtime')).includes(`${ADDRESS}.damaged`)
    );
  });

  it('runs both tutorial samples', async () => {
    gateway = await startGateway(folder);
    const listed = (await kfp('pipelines')).body['pipelines'] as Record<
      string,
      string
    >[];
    assert.equal(listed.length, 2);
    const ids: string[] = [];
    for (const { pipeline_id } of listed) {
      const made = await kfp('runs', {
        display_name: 'tutorial',
        pipeline_version_reference: { pipeline_id }
      });
      assert.equal(made.status, 200, JSON.stringify(made.body));
      ids.push(String(made.body['run_id']));
    }
    for (const id of ids) {
      assert.equal(
        await ended(id),
        'SUCCEEDED',
        JSON.stringify((await kfp(`runs/${id}`)).body['error'])
      );
    }
    const listed3 = async (view: string) =>
      (await kfp(`runs?${view}`)).body['runs'] as Record<string, unknown>[];
    for (const run of await listed3('view=FULL')) {
      const { body } = await kfp(`runs/${String(run['run_id'])}?view=FULL`);
      const tasks = body['tasks'] as unknown[];
      assert.ok(tasks.length > 1);
      assert.deepEqual(
        [run['task_count'], run['tasks']],
        [tasks.length, tasks]
      );
    }
    assert.equal((await listed3('view=BASIC'))[0]?.['tasks'], undefined);
  });

  it('sets a damaged database aside, and says so in its status', async () => {
    gateway = await startGateway(folder);
    await gateway.stop();
    writeFileSync(join(folder, 'data/service.db'), 'x'.repeat(100_000));
    gateway = await startGateway(folder);
    const [notice] = (await ask('api/status')).body['notices'] as string[];
    assert.match(
      notice ?? '',
      /was damaged\. It was kept as .*service\.db\.damaged-/
    );
    const [kept] = readdirSync(join(folder, 'data')).filter(name =>
      name.includes('.damaged-')
    );
    assert.equal(readFileSync(join(folder, 'data', kept!)).length, 100_000);
  });

  it('refuses the database of a newer version in one sentence, and leaves it alone', async () => {
    gateway = await startGateway(folder);
    await gateway.stop();
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(folder, 'data/service.db'));
    database.exec('PRAGMA user_version = 999');
    database.close();
    const newer = spawnGateway(folder);
    const [code] = (await once(newer.child, 'exit')) as [number];
    assert.equal(code, 1);
    assert.match(
      newer.errors(),
      /^The gateway did not start: .*written by a newer jupyterlab-kfp\.\n$/
    );
    gateway = undefined;
  });

  it('ends when its folder is deleted: nothing is left running, and the next one starts afresh', async () => {
    gateway = await startGateway(folder);
    const mark = `sleep-${process.pid}-${Date.now()}`;
    const id = await submit(shellPipeline(`: ${mark}; sleep 300`));
    await until(
      () => stateOf(id),
      state => state === 'RUNNING'
    );
    await until(
      async () => processesWith(mark).length,
      count => count > 0
    );
    rmSync(join(folder, 'data'), { recursive: true, force: true });
    const refused = await kfp('runs', {
      display_name: 'r',
      pipeline_spec: shellPipeline('true')
    });
    assert.equal(refused.status, 503);
    assert.match(
      JSON.stringify(refused.body),
      /is gone from its folder\. Restart the local service/
    );
    await until(
      async () => gateway!.child.exitCode,
      code => code !== null
    );
    assert.deepEqual(processesWith(mark), []);
    gateway = await startGateway(folder);
    assert.equal((await kfp(`runs/${id}`)).status, 404);
    assert.equal(
      await ended(await submit(shellPipeline('echo x > "$1"'))),
      'SUCCEEDED'
    );
  });

  it('goes on with a schedule after a kill: what was missed is caught up', async () => {
    gateway = await startGateway(folder);
    const experiment = String(
      (await kfp('experiments', { display_name: 's' })).body['experiment_id']
    );
    const made = await kfp('recurringruns', {
      display_name: 'often',
      experiment_id: experiment,
      pipeline_spec: shellPipeline('echo x > "$1"'),
      max_concurrency: '10',
      mode: 'ENABLE',
      trigger: { periodic_schedule: { interval_second: '2' } }
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const runs = async () =>
      ((await kfp(`runs?experiment_id=${experiment}&page_size=100`)).body[
        'runs'
      ] ?? []) as unknown as Record<string, string>[];
    await until(runs, list => list.length >= 1);
    await gateway.kill();
    await sleep(5000);
    gateway = await startGateway(folder);
    const list = await until(runs, found => found.length >= 4);
    const times = list
      .map(run => Date.parse(run['scheduled_at']!))
      .sort((a, b) => a - b);
    for (let at = 1; at < times.length; at++) {
      assert.equal(times[at]! - times[at - 1]!, 2000, 'every fire once');
    }
  });
});

function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').filter(pid => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      );
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
