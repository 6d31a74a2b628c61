import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';

import {
  openGateway,
  shellPipeline,
  TOKEN,
  until,
  type GatewayRig
} from './testing/gateway-rig.ts';

describe('the gateway', () => {
  let rig: GatewayRig;
  before(async () => {
    rig = await openGateway();
  });
  after(() => rig.close());

  const host = '127.0.0.1:8000';

  it('answers who has the token, in the header or in the path', async () => {
    for (const request of [
      {
        url: '/api/status',
        headers: { host, authorization: `Bearer ${TOKEN}` }
      },
      { url: `/t/${TOKEN}/api/status`, headers: { host } },
      {
        url: `/t/${TOKEN}/c/local/apis/v2beta1/healthz`,
        headers: { host: 'localhost' }
      },
      { url: `/t/${TOKEN}/api/status`, headers: { host: '[::1]:99' } }
    ]) {
      assert.equal((await rig.raw(request)).statusCode, 200, request.url);
    }
  });

  it('answers nobody else, on no route', async () => {
    for (const url of [
      '/api/status',
      '/c/local/apis/v2beta1/runs',
      '/c/other/apis/v2beta1/runs',
      '/nowhere',
      `/t/${TOKEN}x/api/status`,
      `/t/${TOKEN.slice(0, -1)}/api/status`,
      `/x/t/${TOKEN}/api/status`
    ]) {
      for (const authorization of [
        undefined,
        'Bearer wrong',
        `Basic ${TOKEN}`,
        `Bearer ${TOKEN} `
      ]) {
        const answer = await rig.raw({
          url,
          headers: {
            host,
            ...(authorization === undefined ? {} : { authorization })
          }
        });
        assert.equal(answer.statusCode, 401, `${url} ${authorization}`);
        assert.deepEqual(answer.json(), {
          code: 'auth-missing',
          message: 'The gateway needs its token.'
        });
      }
    }
  });

  it('serves loopback names only, also to who has the token', async () => {
    for (const name of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:80'
    ]) {
      const answer = await rig.raw({
        url: `/t/${TOKEN}/api/status`,
        headers: { host: name }
      });
      assert.equal(answer.statusCode, 403, name);
      assert.equal(answer.json().code, 'auth-denied');
    }
  });

  it('refuses what its schemas do not know, with one sentence', async () => {
    const answer = await rig.ask(
      'GET',
      '/api/connections/local/runs?page_size=5000'
    );
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.json().code, 'bad-request');
    assert.match(answer.json().message, /page_size/);
    assert.equal(
      (await rig.ask('POST', '/api/bundles/runs', { runs: [] })).statusCode,
      400
    );
    assert.equal((await rig.ask('GET', '/api/nowhere')).statusCode, 404);
  });

  it('tells a fault of its own by a number only, and keeps the cause in its log', async () => {
    const made = await rig.ask('POST', '/api/connections/local/runs', {
      pipeline: { text: JSON.stringify(shellPipeline('true')) }
    });
    assert.equal(made.statusCode, 200, made.body);
    const path = `/api/connections/local/runs/${made.json().run.run_id}`;
    await until(
      async () => (await rig.ask('GET', `${path}/view`)).json().view.run.state,
      state => state === 'SUCCEEDED' || state === 'FAILED'
    );
    // A run whose document is gone is a fault of the database.
    const database = new DatabaseSync(join(rig.folder, 'data/service.db'), {
      timeout: 5000,
      enableForeignKeyConstraints: false
    });
    database.exec(
      'DELETE FROM documents WHERE digest IN (SELECT document FROM runs)'
    );
    database.close();
    // The store keeps what it has read: ask for a run it has not seen since.
    const fresh = await openGateway({}, rig.folder);
    try {
      const answer = await fresh.ask('GET', `${path}/source`);
      assert.equal(answer.statusCode, 500, answer.body);
      assert.match(
        answer.json().message,
        /^Internal error [0-9a-f]{8} of the gateway\.$/
      );
      const number = /[0-9a-f]{8}/.exec(answer.json().message)?.[0] ?? '';
      const line = await until(
        async () =>
          readFileSync(join(rig.folder, 'gateway.log'), 'utf8')
            .split('\n')
            .find(one => one.includes(number)),
        found => found !== undefined
      );
      assert.match(line ?? '', /has no document/);
    } finally {
      await fresh.gateway.app.close();
    }
  });

  it('writes no token into its log', async () => {
    await rig.raw({
      url: `/t/${TOKEN}/api/connections/ghost`,
      headers: { host }
    });
    await rig.raw({
      url: '/api/status',
      headers: { host, authorization: 'Bearer a-wrong-secret' }
    });
    const log = readFileSync(join(rig.folder, 'gateway.log'), 'utf8');
    assert.ok(!log.includes(TOKEN) && !log.includes('a-wrong-secret'));
  });

  it('is busy while a schedule is enabled, idle otherwise', async () => {
    assert.equal(rig.gateway.isBusy(), false);
    const pipelines = await rig.ask('GET', '/c/local/apis/v2beta1/pipelines');
    const [pipeline] = pipelines.json().pipelines;
    const made = await rig.ask('POST', '/c/local/apis/v2beta1/recurringruns', {
      display_name: 'n',
      pipeline_version_reference: { pipeline_id: pipeline.pipeline_id },
      max_concurrency: 1,
      mode: 'ENABLE',
      trigger: { cron_schedule: { cron: '0 0 6 1 1 *' } }
    });
    assert.equal(made.statusCode, 200, made.body);
    assert.equal(rig.gateway.isBusy(), true);
    await rig.ask(
      'DELETE',
      `/c/local/apis/v2beta1/recurringruns/${made.json().recurring_run_id}`
    );
    assert.equal(rig.gateway.isBusy(), false);
  });
});
