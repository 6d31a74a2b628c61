import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';

import { GatewayClient } from './client';
import { linkOfCode } from './feed';
import { GatewayError } from './gateway-error';

/** A client whose every call is answered with this. */
function answering(status: number, body: string): GatewayClient {
  return new GatewayClient({
    trans: nullTranslator.load('jupyterlab_kfp'),
    serverSettings: ServerConnection.makeSettings({
      baseUrl: 'http://host/',
      fetch: async () =>
        ({
          ok: status < 400,
          status,
          text: async () => body
        }) as Response
    })
  });
}

describe('GatewayClient', () => {
  it.each([
    [200, '<html>Sign in</html>', 'not-gateway', 'stale'],
    [200, '[]', 'not-gateway', 'stale'],
    [200, '"text"', 'not-gateway', 'stale'],
    [403, '{"message":"Forbidden"}', 'server-sign-in', 'sign-in'],
    [401, '', 'server-sign-in', 'sign-in'],
    [404, '<html>Not found</html>', 'server-missing', 'offline'],
    [502, '<html>Bad gateway</html>', 'gateway-absent', 'offline'],
    [403, '{"code":"auth-denied","message":"No."}', 'auth-denied', 'no-access']
  ])(
    'takes %i %s for %s, which makes a picture %s',
    async (status, body, code, link) => {
      const failed: unknown = await answering(status, body)
        .status()
        .catch((reason: unknown) => reason);
      expect(failed).toBeInstanceOf(GatewayError);
      expect((failed as GatewayError).code).toBe(code);
      expect((failed as GatewayError).message).toMatch(/^[A-Z].*\.$/);
      expect(linkOfCode(code)).toBe(link);
    }
  );
});
