/**
 * For tests of clients in other languages: a gateway with a connection `env` to a service elsewhere that wants a bearer token.
 * Prints one line: the address of the pass-through.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openGateway, TOKEN } from './gateway-rig.ts';
import { openRemote } from './remote.ts';

const SECRET = 'the-secret-of-the-cluster';

const remote = await openRemote(SECRET);
const tokenFile = join(remote.rig.folder, 'token');
writeFileSync(tokenFile, SECRET);
const rig = await openGateway({
  KF_PIPELINES_ENDPOINT: remote.address,
  KF_PIPELINES_SA_TOKEN_PATH: tokenFile
});
await rig.gateway.search();
const address = await rig.gateway.app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${address}/t/${TOKEN}/c/env\n`);
process.once('SIGTERM', () => {
  void Promise.all([rig.close(), remote.close()]).then(() => process.exit(0));
});
