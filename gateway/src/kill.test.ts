/**
 * `kill -9` of the gateway at random moments while a pipeline of 30 tasks with retries runs: every run ends definite, no task that
 * had finished runs again, no process is left. `KFP_KILLS` and `KFP_KILL_SEED` ask for more, or for the same again.
 */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  startGateway,
  type GatewayProcess
} from './testing/gateway-process.ts';

const KILLS = Number(process.env['KFP_KILLS'] ?? 12);
const SEED = Number(process.env['KFP_KILL_SEED'] ?? Date.now() % 100_000);
const TASKS = 30;
/** So that many runs see kills in their middle and at their end. */
const KILLS_PER_RUN = 7;
/** Milliseconds from the last kill to the end of the run. */
const LIMIT = 60_000;

let folder: string;
let gateway: GatewayProcess | undefined;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kfp-kill-'));
});
after(async () => {
  await gateway?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Every third task fails once; each depends on the one five before it, so that five run side by side. */
function pipeline(marks: string): Record<string, unknown> {
  const script = [
    'mark="$0"; name="$1"; flaky="$2"',
    'echo start >> "$mark/$name"',
    'sleep 0.2',
    'if [ "$flaky" = yes ] && [ "$(grep -c start "$mark/$name")" -lt 2 ]; then exit 3; fi',
    'echo done >> "$mark/$name"'
  ].join('\n');
  const numbers = Array.from({ length: TASKS }, (_, index) => index);
  const text = (value: string) => ({ runtimeValue: { constant: value } });
  return {
    pipelineInfo: { name: 'kills' },
    schemaVersion: '2.1.0',
    components: {
      'comp-step': {
        executorLabel: 'exec-step',
        inputDefinitions: {
          parameters: {
            name: { parameterType: 'STRING' },
            flaky: { parameterType: 'STRING' }
          }
        }
      }
    },
    deploymentSpec: {
      executors: {
        'exec-step': {
          container: {
            image: 'alpine',
            command: ['sh', '-c', script, marks],
            args: [
              "{{$.inputs.parameters['name']}}",
              "{{$.inputs.parameters['flaky']}}"
            ]
          }
        }
      }
    },
    root: {
      dag: {
        tasks: Object.fromEntries(
          numbers.map(index => [
            `step-${index}`,
            {
              taskInfo: { name: `step-${index}` },
              componentRef: { name: 'comp-step' },
              cachingOptions: {},
              ...(index < 5 ? {} : { dependentTasks: [`step-${index - 5}`] }),
              inputs: {
                parameters: {
                  name: text(`step-${index}`),
                  flaky: text(index % 3 === 0 ? 'yes' : 'no')
                }
              },
              retryPolicy: {
                maxRetryCount: 2,
                backoffDuration: '0.1s',
                backoffFactor: 1,
                backoffMaxDuration: '600s'
              }
            }
          ])
        )
      }
    }
  };
}

async function json(
  gateway: GatewayProcess,
  path: string,
  body?: unknown
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${gateway.base}c/local/apis/v2beta1/${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body) })
  });
  const value = (await answer.json()) as Record<string, unknown>;
  assert.equal(answer.status, 200, JSON.stringify(value));
  return value;
}

async function failuresOf(
  gateway: GatewayProcess,
  path: string
): Promise<string> {
  const run = await json(gateway, path);
  const details = run['run_details'] as {
    task_details?: Record<string, unknown>[];
  };
  const failed = (details.task_details ?? []).filter(
    task => task['state'] !== 'SUCCEEDED'
  );
  return JSON.stringify([run['error'], failed.slice(0, 3)], null, 1);
}

/** Processes that have the marker in their command line or environment: tasks, supervisors, gateways. */
function processesOf(marker: string): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker);
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

it(
  `survives ${KILLS} kills (seed ${SEED})`,
  { timeout: 600_000 },
  async context => {
    let seed = SEED;
    const random = () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed / 2 ** 32;
    };
    let kills = 0;
    let runs = 0;
    while (kills < KILLS) {
      const marks = join(folder, `marks-${runs}`);
      mkdirSync(marks);
      gateway = await startGateway(folder);
      const made = await json(gateway, 'runs', {
        display_name: `run ${runs}`,
        pipeline_spec: pipeline(marks)
      });
      runs += 1;
      const path = `runs/${String(made['run_id'])}`;
      let quietSince = Date.now();
      let killsHere = 0;
      const finished = new Map<string, string>();
      let state = '';
      for (;;) {
        const run = await json(gateway, path);
        state = String(run['state']);
        const details = (run['run_details'] ?? {}) as {
          task_details?: Record<string, string>[];
        };
        for (const task of details.task_details ?? []) {
          const known = finished.get(String(task['task_id']));
          if (known !== undefined) {
            assert.equal(task['end_time'], known, 'a finished task changed');
          } else if (task['state'] === 'SUCCEEDED') {
            finished.set(String(task['task_id']), String(task['end_time']));
          }
        }
        if (state === 'SUCCEEDED' || state === 'FAILED') {
          break;
        }
        if (Date.now() - quietSince > LIMIT) {
          assert.fail(
            `run ${runs} hangs in ${state}: ${await failuresOf(gateway, path)}`
          );
        }
        await sleep(100 + random() * 700);
        if (kills < KILLS && killsHere < KILLS_PER_RUN) {
          await gateway.kill();
          kills += 1;
          killsHere += 1;
          if (random() < 0.3) {
            await sleep(random() * 600); // tasks end while nobody looks
          }
          gateway = await startGateway(folder);
          quietSince = Date.now();
        }
      }
      assert.equal(
        state,
        'SUCCEEDED',
        state === 'SUCCEEDED' ? '' : await failuresOf(gateway, path)
      );
      for (let index = 0; index < TASKS; index++) {
        const lines = readFileSync(join(marks, `step-${index}`), 'utf8')
          .trim()
          .split('\n');
        const count = (word: string) =>
          lines.filter(line => line === word).length;
        assert.equal(count('done'), 1, `step-${index}: ${lines.join(' ')}`);
        assert.equal(
          count('start'),
          index % 3 === 0 ? 2 : 1,
          `step-${index}: ${lines.join(' ')}`
        );
      }
      await gateway.stop();
      assert.deepEqual(processesOf(folder), [], 'processes are left');
    }
    context.diagnostic(`${kills} kills over ${runs} runs`);
  }
);
