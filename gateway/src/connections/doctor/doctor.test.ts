/** The doctor against real sockets: KFP behind a sign-in, and whatever else may stand at an address. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { DoctorReport } from 'jupyterlab-kfp-model';

import {
  openGateway,
  shellPipeline,
  until,
  type GatewayRig
} from '../../testing/gateway-rig.ts';
import { openRemote, type Remote } from '../../testing/remote.ts';

const SECRET = 'canary-77aa-secret-of-the-cluster';

/** What a report says, one line a check. */
const states = (report: DoctorReport) =>
  report.checks.map(one => `${one.name} ${one.state}`);
const check = (report: DoctorReport, name: string) => {
  const found = report.checks.find(one => one.name === name);
  assert.ok(found, name);
  return found;
};

describe('the doctor of a cluster', () => {
  let remote: Remote;
  let rig: GatewayRig;
  let tokenFile: string;

  before(async () => {
    remote = await openRemote(SECRET);
    tokenFile = join(remote.rig.folder, 'token');
    writeFileSync(tokenFile, SECRET);
    rig = await openGateway({
      KF_PIPELINES_ENDPOINT: remote.address,
      KF_PIPELINES_SA_TOKEN_PATH: tokenFile
    });
    await rig.gateway.search();
  });
  after(async () => {
    await rig.close();
    await remote.close();
  });
  beforeEach(() => {
    remote.mode = 'kfp';
    writeFileSync(tokenFile, SECRET);
  });

  const examine = async (query = ''): Promise<DoctorReport> => {
    const answer = await rig.ask('GET', `/api/connections/env/doctor${query}`);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.ok(!answer.body.includes(SECRET), 'the token is shown');
    return answer.json();
  };
  const jwt = (claims: object) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

  it('finds nothing wrong with one that works, and reads the newest run', async () => {
    const made = await rig.ask('POST', '/api/connections/env/runs', {
      pipeline: {
        text: JSON.stringify(shellPipeline('echo hi; echo kept > "$1"'))
      },
      name: 'newest'
    });
    const id = made.json().run.run_id as string;
    await until(
      async () =>
        (await rig.ask('GET', `/api/connections/env/runs/${id}/view`)).json()
          .view.run.state,
      state => state === 'SUCCEEDED'
    );
    const report = await examine('?sdk=2.17.0');
    assert.deepEqual(states(report), [
      'name skipped',
      'connect passed',
      'tls skipped',
      'healthz passed',
      'generation passed',
      'credentials passed',
      'list passed',
      'create passed',
      'side-services passed',
      'versions passed'
    ]);
    assert.equal(report.address, remote.address);
    assert.match(check(report, 'generation').evidence, /^KFP 2\.17\.0/);
    assert.deepEqual(check(report, 'side-services').lines?.slice(0, 3), [
      'Task details: readable.',
      'Logs: readable.',
      'Artifacts: none seen in the newest run.'
    ]);
  });

  it('says what is wrong with a token: stale, expired, for somebody else, gone', async () => {
    writeFileSync(tokenFile, 'stale');
    const stale = await examine();
    assert.equal(check(stale, 'credentials').state, 'passed');
    assert.equal(check(stale, 'list').state, 'failed');
    assert.match(
      check(stale, 'list').fix ?? '',
      /multi-user mode and saw no user/
    );
    assert.deepEqual(states(stale).slice(7, 9), [
      'create skipped',
      'side-services skipped'
    ]);
    assert.equal(check(stale, 'create').evidence, 'It needs "Lists runs".');

    writeFileSync(tokenFile, jwt({ exp: 1_600_000_000 }));
    assert.match(
      check(await examine(), 'credentials').evidence,
      /has expired at 2020-09-13T12:26:40/
    );
    writeFileSync(tokenFile, jwt({ exp: 9e9, aud: ['https://elsewhere'] }));
    assert.match(
      check(await examine(), 'credentials').evidence,
      /^This token is for https:\/\/elsewhere; Pipelines wants pipelines\.kubeflow\.org\.$/
    );
    writeFileSync(tokenFile, '');
    assert.match(check(await examine(), 'credentials').evidence, /is empty/);
  });

  it('tells a sign-in page and a dashboard from KFP, and asks no further', async () => {
    remote.mode = 'sign-in';
    const page = await examine();
    assert.equal(check(page, 'healthz').evidence, 'A login page answered.');
    assert.match(check(page, 'healthz').fix ?? '', /cookie or a token/);
    assert.deepEqual(
      page.checks.slice(4, 9).map(one => one.state),
      Array(5).fill('skipped')
    );
    remote.mode = 'html';
    assert.match(check(await examine(), 'healthz').fix ?? '', /\/pipeline/);
    remote.mode = 'echo';
    assert.match(check(await examine(), 'healthz').evidence, /answered 500/);
  });
});

describe('the doctor of an address', () => {
  const open: { close(): unknown }[] = [];
  after(() => Promise.all(open.map(one => one.close())));

  const serve = async (server: Server): Promise<number> => {
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    open.push({
      close: () => {
        server.closeAllConnections();
        server.close();
      }
    });
    return (server.address() as AddressInfo).port;
  };
  const examine = async (
    endpoint: string,
    env: NodeJS.ProcessEnv = {}
  ): Promise<DoctorReport> => {
    const rig = await openGateway({ ...env, KF_PIPELINES_ENDPOINT: endpoint });
    open.push(rig);
    await rig.gateway.search();
    const answer = await rig.ask('GET', '/api/connections/env/doctor');
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };

  it('says within 3 s that a name is unknown or that nothing listens', async () => {
    const begin = Date.now();
    const unknown = await examine('http://no-such-host.invalid:8888');
    const name = check(unknown, 'name');
    assert.match(name.evidence, /"no-such-host\.invalid" is not known here/);
    assert.match(name.fix ?? '', /ml-pipeline\.<namespace>/);
    assert.deepEqual(
      unknown.checks.slice(1, 9).map(one => one.state),
      Array(8).fill('skipped')
    );
    const silent = await examine('http://127.0.0.1:2');
    assert.match(check(silent, 'connect').fix ?? '', /port-forward .* 2:8888/);
    assert.ok(Date.now() - begin < 2 * 3000 + 3000, 'it took too long');
  });

  it('finds the API one level deeper, and no API at all', async () => {
    const port = await serve(
      createServer((request, answer) => {
        const isDeep = request.url?.startsWith(
          '/pipeline/apis/v2beta1/healthz'
        );
        answer.writeHead(isDeep ? 200 : 404, {
          'content-type': 'application/json'
        });
        answer.end('{}');
      })
    );
    const found = check(await examine(`http://127.0.0.1:${port}`), 'healthz');
    assert.equal(
      found.fix,
      `It is at http://127.0.0.1:${port}/pipeline: use that address.`
    );
  });

  it('knows the texts of a mesh, of a foreign issuer and of a missing namespace', async () => {
    let said = '';
    let status = 403;
    const port = await serve(
      createServer((request, answer) => {
        const isHealth = request.url?.includes('healthz');
        answer.writeHead(isHealth ? 200 : status);
        answer.end(isHealth ? '{"tag_name":"2.5.0","multi_user":true}' : said);
      })
    );
    for (const [code, text, fix] of [
      [403, 'RBAC: access denied', /this account may not use namespace/],
      [
        401,
        'Jwt issuer is not configured',
        /does not know your token's issuer/
      ],
      [
        400,
        '{"message":"empty namespace in multi-user mode"}',
        /needs a namespace/
      ]
    ] as const) {
      [status, said] = [code, text];
      const report = await examine(`http://127.0.0.1:${port}`);
      assert.match(check(report, 'list').fix ?? '', fix);
      assert.equal(
        check(report, 'generation').evidence,
        'KFP 2.5.0, v2beta1, multi-user.'
      );
    }
    const pod = await examine(`http://127.0.0.1:${port}`, {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KF_PIPELINES_SA_TOKEN_PATH: '/nowhere/token'
    });
    assert.equal(
      check(pod, 'credentials').evidence,
      'No pipelines token in this pod.'
    );
    assert.equal(check(pod, 'credentials').lines?.[1], 'kind: PodDefault');
  });

  it('names an unknown authority, and a service without TLS', async () => {
    const rig = await openGateway();
    open.push(rig);
    const [key, cert] = [join(rig.folder, 'key'), join(rig.folder, 'cert')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'],
        ...['-subj', '/CN=localhost', '-keyout', key, '-out', cert]
      ],
      { stdio: 'ignore' }
    );
    const secure = await serve(
      createTlsServer(
        { key: readFileSync(key), cert: readFileSync(cert) },
        (_request, answer) => answer.end('{}')
      ) as unknown as Server
    );
    const unknown = check(await examine(`https://127.0.0.1:${secure}`), 'tls');
    assert.equal(
      unknown.evidence,
      'The certificate is signed by an unknown authority.'
    );
    assert.match(unknown.fix ?? '', /NODE_EXTRA_CA_CERTS/);
    const plain = await serve(createServer((_, answer) => answer.end('{}')));
    assert.match(
      check(await examine(`https://127.0.0.1:${plain}`), 'tls').evidence,
      /does not speak TLS/
    );
  });
});
