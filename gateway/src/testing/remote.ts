/** For tests: a KFP service elsewhere. It is another gateway's local service behind a proxy that wants a bearer token. */
import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { openGateway, TOKEN, type GatewayRig } from './gateway-rig.ts';

/** How the proxy behaves: as KFP behind a sign-in, or as what else may stand at an address. */
export type RemoteMode = 'kfp' | 'html' | 'sign-in' | 'echo' | 'silent';

export interface Remote {
  readonly rig: GatewayRig;
  readonly address: string;
  /** The only token it takes. */
  token: string;
  mode: RemoteMode;
  close(): Promise<void>;
}

export async function openRemote(token: string): Promise<Remote> {
  const rig = await openGateway();
  const inner = new URL(
    await rig.gateway.app.listen({ port: 0, host: '127.0.0.1' })
  );
  const remote = { rig, token, mode: 'kfp' as RemoteMode };
  const server: Server = createServer((request, answer) => {
    if (remote.mode === 'silent') {
      return;
    }
    if (remote.mode === 'html') {
      answer.setHeader('content-type', 'text/html');
      answer.end('<html><title>Dashboard</title></html>');
      return;
    }
    if (remote.mode === 'sign-in') {
      answer.writeHead(302, { location: '/dex/auth?x=1' }).end();
      return;
    }
    if (remote.mode === 'echo') {
      answer.writeHead(500, { 'content-type': 'application/json' });
      answer.end(
        JSON.stringify({
          code: 13,
          message: `bad request: ${JSON.stringify(request.headers)}`
        })
      );
      return;
    }
    if (request.headers.authorization !== `Bearer ${remote.token}`) {
      answer.writeHead(401, { 'content-type': 'application/json' });
      answer.end(
        JSON.stringify({
          code: 16,
          message:
            'Failed to list runs: Unauthenticated: Request header error: there is no user identity header.',
          details: [
            {
              code: 16,
              message: 'User identity is empty in the request header'
            }
          ]
        })
      );
      return;
    }
    const { authorization: _, ...headers } = request.headers;
    const forward = send(
      {
        host: inner.hostname,
        port: inner.port,
        method: request.method,
        path: `/t/${TOKEN}/c/local${request.url}`,
        headers: { ...headers, host: inner.host }
      },
      back => {
        answer.writeHead(back.statusCode ?? 502, back.headers);
        back.pipe(answer);
      }
    );
    forward.on('error', () => answer.destroy());
    request.pipe(forward);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return Object.assign(remote, {
    address: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rig.close();
    }
  });
}
