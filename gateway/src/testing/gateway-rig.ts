/** For tests: the gateway's app in this process, with state in a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { InjectOptions, LightMyRequestResponse } from 'fastify';

import { buildServer, type Gateway } from '../server.ts';

export const TOKEN = 'a-token-of-forty-letters-that-only-tests-know';

/** A gateway and how to ask it. */
export interface GatewayRig {
  readonly folder: string;
  readonly gateway: Gateway;
  /** A request with the token, to an allowed host. */
  ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object
  ): Promise<LightMyRequestResponse>;
  /** A request exactly as given. */
  raw(request: InjectOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** Open one, in a new folder or in that of another. */
export async function openGateway(
  // No containers: their images would have to be pulled.
  env: NodeJS.ProcessEnv = { JUPYTERLAB_KFP_ISOLATION: 'namespace' },
  folder = mkdtempSync(join(tmpdir(), 'kfp-gateway-'))
): Promise<GatewayRig> {
  const folders = {
    data: join(folder, 'data'),
    config: join(folder, 'config'),
    runtime: join(folder, 'runtime')
  };
  for (const path of Object.values(folders)) {
    mkdirSync(path, { recursive: true });
  }
  const gateway = await buildServer({
    folders,
    version: '0',
    token: TOKEN,
    env,
    own: () => 'http://127.0.0.1:1',
    logFile: join(folder, 'gateway.log')
  });
  await gateway.app.ready();
  const raw = (request: InjectOptions) => gateway.app.inject(request);
  return {
    folder,
    gateway,
    raw,
    ask: (method, path, body) =>
      raw({
        method,
        url: path,
        headers: {
          host: '127.0.0.1:8000',
          authorization: `Bearer ${TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' })
        },
        ...(body === undefined ? {} : { payload: body })
      }),
    close: async () => {
      await gateway.app.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** A compiled pipeline of one task that runs a shell script and answers what it wrote. */
export function shellPipeline(script: string): Record<string, unknown> {
  return {
    pipelineInfo: { name: 'shell' },
    schemaVersion: '2.1.0',
    components: {
      'comp-say': {
        executorLabel: 'exec-say',
        inputDefinitions: { parameters: { word: { parameterType: 'STRING' } } },
        outputDefinitions: {
          artifacts: {
            file: {
              artifactType: {
                schemaTitle: 'system.Dataset',
                schemaVersion: '0.0.1'
              }
            }
          }
        }
      }
    },
    deploymentSpec: {
      executors: {
        'exec-say': {
          container: {
            image: 'alpine',
            command: ['sh', '-c', script],
            args: [
              "{{$.inputs.parameters['word']}}",
              "{{$.outputs.artifacts['file'].path}}"
            ]
          }
        }
      }
    },
    root: {
      dag: {
        tasks: {
          say: {
            taskInfo: { name: 'say' },
            componentRef: { name: 'comp-say' },
            inputs: {
              parameters: { word: { componentInputParameter: 'word' } }
            }
          }
        }
      },
      inputDefinitions: {
        parameters: { word: { parameterType: 'STRING', defaultValue: 'hello' } }
      }
    }
  };
}

/** Ask until `done` says so; rejects after half a minute. */
export async function until<T>(
  ask: () => Promise<T>,
  done: (value: T) => boolean
): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await ask();
    if (done(value)) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `It did not happen: ${JSON.stringify(value).slice(0, 1000)}`
      );
    }
    await sleep(50);
  }
}
