import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { lookup } from 'node:dns';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { fetchPackage, isPublicAddress } from './package-url.ts';

const WORDS = {
  invalid: 'no URL',
  failed: 'error downloading from',
  status: (_url: string, status: string) => `returned ${status}`
};

describe('fetching a pipeline by URL', () => {
  let folder: string;
  let server: Server;
  let port: number;
  let ca: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-url-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256'
        ],
        ...['-nodes', '-keyout', key, '-out', cert, '-days', '2'],
        ...[
          '-subj',
          '/CN=pipelines.test',
          '-addext',
          'subjectAltName=DNS:pipelines.test'
        ]
      ],
      { stdio: 'ignore' }
    );
    ca = readFileSync(cert, 'utf8');
    server = createServer(
      { key: readFileSync(key), cert: ca },
      (request, answer) => {
        if (request.url === '/moved.yaml') {
          answer.writeHead(302, { location: 'https://127.0.0.1/' }).end();
        } else if (request.url === '/huge.yaml') {
          answer.write(Buffer.alloc(33 * 1024 * 1024));
          answer.end();
        } else {
          answer.end('text');
        }
      }
    );
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const named = ((
    _host: string,
    _options: unknown,
    done: (error: null, found: { address: string; family: number }[]) => void
  ) =>
    done(null, [
      { address: '127.0.0.1', family: 4 }
    ])) as unknown as typeof lookup;
  const get = (path: string, isAllowed: (address: string) => boolean) =>
    fetchPackage(`https://pipelines.test:${port}/${path}`, WORDS, {
      lookup: named,
      isAllowed,
      ca
    });

  it('brings the bytes and the name of the file', async () => {
    const file = await get('a/b.yaml?x=1', () => true);
    assert.equal(file.fileName, 'b.yaml');
    assert.equal(file.bytes.toString(), 'text');
  });

  it('connects to no private address, also when a name leads there', async () => {
    await assert.rejects(
      get('b.yaml', isPublicAddress),
      /Pipeline URL validation failed/
    );
    for (const url of [
      'http://example.com/a.yaml',
      'https://127.0.0.1/a.yaml',
      'https://[::1]/a.yaml',
      'https://[::ffff:10.0.0.1]/a.yaml',
      'https://169.254.169.254/a.yaml',
      'https://user:pw@example.com/a.yaml',
      'file:///etc/passwd'
    ]) {
      await assert.rejects(
        fetchPackage(url, WORDS),
        /Pipeline URL validation failed/,
        url
      );
    }
    await assert.rejects(fetchPackage('nonsense', WORDS), /no URL/);
  });

  it('follows no redirect and stops at 32 MiB', async () => {
    await assert.rejects(
      get('moved.yaml', () => true),
      /returned 302/
    );
    await assert.rejects(
      get('huge.yaml', () => true),
      /too large/
    );
  });

  it('knows public addresses', () => {
    assert.deepEqual(
      [
        '8.8.8.8',
        '2606:4700::1111',
        '10.1.2.3',
        '172.20.0.1',
        'fe80::1',
        'fd00::1',
        '0.0.0.0'
      ].map(isPublicAddress),
      [true, true, false, false, false, false, false]
    );
  });
});
