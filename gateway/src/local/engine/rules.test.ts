/** The defects of `kfp.local` that must not be repeated: one test for each line of section 16 of the execution rules; 14, 15 and 17 stand in `../tasks/rules.test.ts`. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { Json } from 'jupyterlab-kfp-model';

import {
  artifact,
  from,
  gives,
  pipeline,
  type ComponentText
} from './testing/pipeline-text.ts';
import { TestEngine, type Body } from './testing/test-engine.ts';

const LOOP = (items: Json): { more: { [key: string]: Json } } => ({
  more: {
    parameterIterator: {
      items: { raw: JSON.stringify(items) },
      itemInput: 'item'
    }
  }
});
/** A container that gives its input `x` back. */
const ECHO: ComponentText = { in: { x: 'STRING' }, out: { Output: 'STRING' } };
const ECHO_NUMBER: ComponentText = {
  in: { x: 'NUMBER_INTEGER' },
  out: { Output: 'NUMBER_INTEGER' }
};
const echo: Body = ({ inputs }) => ({ Output: inputs['x'] ?? null });
const fail: Body = () => {
  throw new Error('boom');
};

describe('what kfp.local does wrong', () => {
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine();
    test.does({ echo, fail });
  });
  afterEach(async () => {
    assert.deepEqual(test.faults, []);
    await test.close();
  });

  it('1: the item of a loop replaces only the input it is meant for', async () => {
    const seen: Json[] = [];
    test.does({
      two: ({ inputs }) => {
        seen.push([inputs['i'] ?? null, inputs['y'] ?? null]);
        return {};
      }
    });
    await test.run(
      pipeline(
        {
          tasks: {
            up: { of: 'echo', with: { x: from.constant('up') } },
            loop: {
              ...LOOP([1, 2]),
              with: { y: from.output('up') }
            }
          }
        },
        {
          echo: ECHO,
          two: { in: { i: 'NUMBER_INTEGER', y: 'STRING' } },
          loop: {
            in: { item: 'NUMBER_INTEGER', y: 'STRING' },
            tasks: {
              two: { with: { i: from.input('item'), y: from.input('y') } }
            }
          }
        }
      )
    );
    assert.deepEqual(seen.sort(), [
      [1, 'up'],
      [2, 'up']
    ]);
  });

  it('2: data of the user is never searched or replaced', async () => {
    const values = [
      'python3 -m pip',
      '{{$.x}}',
      'it\'s \\ "quoted"',
      '$(HOME)'
    ];
    for (const value of values) {
      const { outputs, tasks } = await test.run(
        pipeline(
          {
            in: { v: 'STRING' },
            out: { Output: 'STRING' },
            tasks: { echo: { with: { x: from.input('v') } } },
            outputs: gives({ Output: [['echo', 'Output']] })
          },
          {
            echo: {
              ...ECHO,
              container: { args: ["--x={{$.inputs.parameters['x']}}"] }
            }
          }
        ),
        { v: value }
      );
      assert.equal(outputs['Output'], value);
      assert.equal(tasks['echo']?.inputs.parameters['x'], value);
      assert.deepEqual(test.runner.started.at(-1)?.args, [`--x=${value}`]);
    }
  });

  it('3: a folder of the user outlives the run', async () => {
    const root = join(test.folder, 'mine');
    mkdirSync(root);
    writeFileSync(join(root, 'kept'), '');
    test.does({ make: () => ({ data: 'made' }) });
    const { runId } = await test.run(
      pipeline(
        { tasks: { make: {} } },
        { make: { outArtifacts: { data: artifact } } }
      ),
      {},
      { pipelineRoot: root }
    );
    const file = join(root, 'test', runId, 't0001-make', 'a0', 'data');
    assert.equal(readFileSync(file, 'utf8'), 'made');
    await test.engine.remove(runId);
    assert.ok(existsSync(join(root, 'kept')));
    assert.ok(existsSync(file));
  });

  it('4: conditions see values, not text, and their errors are failures', async () => {
    const branch = (when: string) =>
      pipeline(
        {
          in: { v: 'STRING' },
          tasks: { echo: { with: { x: from.input('v') }, when } }
        },
        { echo: ECHO }
      );
    const is = "inputs.parameter_values['x'] == 'secret'";
    const attack = await test.run(branch(is), { v: "x' or 'a'=='a" });
    assert.equal(attack.states['echo'], 'SKIPPED');
    const not = "inputs.parameter_values['x'] != 'secret'";
    assert.equal(
      (await test.run(branch(not), { v: "it's" })).states['echo'],
      'SUCCEEDED'
    );
    const wrong = "inputs.parameter_values['nothing'] == 'secret'";
    const failed = await test.run(branch(wrong), { v: 'v' });
    assert.equal(failed.states['echo'], 'FAILED');
    assert.match(failed.error ?? '', /evaluation error/);
    const noBool = await test.run(branch("'text'"), { v: 'v' });
    assert.match(noBool.error ?? '', /return type is not bool/);
  });

  it('5: whole numbers stay whole in lists, structs and texts', async () => {
    const { tasks } = await test.run(
      pipeline(
        {
          tasks: {
            echo: {
              with: {
                x: from.constant(
                  "{{$.inputs.parameters['n']}} of {{$.inputs.parameters['l']}}"
                ),
                n: from.constant(8),
                l: from.constant([1, 2.5, { b: 3, a: 1 }])
              }
            }
          }
        },
        {
          echo: { ...ECHO, in: { x: 'STRING', n: 'NUMBER_INTEGER', l: 'LIST' } }
        }
      )
    );
    assert.equal(
      tasks['echo']?.inputs.parameters['x'],
      '8 of [1,2.5,{"a":1,"b":3}]'
    );
  });

  it('6: a loop takes a named output, and parts of an item by selector', async () => {
    test.does({ list: () => ({ items: [{ a: 'x' }, { a: 'y' }] }) });
    const { outputs } = await test.run(
      pipeline(
        {
          out: { all: 'LIST' },
          tasks: {
            list: {},
            loop: {
              with: { items: from.output('list', 'items') },
              more: {
                parameterIterator: {
                  items: { inputParameter: 'items' },
                  itemInput: 'item'
                }
              }
            }
          },
          outputs: gives({ all: [['loop', 'each']] })
        },
        {
          list: { out: { items: 'LIST' } },
          echo: ECHO,
          loop: {
            in: { items: 'LIST', item: 'STRUCT' },
            out: { each: 'STRING' },
            tasks: {
              echo: {
                with: {
                  x: {
                    ...from.input('item'),
                    parameterExpressionSelector: 'parseJson(string_value)["a"]'
                  }
                }
              }
            },
            outputs: gives({ each: [['echo', 'Output']] })
          }
        }
      )
    );
    assert.deepEqual(outputs['all'], ['x', 'y']);
  });

  it('7: a sub-pipeline with only artifacts for inputs has them', async () => {
    const seen: string[] = [];
    test.does({
      make: () => ({ data: 'made' }),
      use: ({ artifacts }) => {
        seen.push(readFileSync(artifacts['data']?.[0]?.uri ?? '', 'utf8'));
        return {};
      }
    });
    const inArtifacts = { data: artifact };
    const { state } = await test.run(
      pipeline(
        {
          tasks: {
            make: {},
            inner: { artifacts: { data: from.artifact('make') } }
          }
        },
        {
          make: { outArtifacts: { data: artifact } },
          inner: {
            inArtifacts,
            tasks: { use: { artifacts: { data: from.inputArtifact('data') } } }
          },
          use: { inArtifacts }
        }
      )
    );
    assert.deepEqual([state, seen], ['SUCCEEDED', ['made']]);
  });

  it('8: the path of the workspace is put in once', async () => {
    const { runId, tasks } = await test.run(
      pipeline(
        {
          tasks: {
            echo: { with: { x: from.constant('{{$.workspace_path}}/f') } }
          }
        },
        { echo: ECHO }
      )
    );
    assert.equal(
      tasks['echo']?.inputs.parameters['x'],
      join(test.dataDir, 'runs', runId, 'workspace', 'f')
    );
  });

  it('9: independent tasks run at once, and a loop as wide as its limit says', async () => {
    let open = (): void => undefined;
    const all = new Promise<void>(resolve => {
      open = resolve;
    });
    let waiting = 0;
    test.does({
      meet: async () => {
        if (++waiting === 5) {
          open();
        }
        await all;
        return {};
      }
    });
    await test.run(
      pipeline(
        { tasks: { loop: LOOP([1, 2, 3, 4]), meet: {} } },
        {
          meet: {},
          loop: { in: { item: 'NUMBER_INTEGER' }, tasks: { meet: {} } }
        }
      )
    );
    test.runner.peak = 0;
    test.does({
      slow: () => new Promise(resolve => setTimeout(resolve, 5, {}))
    });
    await test.run(
      pipeline(
        {
          tasks: {
            loop: {
              more: {
                ...LOOP([1, 2, 3, 4, 5, 6]).more,
                iteratorPolicy: { parallelismLimit: 2 }
              }
            }
          }
        },
        {
          slow: {},
          loop: { in: { item: 'NUMBER_INTEGER' }, tasks: { slow: {} } }
        }
      )
    );
    assert.equal(test.runner.peak, 2);
  });

  it('10: what comes after a skipped task does not run', async () => {
    const { state, states } = await test.run(
      pipeline(
        {
          tasks: {
            first: {
              of: 'echo',
              with: { x: from.constant('') },
              when: '1 == 2'
            },
            second: { of: 'echo', with: { x: from.output('first') } },
            third: {
              of: 'echo',
              with: { x: from.constant('') },
              after: ['second']
            }
          }
        },
        { echo: ECHO }
      )
    );
    assert.deepEqual(
      [state, states],
      [
        'SUCCEEDED',
        { first: 'SKIPPED', second: 'NOT_REACHED', third: 'NOT_REACHED' }
      ]
    );
    assert.equal(test.runner.started.length, 0);
  });

  it('11: a producer that is named nowhere but in an input comes first', async () => {
    const { state } = await test.run(
      pipeline(
        {
          tasks: {
            second: { of: 'echo', with: { x: from.output('first') } },
            first: { of: 'echo', with: { x: from.constant('v') } }
          }
        },
        { echo: ECHO }
      )
    );
    assert.equal(state, 'SUCCEEDED');
    assert.deepEqual(
      test.runner.started.map(
        spec =>
          (spec.executorInput as { inputs: { parameterValues: Json } }).inputs
            .parameterValues
      ),
      [{ x: 'v' }, { x: 'v' }]
    );
  });

  it('12: a failure stops only what comes after it, in every pipeline alike', async () => {
    const tasks = {
      fail: {},
      after: { of: 'echo', with: { x: from.constant('') }, after: ['fail'] },
      beside: { of: 'echo', with: { x: from.constant('') } },
      later: { of: 'echo', with: { x: from.output('beside') } }
    };
    const expected = {
      fail: 'FAILED',
      after: 'NOT_REACHED',
      beside: 'SUCCEEDED',
      later: 'SUCCEEDED'
    };
    const flat = await test.run(pipeline({ tasks }, { echo: ECHO, fail: {} }));
    assert.deepEqual(
      [flat.state, flat.states, flat.error],
      ['FAILED', expected, 'boom']
    );
    const nested = await test.run(
      pipeline(
        { tasks: { inner: {} } },
        { echo: ECHO, fail: {}, inner: { tasks } }
      )
    );
    const { inner, ...below } = nested.states;
    assert.equal(inner, 'FAILED');
    assert.deepEqual(
      below,
      Object.fromEntries(
        Object.entries(expected).map(([key, state]) => [`inner.${key}`, state])
      )
    );
  });

  it('13: two tasks of one component have folders of their own', async () => {
    test.does({ make: ({ inputs }) => ({ data: String(inputs['x']) }) });
    const { tasks } = await test.run(
      pipeline(
        {
          tasks: {
            one: { of: 'make', with: { x: from.constant('1') } },
            two: { of: 'make', with: { x: from.constant('2') } }
          }
        },
        { make: { in: { x: 'STRING' }, outArtifacts: { data: artifact } } }
      )
    );
    const read = (key: string): string =>
      readFileSync(
        tasks[key]?.outputs.artifacts['data']?.[0]?.uri ?? '',
        'utf8'
      );
    assert.deepEqual([read('one'), read('two')], ['1', '2']);
  });

  it('16: a parameter may be longer than an argument of a program', async () => {
    const long = 'x'.repeat(200_000);
    const { outputs } = await test.run(
      pipeline(
        {
          in: { v: 'STRING' },
          out: { Output: 'STRING' },
          tasks: { echo: { with: { x: from.input('v') } } },
          outputs: gives({ Output: [['echo', 'Output']] })
        },
        { echo: ECHO }
      ),
      { v: long }
    );
    assert.equal(outputs['Output'], long);
  });

  it('18: a stop ends what runs and starts nothing more', async () => {
    let begun = (): void => undefined;
    const running = new Promise<void>(resolve => {
      begun = resolve;
    });
    test.does({
      long: async ({ spec }) => {
        begun();
        while (!test.runner.canceled.has(spec.attemptId)) {
          await new Promise(resolve => setTimeout(resolve, 2));
        }
        throw new Error('stopped');
      }
    });
    const run = test.make(
      pipeline(
        {
          tasks: {
            long: {},
            next: {
              of: 'echo',
              with: { x: from.constant('') },
              after: ['long']
            },
            clean: {
              of: 'echo',
              with: { x: from.constant('') },
              after: ['long'],
              always: true
            }
          }
        },
        { long: {}, echo: ECHO }
      )
    );
    test.start(run);
    await running;
    assert.ok(test.engine.terminate(run.runId));
    const { state, states } = await test.ended(run.runId);
    assert.deepEqual(
      [state, states],
      [
        'CANCELED',
        { long: 'CANCELED', next: 'NOT_REACHED', clean: 'NOT_REACHED' }
      ]
    );
  });

  it('19: optional inputs without default are null through all levels, and absent for a container', async () => {
    const optional = { parameterType: 'STRING', isOptional: true };
    const seen: Json[] = [];
    test.does({
      look: ({ inputs }) => {
        seen.push({ ...inputs });
        return {};
      }
    });
    const { state, tasks } = await test.run(
      pipeline(
        {
          in: { v: optional },
          tasks: { a: { with: { v: from.input('v') } } }
        },
        {
          a: {
            in: { v: optional },
            tasks: { b: { with: { v: from.input('v') } } }
          },
          b: {
            in: { v: optional },
            tasks: { look: { with: { v: from.input('v') } } }
          },
          look: { in: { v: optional } }
        }
      )
    );
    assert.equal(state, 'SUCCEEDED');
    assert.equal(tasks['a.b']?.inputs.parameters['v'], null);
    assert.deepEqual(seen, [{}]);
  });

  it('20: OneOf of artifacts, Collected of nothing, and Collected artifacts through a sub-pipeline', async () => {
    test.does({
      make: ({ inputs }) => ({ data: String(inputs['x']) }),
      join: ({ artifacts }) => ({
        Output: (artifacts['all'] ?? [])
          .map(({ uri }) => readFileSync(uri, 'utf8'))
          .join()
      }),
      count: ({ inputs }) => ({ Output: (inputs['l'] as Json[]).length })
    });
    const make: ComponentText = {
      in: { x: 'STRING' },
      outArtifacts: { data: artifact }
    };
    const list = { ...artifact, isArtifactList: true };
    const { outputs, state } = await test.run(
      pipeline(
        {
          in: { items: 'LIST' },
          out: { joined: 'STRING', chosen: 'STRING', none: 'NUMBER_INTEGER' },
          tasks: {
            loops: { with: { items: from.constant(['a', 'b']) } },
            empty: { of: 'loops', with: { items: from.input('items') } },
            joined: {
              of: 'join',
              artifacts: { all: from.artifact('loops', 'all') }
            },
            choose: {},
            chosen: {
              of: 'join',
              artifacts: { all: from.artifact('choose', 'one') }
            },
            none: { of: 'count', with: { l: from.output('empty', 'each') } }
          },
          outputs: gives({
            joined: [['joined', 'Output']],
            chosen: [['chosen', 'Output']],
            none: [['none', 'Output']]
          })
        },
        {
          make,
          echo: ECHO,
          join: { inArtifacts: { all: list }, out: { Output: 'STRING' } },
          count: { in: { l: 'LIST' }, out: { Output: 'NUMBER_INTEGER' } },
          loops: {
            in: { items: 'LIST' },
            out: { each: 'LIST' },
            outArtifacts: { all: list },
            tasks: {
              loop: {
                with: { items: from.input('items') },
                more: {
                  parameterIterator: {
                    items: { inputParameter: 'items' },
                    itemInput: 'item'
                  }
                }
              }
            },
            outputs: gives(
              { each: [['loop', 'each']] },
              { all: [['loop', 'data']] }
            )
          },
          loop: {
            in: { items: 'LIST', item: 'STRING' },
            out: { each: 'STRING' },
            outArtifacts: { data: artifact },
            tasks: {
              make: { with: { x: from.input('item') } },
              echo: { with: { x: from.input('item') } }
            },
            outputs: gives(
              { each: [['echo', 'Output']] },
              { data: [['make', 'data']] }
            )
          },
          choose: {
            outArtifacts: { one: artifact },
            tasks: {
              no: { of: 'branch', when: '1 == 2' },
              yes: { of: 'branch', when: '1 == 1' }
            },
            outputs: gives(
              {},
              {
                one: [
                  ['no', 'one'],
                  ['yes', 'one']
                ]
              }
            )
          },
          branch: {
            outArtifacts: { one: artifact },
            tasks: {
              make: { with: { x: from.constant('chosen') } },
              not: {
                of: 'make',
                with: { x: from.constant('') },
                when: '1 == 2'
              }
            },
            outputs: gives({}, { one: [['make', 'data']] })
          }
        }
      ),
      { items: [] }
    );
    assert.equal(state, 'SUCCEEDED');
    assert.deepEqual(
      { ...outputs },
      { joined: 'a,b', chosen: 'chosen', none: 0 }
    );
  });

  it('21: a retry policy reaches the tasks below, and its window is one for all attempts', async () => {
    let calls = 0;
    test.does({
      flaky: ({ spec }) => {
        if (++calls < 3) {
          throw new Error(`no ${spec.retryIndex}`);
        }
        return {};
      }
    });
    const inner = { inner: { tasks: { flaky: {} } }, flaky: {} };
    const policy = (more: { [key: string]: Json }) => ({
      maxRetryCount: 4,
      backoffDuration: '0s',
      ...more
    });
    const healed = await test.run(
      pipeline({ tasks: { inner: { retry: policy({}) } } }, inner)
    );
    assert.equal(healed.state, 'SUCCEEDED');
    assert.equal(healed.tasks['inner.flaky']?.attempts.length, 3);
    assert.deepEqual(
      test.runner.started.map(spec => spec.retryIndex),
      [0, 1, 2]
    );
    calls = -100;
    const gaveUp = await test.run(
      pipeline(
        { tasks: { inner: { retry: policy({ maxRetryCount: 1 }) } } },
        inner
      )
    );
    assert.match(gaveUp.error ?? '', /^no 1\. No more retries left$/);
    const late = await test.run(
      pipeline(
        {
          tasks: {
            inner: {
              retry: policy({ backoffDuration: '5s', backoffMaxDuration: '2s' })
            }
          }
        },
        inner
      )
    );
    assert.match(late.error ?? '', /Backoff would exceed max duration limit/);
    assert.equal(late.tasks['inner.flaky']?.attempts.length, 1);
  });

  it('22: an exit task runs after a failure, asked for its status or not, and does not heal', async () => {
    const statuses: Json[] = [];
    test.does({
      status: ({ inputs }) => {
        statuses.push(inputs['s'] ?? null);
        return {};
      }
    });
    const { state, states } = await test.run(
      pipeline(
        {
          tasks: {
            body: {},
            plain: {
              of: 'echo',
              with: { x: from.constant('') },
              after: ['body'],
              always: true
            },
            status: { with: { s: from.status('body') }, always: true }
          }
        },
        {
          echo: ECHO,
          fail: {},
          body: { tasks: { fail: {} } },
          status: { in: { s: 'TASK_FINAL_STATUS' } }
        }
      )
    );
    assert.equal(state, 'FAILED');
    assert.deepEqual(
      [states['plain'], states['status']],
      ['SUCCEEDED', 'SUCCEEDED']
    );
    const [status] = statuses as { [key: string]: Json }[];
    assert.deepEqual(
      [status?.['state'], status?.['error'], status?.['pipelineTaskName']],
      ['FAILED', { code: 1, message: 'boom' }, 'body']
    );
  });

  it('23: a value of the wrong kind, or one that is missing, fails the task that wants it', async () => {
    test.does({ list: () => ({ Output: 'text' }) });
    const wrong = await test.run(
      pipeline(
        {
          tasks: {
            list: {},
            number: { with: { x: from.output('list') } }
          }
        },
        { list: { out: { Output: 'STRING' } }, number: ECHO_NUMBER }
      )
    );
    assert.equal(
      wrong.error,
      'input parameter "x" type mismatch: expect NUMBER_INTEGER, got string'
    );
    const missing = await test.run(
      pipeline({ tasks: { number: {} } }, { number: ECHO_NUMBER })
    );
    assert.equal(
      missing.error,
      'neither value nor default value provided for non-optional parameter "x"'
    );
  });

  it('24: secrets, volumes and field paths of the platform document reach the task', async () => {
    const secret = join(test.configDir, 'secrets', 'creds');
    mkdirSync(secret, { recursive: true });
    writeFileSync(join(secret, 'token'), 'hidden');
    const volume = join(test.dataDir, 'volumes', 'data');
    mkdirSync(volume, { recursive: true });
    test.runner.answer = { ...test.runner.answer, isolation: 'namespace' };
    await test.run(
      pipeline(
        {
          in: { claim: 'STRING' },
          tasks: { echo: { with: { x: from.constant('') } } }
        },
        { echo: ECHO },
        {
          echo: {
            secretAsEnv: [
              {
                secretName: 'creds',
                keyToEnv: [{ secretKey: 'token', envVar: 'TOKEN' }]
              }
            ],
            pvcMount: [
              {
                pvcNameParameter: { componentInputParameter: 'claim' },
                mountPath: '/data'
              }
            ],
            fieldPathAsEnv: [
              { name: 'WHERE', fieldPath: 'metadata.namespace' },
              { name: 'LABEL', fieldPath: "metadata.labels['no']" }
            ]
          }
        }
      ),
      { claim: 'data' }
    );
    const [spec] = test.runner.started;
    assert.deepEqual(spec?.secretEnv, [
      { name: 'TOKEN', file: join(secret, 'token') }
    ]);
    assert.deepEqual(spec?.mounts, [
      { source: volume, target: '/data', readOnly: false }
    ]);
    assert.deepEqual(spec?.env, [
      { name: 'WHERE', value: 'local' },
      { name: 'LABEL', value: '' }
    ]);
  });
});
