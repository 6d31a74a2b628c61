/** Every route of the workbench API, once each, against the real local service with real processes. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';

import {
  openGateway,
  shellPipeline,
  TOKEN,
  until,
  type GatewayRig
} from '../testing/gateway-rig.ts';

const RUNS = '/api/connections/local/runs';
const TEXT = JSON.stringify(
  shellPipeline('echo "said $0"; echo "kept $0" > "$1"')
);

describe('the workbench API', () => {
  let rig: GatewayRig;
  /** A run that has succeeded. */
  let id: string;
  const tested = new Set<string>();
  const routes: string[] = [];

  before(async () => {
    rig = await openGateway();
    const made = await rig.ask('POST', RUNS, {
      pipeline: { text: TEXT },
      name: 'first'
    });
    assert.equal(made.statusCode, 200, made.body);
    id = made.json().run.run_id;
    await until(
      async () =>
        (await rig.ask('GET', `${RUNS}/${id}/view?detail=header`)).json().view
          .run.state,
      state => state === 'SUCCEEDED' || state === 'FAILED'
    );
    routes.push(
      ...routesOf(rig.gateway.app.printRoutes({ commonPrefix: false }))
    );
  });
  after(() => rig.close());

  /** A test of one route, named by it. */
  const route = (name: string, work: (path: string) => Promise<void>) => {
    tested.add(name);
    it(name, () => work(name.split(' ')[1]!));
  };
  const get = async (path: string, status = 200) => {
    const answer = await rig.ask('GET', path);
    assert.equal(answer.statusCode, status, answer.body);
    return answer.json();
  };
  const taskId = async () =>
    Object.keys((await get(`${RUNS}/${id}/view`)).view.tasks)[0]!;

  route('GET /api/status', async path => {
    const status = await get(path);
    assert.equal(status.pid, process.pid);
    assert.equal(status.default_connection, 'local');
    assert.deepEqual(status.notices, []);
  });

  route('GET /api/connections/:connection/doctor', async () => {
    const path = '/api/connections/local/doctor';
    const report = await get(`${path}?sdk=2.17.0`);
    assert.equal(report.connection, 'local');
    assert.equal(report.checks.length, 10);
    assert.deepEqual(
      report.checks.filter((one: { state: string }) => one.state === 'failed'),
      []
    );
    assert.match(report.checks[9].evidence, /kfp 2\.17\.0 in the kernel/);
    assert.deepEqual(
      report.checks[8].lines,
      ['Task details', 'Logs', 'Artifacts'].map(what => `${what}: readable.`)
    );
    const bare = await get(`${path}?sdk=`);
    assert.equal(bare.checks[9].evidence, 'The kernel has no kfp.');
    assert.match(bare.checks[9].fix, /pip install kfp/);
    await get(`${path}?namespace=${'x'.repeat(64)}`, 400);
    await get('/api/connections/ghost/doctor', 404);
  });

  route('GET /api/connections', async path => {
    const [local] = (await get(path)).connections;
    assert.equal(local.name, 'local');
    assert.equal(local.is_default, true);
  });

  route('POST /api/connections/search', async path => {
    const answer = await rig.ask('POST', path);
    assert.equal(answer.json().connections.length, 1);
  });

  route('GET /api/connections/:connection', async () => {
    assert.equal((await get('/api/connections/local')).health, 'connected');
    assert.deepEqual(await get('/api/connections/ghost', 404), {
      code: 'conn-unknown',
      message: 'There is no connection called "ghost".',
      fix: '%kfp ls connections lists them.'
    });
  });

  route('GET /api/connections/:connection/runs', async () => {
    const page = await get(`${RUNS}?page_size=1`);
    assert.equal(page.runs[0].run_id, id);
    assert.equal(page.total_size, 1);
    const none = await get(
      `${RUNS}?filter=${encodeURIComponent('{"predicates":[{"operation":"EQUALS","key":"name","string_value":"x"}]}')}`
    );
    assert.deepEqual(none.runs, []);
    assert.equal(
      (await get(`${RUNS}?filter=nonsense`, 400)).code,
      'bad-request'
    );
  });

  route('POST /api/connections/:connection/runs', async () => {
    const answer = await rig.ask('POST', RUNS, {
      pipeline: { text: TEXT },
      parameters: { word: 3 }
    });
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.json().code, 'bad-param');
    assert.match(
      answer.json().message,
      /input parameter word requires type string/
    );
  });

  route('GET /api/connections/:connection/runs/:run/view', async () => {
    const { view } = await get(`${RUNS}/${id}/view`);
    assert.equal(view.run.state, 'SUCCEEDED', JSON.stringify(view.failure));
    const [task] = Object.values(view.tasks) as {
      state: string;
      inputs: { producer?: string }[];
      outputs: unknown[];
    }[];
    assert.equal(task!.state, 'SUCCEEDED');
    assert.deepEqual(
      task!.inputs.map(input => input.producer),
      ['pipeline.word']
    );
    assert.equal(task!.outputs.length, 1);
    assert.equal((await get(`${RUNS}/ghost/view`, 404)).code, 'not-found');
  });

  route(
    'GET /api/connections/:connection/runs/:run/tasks/:task/log',
    async () => {
      const chunk = await get(
        `${RUNS}/${id}/tasks/${await taskId()}/log?from=5`
      );
      assert.equal(chunk.text, 'hello\n');
      assert.equal(chunk.end, true);
      assert.equal(
        (await get(`${RUNS}/${id}/tasks/ghost/log`, 404)).code,
        'not-found'
      );
    }
  );

  route(
    'GET /api/connections/:connection/runs/:run/tasks/:task/log/times',
    async () => {
      const { times } = await get(
        `${RUNS}/${id}/tasks/${await taskId()}/log/times`
      );
      const [offset, at] = times[0];
      assert.equal(offset, 0);
      assert.ok(Math.abs(Date.now() - at) < 600_000, String(at));
    }
  );

  route(
    'GET /api/connections/:connection/runs/:run/tasks/:task/log/download',
    async () => {
      const answer = await rig.ask(
        'GET',
        `${RUNS}/${id}/tasks/${await taskId()}/log/download`
      );
      assert.equal(answer.body, 'said hello\n');
      assert.match(
        String(answer.headers['content-disposition']),
        /^attachment/
      );
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    }
  );

  route(
    'GET /api/connections/:connection/runs/:run/tasks/:task/:side/:name',
    async () => {
      const path = `${RUNS}/${id}/tasks/${await taskId()}`;
      const answer = await rig.ask('GET', `${path}/inputs/word`);
      assert.equal(answer.body, '"hello"');
      assert.match(
        String(answer.headers['content-disposition']),
        /^attachment; filename="word.json"/
      );
      assert.equal((await get(`${path}/outputs/ghost`, 404)).code, 'not-found');
    }
  );

  route(
    'GET /api/connections/:connection/runs/:run/artifacts/:artifact',
    async () => {
      const { view } = await get(`${RUNS}/${id}/view`);
      const [task] = Object.values(view.tasks) as {
        outputs: { artifact_id: string }[];
      }[];
      const path = `${RUNS}/${id}/artifacts/${task!.outputs[0]!.artifact_id}`;
      const answer = await rig.ask('GET', path);
      assert.equal(answer.body, 'kept hello\n');
      assert.match(
        String(answer.headers['content-security-policy']),
        /sandbox/
      );
      const info = await get(`${path}?info=1`);
      assert.equal(info.size, 11);
      assert.equal(info.is_folder, false);
      assert.equal(
        (await get(`${RUNS}/${id}/artifacts/ghost`, 404)).code,
        'not-found'
      );
    }
  );

  route('GET /api/connections/:connection/runs/:run/source', async () => {
    const source = await get(`${RUNS}/${id}/source`);
    assert.deepEqual(JSON.parse(source.text), JSON.parse(TEXT));
    assert.deepEqual(await get(`/api/pipelines/${source.digest}`), {
      text: source.text
    });
  });

  route('POST /api/connections/:connection/runs/:run/actions', async () => {
    const act = (action: string) =>
      rig.ask('POST', `${RUNS}/${id}/actions`, { action });
    assert.equal((await act('archive')).statusCode, 200);
    assert.equal((await act('unarchive')).json().state, 'SUCCEEDED');
    const again = await act('retry');
    assert.equal(again.statusCode, 409);
    assert.match(again.json().message, /must be Failed\/Error to retry/);
    const late = await act('terminate');
    assert.equal(late.statusCode, 409);
    assert.equal(
      late.json().message,
      'This run has ended: there is nothing to stop.'
    );
    assert.equal((await act('explode')).statusCode, 400);
  });

  route('DELETE /api/connections/:connection/runs/:run', async () => {
    const made = await rig.ask('POST', RUNS, { pipeline: { text: TEXT } });
    const other = made.json().run.run_id as string;
    assert.equal((await rig.ask('DELETE', `${RUNS}/${other}`)).statusCode, 200);
    await get(`${RUNS}/${other}/view`, 404);
    // JupyterLab sends every request so
    const again = await rig.raw({
      method: 'DELETE',
      url: `${RUNS}/${other}`,
      headers: {
        host: '127.0.0.1:8000',
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json'
      }
    });
    assert.equal(again.statusCode, 404);
  });

  route('GET /api/connections/:connection/pipelines', async () => {
    const { pipelines } = await get(
      '/api/connections/local/pipelines?sort_by=name'
    );
    assert.deepEqual(
      pipelines.map((one: { name: string }) => one.name),
      [
        '[Tutorial] Data passing in python components',
        '[Tutorial] DSL - Control structures'
      ]
    );
  });

  route(
    'GET /api/connections/:connection/pipelines/:pipeline/versions',
    async () => {
      const { pipelines } = await get('/api/connections/local/pipelines');
      const { versions } = await get(
        `/api/connections/local/pipelines/${pipelines[0].pipeline_id}/versions`
      );
      assert.equal(versions.length, 1);
      assert.equal(versions[0].format, 'ir');
    }
  );

  route('GET /api/connections/:connection/experiments', async () => {
    const { experiments } = await get('/api/connections/local/experiments');
    assert.equal(experiments[0].name, 'Default');
  });

  route('GET /api/connections/:connection/volumes', async () => {
    const path = '/api/connections/local/volumes';
    const place = join(rig.folder, 'data', 'volumes');
    assert.deepEqual((await get(path)).volumes, []);
    mkdirSync(join(place, 'shared'), { recursive: true });
    mkdirSync(join(place, '.copy-half'));
    assert.deepEqual((await get(path)).volumes, [
      { name: 'shared', folder: join(place, 'shared') }
    ]);
  });

  route('GET /api/connections/:connection/recurringruns', async () => {
    assert.deepEqual(
      (await get('/api/connections/local/recurringruns')).recurring_runs,
      []
    );
    const { pipelines } = await get('/api/connections/local/pipelines');
    const [{ pipeline_id, display_name }] = pipelines;
    for (const mode of ['ENABLE', 'DISABLE']) {
      const made = await rig.ask(
        'POST',
        '/c/local/apis/v2beta1/recurringruns',
        {
          display_name: mode,
          pipeline_version_reference: { pipeline_id },
          trigger: {
            cron_schedule: {
              cron: '0 0 6 * * *',
              start_time: '2999-01-01T07:00:00Z'
            }
          },
          max_concurrency: '1',
          mode
        }
      );
      assert.equal(made.statusCode, 200, made.body);
    }
    const listed = (
      await get('/api/connections/local/recurringruns?sort_by=name')
    ).recurring_runs.map(
      ({ recurring_run_id: _, ...rest }: Record<string, unknown>) => rest
    );
    const pipeline = { id: pipeline_id, name: display_name };
    const trigger = '0 0 6 * * *';
    assert.deepEqual(listed, [
      { name: 'DISABLE', enabled: false, trigger, pipeline },
      {
        name: 'ENABLE',
        enabled: true,
        trigger,
        next_fire_at: '2999-01-02T06:00:00.000Z',
        pipeline
      }
    ]);
  });

  route('POST /api/bundles/runs', async path => {
    const answer = await rig.ask('POST', path, {
      runs: [{ connection: 'local', run_id: id }]
    });
    assert.equal(answer.statusCode, 200, answer.body);
    const text = JSON.stringify(answer.json());
    assert.ok(text.includes('first') && text.includes('text/html'));
    const handle = {
      connection: { profile: 'mine', fingerprint: 'f', flavour: 'local' },
      submitted_at: '2026-11-23T11:59:58Z'
    };
    const again = await rig.ask('POST', path, {
      runs: [{ connection: 'local', run_id: id, handle }]
    });
    const [run] = again.json()['application/vnd.jupyterlab-kfp.run+json'].runs;
    assert.deepEqual(run.connection, handle.connection);
    assert.equal(run.submitted_at, handle.submitted_at);
    const ghost = await rig.ask('POST', path, {
      runs: [{ connection: 'local', run_id: 'ghost' }]
    });
    assert.equal(ghost.statusCode, 404);
  });

  route('POST /api/writers', async path => {
    const ask = async (page: string) =>
      (await rig.ask('POST', path, { what: 'n.ipynb', page })).json().granted;
    assert.deepEqual([await ask('a'), await ask('b')], [true, false]);
    assert.equal((await rig.ask('POST', path, {})).statusCode, 400);
  });

  route('POST /api/pipelines', async path => {
    const answer = await rig.ask('POST', path, { text: TEXT });
    assert.match(answer.json().digest, /^sha256:/);
    const wrong = await rig.ask('POST', path, { text: 'a: [1' });
    assert.equal(wrong.statusCode, 400);
    assert.equal(wrong.json().code, 'bad-pipeline');
  });

  const kept = async () =>
    (await rig.ask('POST', '/api/pipelines', { text: TEXT })).json()
      .digest as string;

  route('GET /api/pipelines/:digest', async () => {
    assert.deepEqual(await get(`/api/pipelines/${await kept()}`), {
      text: TEXT
    });
    assert.equal(
      (await get(`/api/pipelines/sha256:${'0'.repeat(64)}`, 404)).code,
      'not-found'
    );
    assert.equal(
      (await get('/api/pipelines/..%2f..%2fservice.db', 404)).code,
      'not-found'
    );
  });

  route('GET /api/pipelines/:digest/code', async () => {
    assert.ok(await get(`/api/pipelines/${await kept()}/code`));
  });

  route('GET /api/pipelines/:digest/spec', async () => {
    assert.ok(await get(`/api/pipelines/${await kept()}/spec`));
  });

  route('POST /api/connections/:connection/plan', async () => {
    const plan = (body: object) =>
      rig.ask('POST', '/api/connections/local/plan', body);
    const known = (await plan({ pipeline: { text: TEXT } })).json();
    assert.equal(known.last_run.run_id, id);
    assert.equal(known.tasks.length, 1);
    const digest = { pipeline: { digest: await kept() } };
    assert.equal((await plan(digest)).statusCode, 200);
    const none = await plan({ pipeline: { text: 'no: pipeline' } });
    assert.deepEqual(
      [none.statusCode, none.json().code],
      [400, 'bad-pipeline']
    );
  });

  route('POST /api/schedules/next', async path => {
    const answer = await rig.ask('POST', path, { cron: '0 0 6 * * *' });
    assert.equal(answer.json().times.length, 3);
    const wrong = await rig.ask('POST', path, { cron: 'soon' });
    assert.equal(wrong.json().code, 'bad-param');
  });

  it('has a test for every route', () => {
    const missing = routes.filter(
      name => !tested.has(name) && name !== 'GET /api/watch'
    );
    assert.ok(routes.length > 20);
    assert.deepEqual(missing, []);
  });

  it('hands out a log byte for byte, also what is no text', async () => {
    const text = JSON.stringify(
      shellPipeline('printf \'a\\377b\\n\'; echo x > "$1"')
    );
    const made = await rig.ask('POST', RUNS, { pipeline: { text } });
    const run = made.json().run.run_id as string;
    const view = await until(
      async () => (await get(`${RUNS}/${run}/view`)).view,
      one => one.run.state === 'SUCCEEDED' || one.run.state === 'FAILED'
    );
    const [task] = Object.keys(view.tasks);
    const answer = await rig.ask(
      'GET',
      `${RUNS}/${run}/tasks/${task}/log/download`
    );
    assert.deepEqual(answer.rawPayload, Buffer.from([0x61, 0xff, 0x62, 0x0a]));
  });

  it('hands out folders as tar.gz', async () => {
    const text = JSON.stringify(
      shellPipeline('mkdir -p "$1"; echo a > "$1/a.txt"')
    );
    const made = await rig.ask('POST', RUNS, { pipeline: { text } });
    const run = made.json().run.run_id as string;
    const view = await until(
      async () => (await get(`${RUNS}/${run}/view`)).view,
      one => one.run.state === 'SUCCEEDED' || one.run.state === 'FAILED'
    );
    assert.equal(view.run.state, 'SUCCEEDED', JSON.stringify(view.failure));
    const [task] = Object.values(view.tasks) as {
      outputs: { artifact_id: string }[];
    }[];
    const answer = await rig.ask(
      'GET',
      `${RUNS}/${run}/artifacts/${task!.outputs[0]!.artifact_id}`
    );
    assert.match(String(answer.headers['content-disposition']), /\.tar\.gz"$/);
    assert.ok(gunzipSync(answer.rawPayload).includes('a.txt'));
  });
});

/** Methods and paths below `/api` out of Fastify's drawing of its routes. */
function routesOf(drawing: string): readonly string[] {
  const found: string[] = [];
  const stack: string[] = [];
  for (const line of drawing.split('\n')) {
    const match = /^([│ ]*)[├└]── ([^ ]*)(?: \(([A-Z, ]+)\))?/.exec(line);
    if (match === null) {
      continue;
    }
    const depth = match[1]!.length / 4;
    stack.length = depth;
    stack[depth] = match[2]!;
    const path = stack.join('');
    for (const method of (match[3] ?? '').split(', ')) {
      if (
        path.startsWith('/api/') &&
        ['GET', 'POST', 'DELETE'].includes(method)
      ) {
        found.push(`${method} ${path}`);
      }
    }
  }
  return found;
}
