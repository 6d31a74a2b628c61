/** Rules of execution beyond the defects of kfp.local: values, groups, loops, caching, importers, volumes, retry of runs. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { Json } from 'jupyterlab-kfp-model';

import {
  artifact,
  from,
  gives,
  pipeline,
  type ComponentText,
  type TaskText
} from './testing/pipeline-text.ts';
import { TestEngine, type Body } from './testing/test-engine.ts';

const ECHO: ComponentText = { in: { x: 'STRING' }, out: { Output: 'STRING' } };
const echo: Body = ({ inputs }) => ({ Output: inputs['x'] ?? null });
const overItems = (items: Json): Pick<TaskText, 'more'> => ({
  more: {
    parameterIterator: {
      items: { raw: typeof items === 'string' ? items : JSON.stringify(items) },
      itemInput: 'item'
    }
  }
});
const OVER_INPUT: Pick<TaskText, 'more'> = {
  more: {
    parameterIterator: {
      items: { inputParameter: 'items' },
      itemInput: 'item'
    }
  }
};

describe('the engine', () => {
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine();
    test.does({
      echo,
      fail: () => {
        throw new Error('boom');
      }
    });
  });
  afterEach(async () => {
    assert.deepEqual(test.faults, []);
    await test.close();
  });

  /** Inputs a container sees when a task of this definition is given this source. */
  const seenBy = async (
    definition: { [key: string]: Json },
    given?: { [key: string]: Json }
  ) => {
    let seen: unknown;
    test.does({
      look: ({ inputs }) => {
        seen = { ...inputs };
        return {};
      }
    });
    const { state, error } = await test.run(
      pipeline(
        {
          in: { none: { parameterType: 'STRING', isOptional: true } },
          tasks: { look: given === undefined ? {} : { with: { p: given } } }
        },
        { look: { in: { p: definition } } }
      )
    );
    return state === 'SUCCEEDED' ? seen : error;
  };

  it('gives a container what is given, else its default, else nothing', async () => {
    const type = 'STRING';
    const optional = { parameterType: type, isOptional: true };
    const byDefault = { ...optional, defaultValue: 'd' };
    assert.deepEqual(await seenBy(byDefault), { p: 'd' });
    assert.deepEqual(await seenBy(optional), {});
    assert.deepEqual(await seenBy(optional, from.input('none')), {});
    assert.deepEqual(await seenBy({ parameterType: type, defaultValue: 'd' }), {
      p: 'd'
    });
    assert.equal(
      await seenBy({ parameterType: type }),
      'neither value nor default value provided for non-optional parameter "p"'
    );
    assert.equal(
      await seenBy({ parameterType: type }, from.input('none')),
      'the resolved input parameter is null: p'
    );
    assert.equal(
      await seenBy({ parameterType: type }, from.input('unknown')),
      'parent DAG does not have input parameter unknown'
    );
  });

  it('turns values into text for STRING, and into nothing else', async () => {
    const text = { parameterType: 'STRING' };
    for (const [value, shown] of [
      [1.0, '1'],
      [0.000001, '0.000001'],
      [1e20, '100000000000000000000'],
      [true, 'true'],
      [[1, { b: 2, a: null }], '[1,{"a":null,"b":2}]']
    ] as const) {
      assert.deepEqual(await seenBy(text, from.constant(value)), { p: shown });
    }
    assert.deepEqual(
      await seenBy({ parameterType: 'NUMBER_INTEGER' }, from.constant(1.5)),
      { p: 1.5 }
    );
    for (const [type, value, kind] of [
      ['NUMBER_DOUBLE', '1', 'string'],
      ['NUMBER_INTEGER', true, 'bool'],
      ['BOOLEAN', 1, 'number'],
      ['LIST', { a: 1 }, 'struct'],
      ['STRUCT', [], 'list']
    ] as const) {
      assert.equal(
        await seenBy({ parameterType: type }, from.constant(value)),
        `input parameter "p" type mismatch: expect ${type}, got ${kind}`
      );
    }
    assert.match(
      String(
        await seenBy({ ...text, literals: ['a', 'b'] }, from.constant('c'))
      ),
      /value c does not match any of the allowed literal values/
    );
  });

  it('fills placeholders of the run and of other inputs once, unknown ones never', async () => {
    const { tasks, runId } = await test.run(
      pipeline(
        {
          tasks: {
            'a-task': {
              of: 'echo',
              with: {
                x: from.constant(
                  "{{$.pipeline_job_name}}/{{$.pipeline_job_uuid}}/{{$.pipeline_task_name}}/{{$.nothing}}/{{$.inputs.parameters['y']}}/{{$.inputs.parameters['no']}}"
                ),
                y: from.constant('{{$.pipeline_job_name}}'),
                z: from.constant("{{$.inputs.parameters['w']}}"),
                w: from.input('w')
              }
            }
          },
          in: { w: 'STRING' }
        },
        {
          echo: {
            ...ECHO,
            in: { x: 'STRING', y: 'STRING', z: 'STRING', w: 'STRING' }
          }
        }
      ),
      { w: "{{$.inputs.parameters['x']}}" }
    );
    const { parameters } = tasks['a-task']!.inputs;
    assert.equal(
      parameters['x'],
      `a run/${runId}/a-task/{{$.nothing}}/a run/{{$.inputs.parameters['no']}}`
    );
    assert.equal(parameters['z'], "{{$.inputs.parameters['x']}}");
  });

  const choice = (conditions: readonly [string, string]) =>
    pipeline(
      {
        out: { Output: 'STRING' },
        tasks: {
          choose: {},
          use: { of: 'echo', with: { x: from.output('choose') } }
        },
        outputs: gives({ Output: [['choose', 'Output']] })
      },
      {
        echo: ECHO,
        choose: {
          out: { Output: 'STRING' },
          tasks: {
            a: { of: 'branch', when: conditions[0] },
            b: { of: 'branch', when: conditions[1] }
          },
          outputs: gives({
            Output: [
              ['a', 'Output'],
              ['b', 'Output']
            ]
          })
        },
        branch: {
          out: { Output: 'STRING' },
          tasks: { echo: { with: { x: from.constant('v') } } },
          outputs: gives({ Output: [['echo', 'Output']] })
        }
      }
    );

  it('takes the one branch of a choice, fails with two, and names a choice of none', async () => {
    const one = await test.run(choice(['1 == 2', '1 == 1']));
    assert.deepEqual([one.state, one.outputs['Output']], ['SUCCEEDED', 'v']);
    const two = await test.run(choice(['1 == 1', '1 == 1']));
    assert.deepEqual(
      [two.state, two.states['choose'], two.states['use']],
      ['FAILED', 'FAILED', 'NOT_REACHED']
    );
    const none = await test.run(choice(['1 == 2', '1 == 2']));
    assert.equal(none.states['choose'], 'SUCCEEDED');
    assert.equal(
      none.error,
      'processing OneOf: No successful task found for output key "Output" in parent task "choose"'
    );
  });

  const loop = (task: TaskText, inner: ComponentText, more = {}) =>
    pipeline(
      {
        in: { items: { parameterType: 'LIST', isOptional: true } },
        out: { all: 'LIST' },
        tasks: { loop: task },
        outputs: gives({ all: [['loop', 'each']] })
      },
      {
        echo: ECHO,
        fail: {},
        loop: { out: { each: 'STRING' }, ...inner },
        ...more
      }
    );
  const EACH: ComponentText = {
    in: { item: 'STRING' },
    tasks: { echo: { with: { x: from.input('item') } } },
    outputs: gives({ each: [['echo', 'Output']] })
  };

  it('loops over lists and texts that are lists, and over nothing else', async () => {
    const all = async (items: Json) =>
      (await test.run(loop(overItems(items), EACH))).outputs['all'];
    assert.deepEqual(await all(['a', { k: 1 }, 2]), ['a', '{"k":1}', '2']);
    assert.deepEqual(await all([]), []);
    const text = (value: string, parameterType: string) =>
      test.run(
        loop(
          { ...OVER_INPUT, with: { items: from.constant(value) } },
          { ...EACH, in: { items: parameterType, item: 'STRING' } }
        )
      );
    assert.deepEqual((await text('["a","b"]', 'STRING')).outputs['all'], [
      'a',
      'b'
    ]);
    const wrong = await text('no list', 'STRING');
    assert.deepEqual(
      [wrong.state, wrong.error],
      ['FAILED', 'value of type string cannot be iterated']
    );
  });

  it('leaves out rounds without a value, and goes on after a failed round', async () => {
    const skipping = await test.run(
      loop(overItems(['a', 'b', 'c']), {
        ...EACH,
        tasks: {
          echo: {
            with: { x: from.input('item') },
            when: "inputs.parameter_values['x'] != 'b'"
          }
        }
      })
    );
    assert.deepEqual(skipping.outputs['all'], ['a', 'c']);
    assert.equal(skipping.states['loop[1].echo'], 'SKIPPED');
    const failing = await test.run(
      loop(
        overItems(['a', 'b']),
        {
          ...EACH,
          tasks: {
            ...EACH.tasks,
            fail: {
              when: "inputs.parameter_values['x'] == 'a'",
              with: { x: from.input('item') }
            }
          }
        },
        { fail: { in: { x: 'STRING' } } }
      )
    );
    assert.deepEqual(
      ['loop', 'loop[0]', 'loop[1]'].map(path => failing.states[path]),
      ['FAILED', 'FAILED', 'SUCCEEDED']
    );
  });

  it('keeps the lists of inner loops as lists', async () => {
    const { outputs } = await test.run(
      loop(
        overItems(['a', 'b']),
        {
          in: { item: 'STRING' },
          out: { each: 'LIST' },
          tasks: { inner: overItems([1, 2]) },
          outputs: gives({ each: [['inner', 'each']] })
        },
        { inner: { out: { each: 'STRING' }, ...EACH } }
      )
    );
    assert.deepEqual(outputs['all'], [
      ['1', '2'],
      ['1', '2']
    ]);
  });

  it('shows the items inside the loop, and loops over artifacts', async () => {
    const items = await test.run(
      loop(
        { ...OVER_INPUT, with: { items: from.constant(['a', 'b']) } },
        {
          ...EACH,
          in: { items: 'LIST', item: 'STRING' },
          tasks: { echo: { with: { x: from.input('items') } } }
        }
      )
    );
    assert.deepEqual(items.outputs['all'], ['["a","b"]', '["a","b"]']);
    test.does({
      make: ({ inputs }) => ({ data: String(inputs['x']) }),
      read: ({ artifacts }) => ({
        Output: readFileSync(artifacts['data']?.[0]?.uri ?? '', 'utf8')
      })
    });
    const { outputs } = await test.run(
      pipeline(
        {
          out: { all: 'LIST' },
          tasks: {
            makes: overItems(['a', 'b']),
            reads: {
              artifacts: { list: from.artifact('makes') },
              more: {
                artifactIterator: {
                  items: { inputArtifact: 'list' },
                  itemInput: 'one'
                }
              }
            }
          },
          outputs: gives({ all: [['reads', 'each']] })
        },
        {
          make: { in: { x: 'STRING' }, outArtifacts: { data: artifact } },
          read: { inArtifacts: { data: artifact }, out: { Output: 'STRING' } },
          makes: {
            in: { item: 'STRING' },
            outArtifacts: { data: artifact },
            tasks: { make: { with: { x: from.input('item') } } },
            outputs: gives({}, { data: [['make', 'data']] })
          },
          reads: {
            inArtifacts: {
              list: { ...artifact, isArtifactList: true },
              one: artifact
            },
            out: { each: 'STRING' },
            tasks: { read: { artifacts: { data: from.inputArtifact('one') } } },
            outputs: gives({ each: [['read', 'Output']] })
          }
        }
      )
    );
    assert.deepEqual(outputs['all'], ['a', 'b']);
  });

  it('refuses a loop that is too long before it begins', async () => {
    const { error } = await test.run(
      loop(overItems(Array.from({ length: 10_001 }, () => 'a')), EACH)
    );
    assert.equal(error, 'loop loop has 10,001 items, the limit is 10,000');
    assert.equal(test.runner.started.length, 0);
  });

  it('tells an exit task how its group ended, in the words of clusters', async () => {
    const ends: Json[] = [];
    test.does({
      status: ({ inputs }) => {
        const { state } = inputs['s'] as { state: Json };
        ends.push(state);
        return {};
      }
    });
    const group = (task: TaskText) =>
      pipeline(
        {
          tasks: {
            group: {
              ...(task.when === undefined ? {} : { when: task.when })
            },
            status: { with: { s: from.status('group') }, always: true }
          }
        },
        {
          echo: ECHO,
          fail: {},
          status: { in: { s: 'TASK_FINAL_STATUS' } },
          group: { tasks: { inner: { ...task, when: undefined! } } }
        }
      );
    await test.run(group({ of: 'echo', with: { x: from.constant('') } }));
    await test.run(group({ of: 'fail' }));
    await test.run(
      group({ of: 'echo', with: { x: from.constant('') }, when: '1 == 2' })
    );
    assert.deepEqual(ends, ['COMPLETE', 'FAILED', 'CANCELED']);
  });

  it('gives a task that ignores failures the default of what the failed task owes', async () => {
    const { states, tasks } = await test.run(
      pipeline(
        {
          tasks: {
            fail: {},
            use: {
              of: 'echo',
              with: { x: from.output('fail') },
              always: true
            }
          }
        },
        {
          fail: { out: { Output: 'STRING' } },
          echo: {
            ...ECHO,
            in: {
              x: {
                parameterType: 'STRING',
                isOptional: true,
                defaultValue: 'd'
              }
            }
          }
        }
      )
    );
    assert.equal(states['use'], 'SUCCEEDED');
    assert.equal(tasks['use']?.outputs.parameters['Output'], 'd');
  });

  const cached = (task: TaskText = {}, component: ComponentText = {}) =>
    pipeline(
      {
        in: { v: 'STRING' },
        tasks: { make: { with: { x: from.input('v') }, cache: true, ...task } }
      },
      {
        make: {
          in: { x: 'STRING' },
          out: { Output: 'STRING' },
          outArtifacts: { data: artifact, other: artifact },
          ...component
        }
      }
    );

  it('takes over earlier results, whoever they are of, while their files are there', async () => {
    test.does({
      make: ({ inputs }) => ({ Output: inputs['x'] ?? '', data: 'bytes' })
    });
    const first = await test.run(cached(), { v: 'a' });
    const second = await test.run(cached(), { v: 'a' });
    const { make } = second.tasks;
    assert.equal(make?.state, 'CACHED');
    assert.deepEqual(make?.cachedFrom, {
      runId: first.runId,
      taskId: first.tasks['make']?.taskId
    });
    assert.deepEqual(make?.outputs, first.tasks['make']?.outputs);
    const state = async (
      document: ReturnType<typeof cached>,
      v = 'a',
      more = {}
    ) => (await test.run(document, { v }, more)).states['make'];
    assert.equal(await state(cached(), 'b'), 'SUCCEEDED');
    const { answer } = test.runner;
    test.runner.answer = { ...answer, python: '3.99.1' };
    assert.equal(await state(cached()), 'SUCCEEDED');
    const elsewhere = { interpreter: '/another/path/of/the/same/python' };
    assert.equal(await state(cached(), 'a', elsewhere), 'CACHED');
    test.runner.answer = answer;
    assert.equal(await state(cached({ cache: false })), 'SUCCEEDED');
    assert.equal(await state(cached(), 'a', { cache: false }), 'SUCCEEDED');
    assert.equal(
      await state(cached({ cache: false }), 'a', { cache: true }),
      'CACHED'
    );
    assert.equal(
      await state(
        cached({}, { container: { env: [{ name: 'A', value: '1' }] } })
      ),
      'SUCCEEDED'
    );
    assert.equal(
      await state(
        cached(
          {},
          {
            in: {
              x: 'STRING',
              y: {
                parameterType: 'STRING',
                isOptional: true,
                defaultValue: 'new'
              }
            }
          }
        )
      ),
      'SUCCEEDED'
    );
    // The newest result under the key is the one that counts.
    rmSync(join(test.dataDir, 'runs'), { recursive: true });
    assert.equal(await state(cached()), 'SUCCEEDED');
  });

  it('uses a cache key of the user instead of all inputs', async () => {
    test.does({ make: () => ({ Output: '', data: '' }) });
    await test.run(cached({ cache: 'mine' }), { v: 'a' });
    const again = await test.run(cached({ cache: 'mine' }), { v: 'b' });
    assert.equal(again.states['make'], 'CACHED');
    const other = await test.run(cached({ cache: 'other' }), { v: 'a' });
    assert.equal(other.states['make'], 'SUCCEEDED');
  });

  it('keeps nothing of a task that failed', async () => {
    test.does({
      make: () => {
        throw new Error('no');
      }
    });
    await test.run(cached(), { v: 'a' });
    test.does({ make: () => ({ Output: '', data: '' }) });
    const { states } = await test.run(cached(), { v: 'a' });
    assert.equal(states['make'], 'SUCCEEDED');
  });

  it('keeps the folder of a deleted run while another shows its results', async () => {
    test.does({ make: () => ({ Output: '', data: 'bytes' }) });
    const first = await test.run(cached(), { v: 'a' });
    const second = await test.run(cached(), { v: 'a' });
    const file = first.tasks['make']?.outputs.artifacts['data']?.[0]?.uri ?? '';
    await test.engine.remove(first.runId);
    assert.ok(existsSync(file));
    await test.engine.remove(second.runId);
    assert.ok(!existsSync(file));
  });

  it('imports files, reuses what this pipeline imported, and misses what is not there', async () => {
    const file = join(test.folder, 'data.csv');
    writeFileSync(file, 'rows');
    const imports = (uri: string, reimport = false) =>
      pipeline(
        {
          tasks: {
            get: { with: { uri: from.constant(uri), n: from.constant('v') } }
          }
        },
        {
          get: {
            in: { uri: 'STRING', n: 'STRING' },
            outArtifacts: { artifact },
            importer: {
              artifactUri: { runtimeParameter: 'uri' },
              typeSchema: {
                schemaTitle: 'system.Dataset',
                schemaVersion: '0.0.1'
              },
              metadata: {
                "k-{{$.inputs.parameters['n']}}": "{{$.inputs.parameters['n']}}"
              },
              reimport
            }
          }
        }
      );
    const artifactOf = async (document: ReturnType<typeof imports>) => {
      const outcome = await test.run(document);
      assert.equal(outcome.state, 'SUCCEEDED', outcome.error);
      return outcome.tasks['get']?.outputs.artifacts['artifact']?.[0];
    };
    const first = await artifactOf(imports(file));
    assert.deepEqual(
      [first?.uri, first?.type.schemaTitle, first?.metadata],
      [file, 'system.Dataset', { 'k-v': 'v' }]
    );
    assert.equal(
      (await artifactOf(imports(file)))?.artifactId,
      first?.artifactId
    );
    assert.notEqual(
      (await artifactOf(imports(`file://${file}`, true)))?.artifactId,
      first?.artifactId
    );
    assert.equal((await artifactOf(imports('gs://b/o')))?.uri, 'gs://b/o');
    const missing = await test.run(imports('/nothing/here'));
    assert.equal(missing.error, 'there is no file /nothing/here');
    const empty = await test.run(imports(''));
    assert.equal(empty.error, 'empty Artifact URI constant value');
  });

  it('says where a remote artifact is when its consumer fails', async () => {
    const { error } = await test.run(
      pipeline(
        {
          tasks: {
            get: {},
            fail: { artifacts: { data: from.artifact('get', 'artifact') } }
          }
        },
        {
          get: {
            outArtifacts: { artifact },
            importer: {
              artifactUri: { constant: 's3://bucket/data' },
              typeSchema: {
                schemaTitle: 'system.Artifact',
                schemaVersion: '0.0.1'
              }
            }
          },
          fail: { inArtifacts: { data: artifact } }
        }
      )
    );
    assert.equal(
      error,
      'boom. artifact "data" is at s3://bucket/data; no credentials here. Copy it to this machine and import that path, or import an http(s) address'
    );
  });

  const volumes = (make: { [key: string]: Json }, tasks = {}) =>
    pipeline(
      {
        out: { name: 'STRING' },
        tasks: {
          make: {
            with: Object.fromEntries(
              Object.entries({
                access_modes: ['ReadWriteOnce'],
                size: '1Gi',
                ...make
              }).map(([key, value]) => [key, from.constant(value)])
            ),
            cache: true
          },
          ...tasks
        },
        outputs: gives({ name: [['make', 'name']] })
      },
      {
        make: {
          in: Object.fromEntries(
            ['pvc_name', 'pvc_name_suffix', 'data_source', 'size'].map(name => [
              name,
              { parameterType: 'STRING', isOptional: true }
            ])
          ),
          out: { name: 'STRING' },
          container: { image: 'argostub/createpvc' }
        },
        drop: {
          in: { pvc_name: 'STRING' },
          container: { image: 'argostub/deletepvc' }
        }
      }
    );

  it('makes and removes volumes, and copies them', async () => {
    const folder = (name: Json | undefined) =>
      join(test.dataDir, 'volumes', String(name));
    const named = await test.run(volumes({ pvc_name: 'mine' }));
    assert.equal(named.outputs['name'], 'mine');
    writeFileSync(join(folder('mine'), 'kept'), '');
    assert.equal(
      (await test.run(volumes({ pvc_name: 'mine' }))).states['make'],
      'CACHED'
    );
    const suffixed = await test.run(volumes({ pvc_name_suffix: '-x' }));
    assert.match(String(suffixed.outputs['name']), /^.+-x$/);
    assert.ok(existsSync(folder(suffixed.outputs['name'])));
    const copied = await test.run(
      volumes({ pvc_name: 'copy', data_source: 'mine' })
    );
    assert.equal(copied.state, 'SUCCEEDED', copied.error);
    assert.ok(existsSync(join(folder('copy'), 'kept')));
    const both = await test.run(
      volumes({ pvc_name: 'a', pvc_name_suffix: '-b' })
    );
    assert.equal(
      both.error,
      'failed to create pvc: at most one of pvc_name and pvc_name_suffix can be non-empty'
    );
    const outside = await test.run(volumes({ pvc_name: '../outside' }));
    assert.match(outside.error ?? '', /is not a name for a volume/);
    const dropped = await test.run(
      volumes(
        { pvc_name: 'mine' },
        { drop: { with: { pvc_name: from.output('make', 'name') } } }
      )
    );
    assert.equal(dropped.state, 'SUCCEEDED', dropped.error);
    assert.ok(!existsSync(folder('mine')));
    assert.equal(
      (await test.run(volumes({ pvc_name: 'mine' }))).states['make'],
      'SUCCEEDED'
    );
  });

  it('runs again what failed, keeps what succeeded, and opens a new generation', async () => {
    let works = false;
    test.does({
      flaky: () => {
        if (!works) {
          throw new Error('not yet');
        }
        return {};
      }
    });
    const run = test.make(
      pipeline(
        {
          tasks: {
            good: { of: 'echo', with: { x: from.constant('') } },
            no: { of: 'echo', with: { x: from.constant('') }, when: '1 == 2' },
            loop: overItems(['a', 'b']),
            last: {
              of: 'echo',
              with: { x: from.constant('') },
              after: ['loop']
            }
          }
        },
        {
          echo: ECHO,
          flaky: {},
          loop: {
            in: { item: 'STRING' },
            tasks: {
              first: { of: 'echo', with: { x: from.input('item') } },
              flaky: {
                after: ['first'],
                retry: { maxRetryCount: 1, backoffDuration: '0s' }
              }
            }
          }
        }
      )
    );
    test.start(run);
    const failed = await test.ended(run.runId);
    assert.equal(failed.state, 'FAILED');
    assert.equal(failed.tasks['loop[0].flaky']?.attempts.length, 2);
    works = true;
    const before = test.runner.started.length;
    assert.ok(test.engine.retry(run.runId));
    const healed = await test.ended(run.runId);
    assert.equal(healed.state, 'SUCCEEDED', healed.error);
    assert.equal(healed.states['no'], 'SKIPPED');
    assert.deepEqual(
      test.runner.started
        .slice(before)
        .map(spec => spec.image)
        .sort(),
      ['echo', 'flaky', 'flaky']
    );
    const { attempts } = healed.tasks['loop[0].flaky']!;
    assert.equal(attempts.length, 3);
    assert.equal(new Set(attempts.map(attempt => attempt.folder)).size, 3);
  });

  it('waits longer before each further attempt', async () => {
    const times: number[] = [];
    test.does({
      flaky: () => {
        times.push(Date.now());
        if (times.length < 4) {
          throw new Error('no');
        }
        return {};
      }
    });
    const { state } = await test.run(
      pipeline(
        {
          tasks: {
            flaky: {
              retry: {
                maxRetryCount: 5,
                backoffDuration: '0.05s',
                backoffFactor: 3
              }
            }
          }
        },
        { flaky: {} }
      )
    );
    assert.equal(state, 'SUCCEEDED');
    const waits = times.slice(1).map((time, n) => time - (times[n] ?? 0));
    [50, 150, 450].forEach((least, n) => {
      assert.ok((waits[n] ?? 0) >= least - 5, `${waits}`);
    });
  });

  it('does not try again what was refused', async () => {
    const { tasks, error } = await test.run(
      pipeline(
        {
          tasks: {
            echo: {
              with: { x: from.constant('') },
              retry: { maxRetryCount: 3, backoffDuration: '0s' }
            }
          }
        },
        { echo: ECHO },
        {
          echo: {
            secretAsEnv: [
              {
                secretName: 'creds',
                keyToEnv: [{ secretKey: 'k', envVar: 'K' }]
              }
            ]
          }
        }
      )
    );
    assert.match(error ?? '', /^secret "creds" has no key "k"\. Put it in /);
    assert.equal(tasks['echo']?.attempts.length, 0);
  });

  it('goes on after a restart without running anything again', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    test.does({ hold: () => held.then(() => ({})) });
    const run = test.make(
      pipeline(
        {
          tasks: {
            first: { of: 'echo', with: { x: from.constant('') } },
            hold: { after: ['first'] },
            last: {
              of: 'echo',
              with: { x: from.constant('') },
              after: ['hold']
            }
          }
        },
        { echo: ECHO, hold: {} }
      )
    );
    test.start(run);
    while (test.runner.started.length < 2) {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    await test.restart();
    release();
    const { state } = await test.ended(run.runId);
    assert.equal(state, 'SUCCEEDED');
    assert.deepEqual(
      test.runner.started.map(spec => spec.image),
      ['echo', 'hold', 'hold', 'echo']
    );
  });

  it('replaces structures in arguments once, and leaves what it does not know', async () => {
    mkdirSync(test.folder, { recursive: true });
    await test.run(
      pipeline(
        { tasks: { echo: { with: { x: from.constant('a {{$.x}}') } } } },
        {
          echo: {
            ...ECHO,
            in: {
              x: 'STRING',
              y: { parameterType: 'STRING', isOptional: true },
              z: {
                parameterType: 'STRING',
                isOptional: true,
                defaultValue: 'd'
              }
            },
            container: {
              command: ['run', '{{$.unknown}}', "{{$.inputs.parameters['y']}}"],
              args: [
                '{"IfPresent": {"InputName": "x", "Then": ["-x", "{{$.inputs.parameters[\'x\']}}"], "Else": "no"}}',
                '{"IfPresent": {"InputName": "y", "Then": ["-y"]}}',
                '{"IfPresent": {"InputName": "z", "Then": "-z", "Else": "no"}}',
                '{"Concat": ["a=", {"Concat": ["{{$.inputs.parameters[\'z\']}}", "!"]}]}',
                '{"Other": 1}'
              ]
            }
          }
        }
      )
    );
    const [spec] = test.runner.started;
    assert.deepEqual(spec?.command, ['run', '{{$.unknown}}', '']);
    assert.deepEqual(spec?.args, [
      '-x',
      'a {{$.x}}',
      '-z',
      'a=d!',
      '{"Other": 1}'
    ]);
  });
});
