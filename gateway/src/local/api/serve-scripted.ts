/**
 * For tests of clients in other languages: the KFP API on a free port, with runs that end at once as their name says
 * (`…fail…` fails, `…stay…` stays). Prints one line: the address.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fastify from 'fastify';

import type { EngineRun } from '../engine/contract.ts';
import { createLocalService } from '../service.ts';
import { ScriptedEngine } from './scripted-engine.ts';

class EndingEngine extends ScriptedEngine {
  override start(run: EngineRun): void {
    super.start(run);
    if (!run.name.includes('stay')) {
      setImmediate(() => {
        this.report(run.runId, 'RUNNING');
        this.report(
          run.runId,
          run.name.includes('fail') ? 'FAILED' : 'SUCCEEDED'
        );
      });
    }
  }

  override terminate(runId: string): boolean {
    setImmediate(() => this.report(runId, 'CANCELED'));
    return true;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'kfp-client-'));
const service = await createLocalService({
  dataDir: join(folder, 'data'),
  configDir: join(folder, 'config'),
  version: '0',
  createEngine: () => new EndingEngine()
});
const app = fastify();
await app.register(service.plugin, { prefix: '/c/local' });
const address = await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${address}/c/local\n`);
