/** A cluster from here: discovery, the pass-through and the workbench API against a service that wants a bearer token. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';

import {
  openGateway,
  shellPipeline,
  TOKEN,
  until,
  type GatewayRig
} from '../testing/gateway-rig.ts';
import { openRemote, type Remote } from '../testing/remote.ts';
import { candidates } from './discovery.ts';

const SECRET = 'canary-4f1d6c5e8a-secret-of-the-cluster';
const RUNS = '/api/connections/env/runs';

describe('a connection to a cluster', () => {
  let remote: Remote;
  let rig: GatewayRig;
  let tokenFile: string;
  /** All that was answered, to look for the secret in. */
  const answers: string[] = [];

  before(async () => {
    remote = await openRemote(SECRET);
    tokenFile = join(remote.rig.folder, 'token');
    writeFileSync(tokenFile, `${SECRET}\n`);
    rig = await openGateway({
      KF_PIPELINES_ENDPOINT: `${remote.address}/`,
      KF_PIPELINES_SA_TOKEN_PATH: tokenFile
    });
    await rig.gateway.search();
  });
  after(async () => {
    await rig.close();
    await remote.close();
  });
  beforeEach(() => {
    remote.token = SECRET;
    remote.mode = 'kfp';
    writeFileSync(tokenFile, `${SECRET}\n`);
  });

  const ask = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object
  ) => {
    const answer = await rig.ask(method, path, body);
    answers.push(answer.body, JSON.stringify(answer.headers));
    return answer;
  };
  const submit = async (script: string) => {
    const made = await ask('POST', RUNS, {
      pipeline: { text: JSON.stringify(shellPipeline(script)) },
      name: 'far away'
    });
    assert.equal(made.statusCode, 200, made.body);
    return made.json().run.run_id as string;
  };

  it('is found, signed in by the token file, and the default', async () => {
    const [first] = (await ask('GET', '/api/connections')).json().connections;
    assert.equal(first.name, 'env');
    assert.equal(first.health, 'connected');
    assert.equal(first.is_default, true);
    assert.equal(first.sign_in, 'service-account token');
    assert.match(first.kfp_version, /^2\.17\.0/);
  });

  it('makes one run of a submit that is sent again, also at the same time', async () => {
    const names = async (): Promise<readonly string[]> =>
      (await ask('GET', RUNS))
        .json()
        .runs.map(({ name }: { name: string }) => name);
    const send = async (key: string) => {
      const answer = await ask('POST', RUNS, {
        pipeline: { text: JSON.stringify(shellPipeline('echo > "$1"')) },
        name: 'only once',
        idempotency_key: key
      });
      assert.equal(answer.statusCode, 200, answer.body);
      return answer.json().run.run_id as string;
    };
    const both = await Promise.all([send('a'), send('a')]);
    const ids = new Set([...both, await send('a')]);
    assert.equal(ids.size, 1);
    assert.deepEqual(
      (await names()).filter(name => name === 'only once'),
      ['only once']
    );
    assert.ok(!ids.has(await send('b')));
  });

  it('runs a run again in its experiment, with what its pipeline says of the platform', async () => {
    const platform = {
      platforms: {
        kubernetes: {
          deploymentSpec: {
            executors: { 'exec-say': { imagePullPolicy: 'Always' } }
          }
        }
      }
    };
    const made = await ask('POST', RUNS, {
      pipeline: {
        text: [shellPipeline('echo > "$1"'), platform]
          .map(document => JSON.stringify(document))
          .join('\n---\n')
      },
      experiment: 'tuning'
    });
    assert.equal(made.statusCode, 200, made.body);
    const { run_id } = made.json().run as { run_id: string };
    const { run, capabilities } = (
      await ask('GET', `${RUNS}/${run_id}/view`)
    ).json().view;
    assert.equal(run.experiment.name, 'tuning');
    assert.ok(capabilities.actions.includes('rerun'));
    const { text } = (await ask('GET', `${RUNS}/${run_id}/source`)).json();
    assert.match(text, /imagePullPolicy/);
    const again = await ask('POST', RUNS, {
      pipeline: { text },
      experiment: run.experiment.name,
      cache: false
    });
    assert.equal(again.statusCode, 200, again.body);
    assert.deepEqual(again.json().run.experiment, run.experiment);
    const [listed] = (await ask('GET', RUNS)).json().runs;
    assert.equal(listed.experiment.name, 'tuning');
  });

  it('sends a submit again whose first answer was a refusal', async () => {
    const body = { pipeline: { text: 'none' }, idempotency_key: 'c' };
    assert.equal((await ask('POST', RUNS, body)).statusCode, 400);
    const answer = await ask('POST', RUNS, {
      ...body,
      pipeline: { text: JSON.stringify(shellPipeline('echo > "$1"')) }
    });
    assert.equal(answer.statusCode, 200, answer.body);
  });

  it('runs a pipeline, shows its tasks and its log', async () => {
    const id = await submit('echo "said $0"; echo kept > "$1"');
    const view = await until(
      async () => (await ask('GET', `${RUNS}/${id}/view`)).json().view,
      one => one.run.state === 'SUCCEEDED' || one.run.state === 'FAILED'
    );
    assert.equal(view.run.state, 'SUCCEEDED');
    const [task] = Object.values(view.tasks) as {
      id: string;
      name: string;
      state: string;
    }[];
    assert.deepEqual([task!.name, task!.state], ['say', 'SUCCEEDED']);
    const log = await ask('GET', `${RUNS}/${id}/tasks/${task!.id}/log`);
    assert.equal(log.json().text, 'said hello\n');
    const list = (await ask('GET', RUNS)).json();
    assert.equal(list.runs[0].run_id, id);
    assert.equal(list.runs[0].connection.profile, 'env');
  });

  it('stops a run there', async () => {
    const id = await submit('sleep 60');
    const path = `${RUNS}/${id}`;
    await until(
      async () =>
        (await ask('GET', `${path}/view?detail=header`)).json().view.run.state,
      state => state === 'RUNNING'
    );
    const stopped = await ask('POST', `${path}/actions`, {
      action: 'terminate'
    });
    assert.match(stopped.json().state, /^CANCEL(ING|ED)$/);
    await until(
      async () =>
        (await ask('GET', `${path}/view?detail=header`)).json().view.run.state,
      state => state === 'CANCELED'
    );
  });

  it('lists schedules with when they run next, as far as their trigger says so', async () => {
    const { pipelines } = (
      await remote.rig.ask('GET', '/api/connections/local/pipelines')
    ).json();
    const cron = '0 0 6 * * *';
    const start_time = '2001-01-01T00:00:00Z';
    const made = {
      daily: { cron_schedule: { cron, start_time: '2999-01-01T07:00:00Z' } },
      hourly: {
        periodic_schedule: { interval_second: '3600', start_time }
      },
      over: {
        cron_schedule: { cron, start_time, end_time: '2002-01-01T00:00:00Z' }
      },
      paused: { cron_schedule: { cron } }
    };
    for (const [name, trigger] of Object.entries(made)) {
      const answer = await remote.rig.ask(
        'POST',
        '/c/local/apis/v2beta1/recurringruns',
        {
          display_name: name,
          pipeline_version_reference: { pipeline_id: pipelines[0].pipeline_id },
          trigger,
          no_catchup: true,
          max_concurrency: '1',
          mode: name === 'paused' ? 'DISABLE' : 'ENABLE'
        }
      );
      assert.equal(answer.statusCode, 200, answer.body);
    }
    const listed = (
      await ask('GET', '/api/connections/env/recurringruns?sort_by=name')
    ).json().recurring_runs as { name: string; next_fire_at?: string }[];
    const next = Object.fromEntries(
      listed.map(({ name, next_fire_at }) => [name, next_fire_at])
    );
    assert.equal(next['daily'], '2999-01-02T06:00:00.000Z');
    const hour = Date.parse(next['hourly'] ?? '');
    assert.equal(hour % 3_600_000, 0);
    assert.ok(hour > Date.now() && hour <= Date.now() + 3_600_000);
    assert.deepEqual([next['over'], next['paused']], [undefined, undefined]);
  });

  it('passes requests and answers through as they are', async () => {
    const health = await ask('GET', '/c/env/apis/v2beta1/healthz');
    assert.equal(health.json().pipeline_store, 'database');
    const missing = await ask('GET', '/c/env/apis/v2beta1/runs/ghost');
    assert.equal(missing.statusCode, 404);
    assert.equal(missing.json().details[0].message, 'Run ghost not found');
    const made = await ask('POST', '/c/env/apis/v2beta1/experiments', {
      display_name: 'far'
    });
    assert.equal(made.json().display_name, 'far');
    const filter = encodeURIComponent(
      '{"predicates":[{"operation":1,"key":"display_name","stringValue":"far"}]}'
    );
    const found = await ask(
      'GET',
      `/c/env/apis/v2beta1/experiments?filter=${filter}`
    );
    assert.equal(found.json().total_size, 1);
    const upload = await rig.raw({
      method: 'POST',
      url: `/t/${TOKEN}/c/env/apis/v2beta1/pipelines/upload?name=far`,
      headers: {
        host: '127.0.0.1',
        'content-type': 'multipart/form-data; boundary=xx'
      },
      payload: `--xx\r\ncontent-disposition: form-data; name="uploadfile"; filename="a.yaml"\r\n\r\n${JSON.stringify(shellPipeline('true'))}\r\n--xx--\r\n`
    });
    assert.equal(upload.json().name, 'far', upload.body);
  });

  it('reads the token file anew for every request', async () => {
    remote.token = 'second-token';
    writeFileSync(tokenFile, 'second-token');
    assert.equal(
      (await ask('GET', '/c/env/apis/v2beta1/runs')).statusCode,
      200
    );
    assert.equal((await ask('GET', RUNS)).statusCode, 200);
  });

  it('says in our words that the sign-in is no good, and passes the 401 on to clients', async () => {
    writeFileSync(tokenFile, 'a-stale-token');
    const shown = await ask('GET', RUNS);
    assert.equal(shown.statusCode, 401);
    assert.equal(shown.json().code, 'auth-expired');
    assert.equal(shown.json().message, 'Your sign-in to "env" has expired.');
    assert.equal(
      shown.json().detail,
      'User identity is empty in the request header'
    );
    const passed = await ask('GET', '/c/env/apis/v2beta1/runs');
    assert.equal(passed.statusCode, 401);
    assert.equal(passed.json().code, 16);
    await rig.gateway.search();
    assert.equal(
      (await ask('GET', '/api/connections/env')).json().health,
      'sign-in'
    );
    writeFileSync(tokenFile, SECRET);
    await rig.gateway.search();
    assert.equal(
      (await ask('GET', '/api/connections/env')).json().health,
      'connected'
    );
  });

  it('tells a page of HTML and a sign-in page from KFP', async () => {
    for (const [mode, code, message] of [
      ['html', 'conn-not-kfp', `Something else answered at ${remote.address}.`],
      ['sign-in', 'auth-missing', 'You are not signed in to "env".']
    ] as const) {
      remote.mode = mode;
      for (const path of [RUNS, '/c/env/apis/v2beta1/runs']) {
        const answer = await ask('GET', path);
        assert.equal(answer.json().code, code, path);
        assert.equal(answer.json().message, message);
      }
    }
  });

  it('says within 3 s that nothing answers', async () => {
    const silent = await openGateway({
      KF_PIPELINES_ENDPOINT: 'http://127.0.0.1:2'
    });
    const far = await openGateway({
      KF_PIPELINES_ENDPOINT: 'http://192.0.2.1:8888'
    });
    try {
      for (const one of [silent, far]) {
        const begin = Date.now();
        await one.gateway.search();
        assert.equal(
          (await one.ask('GET', '/api/connections/env')).json().health,
          'unreachable'
        );
        for (const path of [RUNS, '/c/env/apis/v2beta1/runs']) {
          const answer = await one.ask('GET', path);
          assert.equal(answer.statusCode, 502);
          assert.equal(answer.json().code, 'conn-unreachable');
          assert.match(
            answer.json().message,
            /^"env" does not answer \(http:.*, .+\)\.$/
          );
        }
        assert.ok(
          Date.now() - begin < 3 * 3000,
          `${Date.now() - begin} ms for three`
        );
        assert.equal(
          (await one.ask('GET', '/api/status')).json().default_connection,
          'local'
        );
      }
    } finally {
      await silent.close();
      await far.close();
    }
  });

  it('shows no secret, not even when the service prints the request', async () => {
    remote.mode = 'echo';
    for (const path of [
      RUNS,
      '/c/env/apis/v2beta1/runs',
      '/api/connections',
      '/api/status'
    ]) {
      await ask('GET', path);
    }
    const passed = await ask('POST', '/c/env/apis/v2beta1/experiments', {
      display_name: 'x'
    });
    assert.equal(passed.statusCode, 500);
    assert.match(passed.body, /Bearer ••••••/);
    assert.ok(answers.length > 20);
    for (const text of [
      ...answers,
      readFileSync(join(rig.folder, 'gateway.log'), 'utf8')
    ]) {
      assert.ok(
        !text.includes(SECRET) && !text.includes('stale-token'),
        text.slice(0, 300)
      );
    }
  });

  it('gives the token of the pod to no other host, and does not find itself', () => {
    const named = { KF_PIPELINES_SA_TOKEN_PATH: tokenFile };
    const tokens = (endpoint: string, env: NodeJS.ProcessEnv = named) =>
      candidates(
        { ...env, KF_PIPELINES_ENDPOINT: endpoint },
        'http://127.0.0.1:7'
      ).map(one => one.tokenFile !== undefined);
    assert.deepEqual(tokens('https://kubeflow.example.com/pipeline'), [false]);
    assert.deepEqual(tokens('https://ml-pipeline.evil.example'), [false]);
    assert.deepEqual(
      tokens('http://ml-pipeline.kubeflow.svc.cluster.local:8888'),
      [true]
    );
    assert.deepEqual(tokens('ml-pipeline.kubeflow:8888'), [true]);
    assert.deepEqual(tokens('http://localhost:8888'), [true]);
    assert.deepEqual(tokens('http://127.0.0.1:7/t/x/c/local'), []);
    assert.deepEqual(tokens('http://127.0.0.1:70'), [true]);
    assert.deepEqual(
      tokens(`http://127.0.0.1:99/t/${'x'.repeat(43)}/c/local`),
      []
    );
    const pod = candidates(
      { ...named, KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      ''
    );
    assert.equal(
      pod[0]?.address,
      'http://ml-pipeline.kubeflow.svc.cluster.local:8888'
    );
    assert.equal(pod[0]?.tokenFile, tokenFile);
  });
});
