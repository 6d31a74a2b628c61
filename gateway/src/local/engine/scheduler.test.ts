/** The scheduler under random graphs, failures, retries, stops and restarts. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import fc from 'fast-check';
import type { PipelineDocument } from 'jupyterlab-kfp-model';

import { openDatabase, type Database } from '../store/database.ts';
import { ExecutionStore } from '../store/execution.ts';
import {
  from,
  pipeline,
  type ComponentText,
  type TaskText
} from './testing/pipeline-text.ts';
import { drive, type Script } from './testing/scheduler-drive.ts';

/** What a task is, drawn at random; `needs` are places of earlier tasks. */
interface Plan {
  readonly kind: 'leaf' | 'dag' | 'loop';
  readonly needs: readonly number[];
  readonly reads: boolean;
  readonly always: boolean;
  readonly isFalse: boolean;
  readonly retries: number;
  readonly items: number;
  readonly limit: number;
  readonly inner: readonly Plan[];
}

const plans = fc.letrec<{ tasks: readonly Plan[] }>(tie => ({
  tasks: fc.array(
    fc.record({
      kind: fc.constantFrom('leaf', 'leaf', 'leaf', 'dag', 'loop'),
      needs: fc.uniqueArray(fc.nat(4), { maxLength: 2 }),
      reads: fc.boolean(),
      always: fc.boolean(),
      isFalse: fc.oneof(
        { weight: 4, arbitrary: fc.constant(false) },
        fc.boolean()
      ),
      retries: fc.nat(2),
      items: fc.nat(4),
      limit: fc.nat(2),
      inner: fc.oneof({ depthSize: 'small' }, fc.constant([]), tie('tasks'))
    }) as fc.Arbitrary<Plan>,
    { minLength: 1, maxLength: 5 }
  )
}));

function compile(root: readonly Plan[]): PipelineDocument {
  const components: Record<string, ComponentText> = {
    leaf: { out: { Output: 'STRING' } },
    reader: { in: { x: { parameterType: 'STRING', isOptional: true } } }
  };
  let count = 0;
  const dag = (list: readonly Plan[]): Record<string, TaskText> =>
    Object.fromEntries(
      list.map((plan, place): [string, TaskText] => {
        const needs = plan.needs.filter(other => other < place);
        const producer = needs.find(
          other => list[other]?.kind === 'leaf' && !list[other].reads
        );
        const isGroup = plan.kind !== 'leaf' && plan.inner.length > 0;
        const reads =
          !isGroup && plan.reads && producer !== undefined && needs.length > 0;
        const name = `group${count++}`;
        if (isGroup) {
          components[name] = {
            in: plan.kind === 'loop' ? { item: 'NUMBER_INTEGER' } : {},
            tasks: dag(plan.inner)
          };
        }
        return [
          `t${place}`,
          {
            of: isGroup ? name : reads ? 'reader' : 'leaf',
            after: needs.map(other => `t${other}`),
            always: plan.always && needs.length > 0,
            ...(plan.isFalse ? { when: '1 == 2' } : {}),
            ...(reads ? { with: { x: from.output(`t${producer}`) } } : {}),
            ...(plan.retries === 0
              ? {}
              : {
                  retry: {
                    maxRetryCount: plan.retries,
                    backoffDuration: '1s',
                    backoffMaxDuration: '100000s'
                  }
                }),
            ...(isGroup && plan.kind === 'loop'
              ? {
                  more: {
                    parameterIterator: {
                      items: {
                        raw: JSON.stringify(
                          Array.from({ length: plan.items }, (_, n) => n)
                        )
                      },
                      itemInput: 'item'
                    },
                    iteratorPolicy: { parallelismLimit: plan.limit }
                  }
                }
              : {})
          }
        ];
      })
    );
  const tasks = dag(root);
  return pipeline({ tasks }, components);
}

/** A number in [0, 1) that depends on a text and a seed only. */
function chance(text: string, seed: number): number {
  let hash = 2166136261 ^ seed;
  for (const letter of text) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

describe('the scheduler', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfp-scheduler-'));
  let database: Database;
  let store: ExecutionStore;
  let runs = 0;
  before(() => {
    database = openDatabase(join(folder, 'service.db'));
    store = new ExecutionStore(database);
  });
  after(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const script = (
    document: PipelineDocument,
    seed: number,
    more: Partial<Script> = {}
  ): Script => {
    let step = 0;
    return {
      document,
      fails: (path, attempt) => chance(`${path} ${attempt}`, seed) < 0.25,
      pick: n => Math.floor(chance(`pick ${step++}`, seed) * n),
      ...more
    };
  };
  const play = (one: Script) => drive(one, store, `run${runs++}`);
  const many = { numRuns: Number(process.env['KFP_PROPERTY_RUNS'] ?? 150) };

  it('runs nothing twice, nothing before its inputs, and always ends', () => {
    fc.assert(
      fc.property(plans.tasks, fc.nat(), (tasks, seed) => {
        const end = play(script(compile(tasks), seed));
        assert.deepEqual(end.faults, []);
        const states = [...end.states.values()];
        assert.equal(
          end.ended,
          states.includes('FAILED') ? 'FAILED' : 'SUCCEEDED'
        );
      }),
      many
    );
  });

  it('ends the same in whatever order things happen', () => {
    fc.assert(
      fc.property(plans.tasks, fc.nat(), fc.nat(), (tasks, seed, other) => {
        const document = compile(tasks);
        const one = script(document, seed);
        const first = play(one);
        const second = play({ ...script(document, other), fails: one.fails });
        assert.deepEqual(
          new Map([...second.states].sort()),
          new Map([...first.states].sort())
        );
      }),
      many
    );
  });

  it('ends the same after a restart at any moment, and runs nothing again', () => {
    fc.assert(
      fc.property(plans.tasks, fc.nat(), fc.nat(40), (tasks, seed, at) => {
        const document = compile(tasks);
        const whole = play(script(document, seed));
        const broken = play(
          script(document, seed, { restartAt: at % (whole.events + 1) })
        );
        assert.deepEqual(broken.faults, []);
        assert.equal(broken.ended, whole.ended);
        assert.deepEqual(
          new Map([...broken.states].sort()),
          new Map([...whole.states].sort())
        );
        assert.deepEqual(
          new Map([...broken.launches].sort()),
          new Map([...whole.launches].sort())
        );
      }),
      many
    );
  });

  it('ends soon after a stop, also after a restart, and begins nothing more', () => {
    fc.assert(
      fc.property(
        plans.tasks,
        fc.nat(),
        fc.nat(20),
        fc.option(fc.nat(5)),
        (tasks, seed, stopAt, later) => {
          const end = play(
            script(compile(tasks), seed, {
              stopAt,
              ...(later === null ? {} : { restartAt: stopAt + later })
            })
          );
          assert.deepEqual(end.faults, []);
          assert.ok(end.ended !== undefined);
        }
      ),
      many
    );
  });
});
