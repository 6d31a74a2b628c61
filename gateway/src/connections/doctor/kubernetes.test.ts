/** What a pod's account may do, asked of a real TLS server that answers as Kubernetes does. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Patient } from './finding.ts';
import { rightsOfPod } from './kubernetes.ts';
import { mayCreate } from './rights-checks.ts';

const TOKEN = 'canary-of-the-pod';

describe('the rights of a pod', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfp-pod-'));
  let server: Server;
  let env: NodeJS.ProcessEnv;
  let status = 201;
  let allowed: boolean | undefined = true;
  let asked: { readonly authorization?: string; readonly body: string };

  before(async () => {
    const [key, cert] = [join(folder, 'key'), join(folder, 'ca.crt')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'],
        ...[
          '-subj',
          '/CN=kubernetes',
          '-addext',
          'subjectAltName=IP:127.0.0.1'
        ],
        ...['-keyout', key, '-out', cert]
      ],
      { stdio: 'ignore' }
    );
    writeFileSync(join(folder, 'token'), TOKEN);
    server = createServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (request, answer) => {
        let body = '';
        request.on('data', piece => (body += String(piece)));
        request.on('end', () => {
          const { authorization } = request.headers;
          asked = { ...(authorization && { authorization }), body };
          answer.writeHead(status, { 'content-type': 'application/json' });
          answer.end(JSON.stringify({ status: { allowed } }));
        });
      }
    );
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    env = {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String((server.address() as AddressInfo).port)
    };
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const examine = (more: Partial<Patient> = {}) => {
    const askRight = rightsOfPod(env, folder);
    return mayCreate.examine({
      info: { multi_user: true },
      candidate: { tokenFile: '/t' },
      namespace: 'team-a',
      isPod: true,
      ...(askRight && { askRight }),
      ...more
    } as Patient);
  };

  it('says whether runs may be created, as the account of the pod', async () => {
    [status, allowed] = [201, true];
    assert.deepEqual(await examine(), {
      state: 'passed',
      evidence: 'This account may create runs in team-a.'
    });
    assert.equal(asked.authorization, `Bearer ${TOKEN}`);
    assert.deepEqual(JSON.parse(asked.body).spec.resourceAttributes, {
      namespace: 'team-a',
      verb: 'create',
      group: 'pipelines.kubeflow.org',
      resource: 'runs'
    });
    allowed = false;
    const refused = await examine();
    assert.equal(refused.state, 'failed');
    assert.equal(refused.evidence, 'You can look but not run in team-a.');
  });

  it('skips the check where nobody tells, and never shows the token', async () => {
    [status, allowed] = [403, undefined];
    assert.equal((await examine()).evidence, 'Kubernetes did not say (403).');
    const gone = await mayCreate.examine({
      info: { multi_user: true },
      candidate: { tokenFile: '/t' },
      namespace: 'team-a',
      askRight: rightsOfPod({ ...env, KUBERNETES_SERVICE_PORT: '2' }, folder)
    } as Patient);
    assert.match(gone.evidence, /^Kubernetes did not answer \(ECONNREFUSED\)/);
    const bare = await mayCreate.examine({
      info: { multi_user: true },
      candidate: { tokenFile: '/t' },
      namespace: 'team-a',
      askRight: rightsOfPod(env, '/nowhere')
    } as Patient);
    assert.equal(bare.evidence, 'This pod has no token for Kubernetes.');
    assert.equal(rightsOfPod({}), undefined);
    assert.ok(!JSON.stringify([gone, bare]).includes(TOKEN));
  });
});
