import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parsePipelineDocuments, parsePipelineText } from '../spec/parse-ir.ts';
import { buildGraph } from './build-graph.ts';
import { conditionText } from './condition-text.ts';
import type { StaticGraph } from './static-graph.ts';

/** Test data that stands beside the checkout; the tests that need it skip where it is absent. */
const SHARED =
  process.env.JUPYTERLAB_KFP_SHARED ??
  resolve(import.meta.dirname, '../../../../shared');
const CORPUS = join(SHARED, 'corpus/valid');
const absent = existsSync(CORPUS) ? false : 'no shared test data here';

type Tasks = Record<string, object>;

function graphOf(tasks: Tasks, components: Record<string, object> = {}) {
  const parsed = parsePipelineDocuments([
    {
      pipelineInfo: { name: 'p' },
      schemaVersion: '2.1.0',
      root: { dag: { tasks } },
      components: { 'comp-a': { executorLabel: 'exec-a' }, ...components },
      deploymentSpec: {
        executors: { 'exec-a': { container: { image: 'python:3.11' } } }
      }
    }
  ]);
  assert.ok(parsed.format === 'ir', JSON.stringify(parsed));
  return buildGraph(parsed.document);
}

function task(more: object = {}, component = 'comp-a'): object {
  return { componentRef: { name: component }, ...more };
}

function output(producerTask: string): object {
  return {
    taskOutputParameter: { producerTask, outputParameterKey: 'Output' }
  };
}

const ids = (graph: StaticGraph): string[] => graph.vertices.map(v => v.id);

describe('buildGraph', () => {
  it('orders producers first and draws implicit dependencies', () => {
    const title = 'First';
    const graph = graphOf({
      a: task({ inputs: { parameters: { x: output('c') } } }),
      b: task({ dependentTasks: ['a'] }),
      c: task({ taskInfo: { name: title } })
    });
    assert.deepEqual(ids(graph), ['c', 'a', 'b']);
    assert.deepEqual(graph.edges, [
      { from: 'c', to: 'a' },
      { from: 'a', to: 'b' }
    ]);
    assert.deepEqual(graph.vertices[0], {
      id: 'c',
      key: 'c',
      label: title,
      kind: 'task',
      component: 'comp-a',
      image: 'python:3.11'
    });
  });

  it('puts calls of a component into the order of their numbers', () => {
    const graph = graphOf({
      add: task(),
      'add-10': task(),
      'add-2': task(),
      other: task()
    });
    assert.deepEqual(ids(graph), ['add', 'add-2', 'add-10', 'other']);
  });

  it('names groups and writes their conditions for people', () => {
    const graph = graphOf(
      {
        'flip-coin': task(),
        'condition-1': task(
          {
            inputs: {
              parameters: {
                'pipelinechannel--flip-coin-Output': output('flip-coin')
              }
            },
            triggerPolicy: {
              condition:
                "inputs.parameter_values['pipelinechannel--flip-coin-Output'] == 'heads'"
            }
          },
          'comp-condition-1'
        )
      },
      {
        'comp-condition-1': {
          dag: {
            tasks: {
              'for-loop-2': task(
                {
                  inputs: {
                    parameters: {
                      outer: {
                        componentInputParameter:
                          'pipelinechannel--flip-coin-Output'
                      }
                    }
                  },
                  parameterIterator: {
                    itemInput: 'pipelinechannel--loop-item-param-1',
                    items: { raw: '[1,2]' }
                  },
                  triggerPolicy: {
                    condition: "!(inputs.parameter_values['outer'] == 'x')"
                  }
                },
                'comp-loop'
              )
            }
          }
        },
        'comp-loop': { dag: { tasks: { train: task() } } }
      }
    );
    assert.deepEqual(
      graph.vertices.map(v => [v.id, v.kind, v.parent, v.condition]),
      [
        ['flip-coin', 'task', undefined, undefined],
        ['condition-1', 'condition', undefined, 'flip-coin.Output == "heads"'],
        [
          'condition-1.for-loop-2',
          'loop',
          'condition-1',
          'not (flip-coin.Output == "x")'
        ],
        [
          'condition-1.for-loop-2.train',
          'task',
          'condition-1.for-loop-2',
          undefined
        ]
      ]
    );
  });

  it('tells exit tasks from tasks that ignore failures', () => {
    const completed = {
      triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' }
    };
    const graph = graphOf(
      {
        'exit-handler-1': task({}, 'comp-group'),
        clean: task({ ...completed, dependentTasks: ['exit-handler-1'] }),
        notify: task({
          ...completed,
          inputs: {
            parameters: {
              status: { taskFinalStatus: { producerTask: 'exit-handler-1' } }
            }
          }
        }),
        report: task({ ...completed, dependentTasks: ['clean'] })
      },
      { 'comp-group': { dag: { tasks: { work: task() } } } }
    );
    assert.deepEqual(
      graph.vertices.map(v => [v.id, v.kind]),
      [
        ['exit-handler-1', 'dag'],
        ['exit-handler-1.work', 'task'],
        ['clean', 'exit'],
        ['notify', 'exit'],
        ['report', 'task']
      ]
    );
  });

  it('survives recursion, circles and bombs', () => {
    const self = graphOf(
      { r: task({}, 'comp-r') },
      { 'comp-r': { dag: { tasks: { again: task({}, 'comp-r') } } } }
    );
    assert.deepEqual(ids(self), ['r', 'r.again']);
    const circle = graphOf({
      a: task({ dependentTasks: ['b'] }),
      b: task({ dependentTasks: ['a', 'nobody'] })
    });
    assert.deepEqual(ids(circle), ['a', 'b']);
    const levels = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [
        `comp-${n}`,
        {
          dag: {
            tasks: {
              x: task({}, n === 19 ? 'comp-a' : `comp-${n + 1}`),
              y: task({}, n === 19 ? 'comp-a' : `comp-${n + 1}`)
            }
          }
        }
      ])
    );
    const bomb = graphOf({ top: task({}, 'comp-0') }, levels);
    assert.ok(bomb.vertices.length <= 20_000);
  });

  it('puts every task after what it needs, whatever the document', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { maxLength: 12 }),
        needs => {
          const graph = graphOf(
            Object.fromEntries(
              needs.map((list, n) => [
                `t${n}`,
                task({
                  // Only earlier numbers, so that there is no circle; the names are shuffled by the modulus.
                  dependentTasks: list.filter(m => m < n).map(m => `t${m}`)
                })
              ])
            )
          );
          const place = new Map(ids(graph).map((id, index) => [id, index]));
          assert.equal(place.size, needs.length);
          for (const { from, to } of graph.edges) {
            assert.ok((place.get(from) ?? 99) < (place.get(to) ?? -1));
          }
        }
      )
    );
  });

  it('draws every pipeline of the corpus', { skip: absent }, () => {
    const files = readdirSync(CORPUS, {
      recursive: true,
      encoding: 'utf8'
    }).filter(name => name.endsWith('.yaml'));
    assert.ok(files.length > 50);
    for (const name of files) {
      const parsed = parsePipelineText(
        readFileSync(join(CORPUS, name), 'utf8')
      );
      if (parsed.format !== 'ir') {
        continue;
      }
      const graph = buildGraph(parsed.document);
      const seen = new Set<string>();
      for (const vertex of graph.vertices) {
        assert.ok(!seen.has(vertex.id), `${name}: ${vertex.id} twice`);
        assert.ok(vertex.parent === undefined || seen.has(vertex.parent));
        assert.doesNotMatch(vertex.condition ?? '', /parameter_values|--/);
        seen.add(vertex.id);
      }
      for (const { from, to } of graph.edges) {
        assert.ok(seen.has(from) && seen.has(to), name);
      }
    }
  });
});

describe('conditionText', () => {
  it('drops casts, keeps brackets and respells operators', () => {
    const names = new Map([['a', 'x.Output']]);
    const ref = "inputs.parameter_values['a']";
    assert.equal(
      conditionText(
        `!(int(${ref}) < 5000) && int(${ref})\n  > 1 || (${ref})`,
        names
      ),
      'not (x.Output < 5000) and x.Output > 1 or (x.Output)'
    );
    assert.equal(
      conditionText(`${ref} != 'it\\'s "so"'`, names),
      'x.Output != "it\'s \\"so\\""'
    );
    assert.equal(
      conditionText(
        "inputs.parameter_values['pipelinechannel--rows'] == true",
        names
      ),
      'rows == true'
    );
  });
});
