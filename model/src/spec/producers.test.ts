import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { PipelineDocument } from './ir.ts';
import { parsePipelineDocuments } from './parse-ir.ts';
import { producersOf } from './producers.ts';

const STRING = { parameterType: 'STRING' };
const LIST = { parameterType: 'LIST' };

/** `make` gives a list; a loop over it hands an item, a value of the pipeline and a constant to `use`. */
function nested(): PipelineDocument {
  const parsed = parsePipelineDocuments([
    {
      pipelineInfo: { name: 'p' },
      schemaVersion: '2.1.0',
      root: {
        inputDefinitions: { parameters: { text: STRING } },
        dag: {
          tasks: {
            make: { componentRef: { name: 'comp-make' } },
            loop: {
              componentRef: { name: 'comp-loop' },
              dependentTasks: ['make'],
              inputs: {
                parameters: {
                  list: {
                    taskOutputParameter: {
                      producerTask: 'make',
                      outputParameterKey: 'all'
                    }
                  },
                  given: { componentInputParameter: 'text' }
                }
              },
              parameterIterator: {
                itemInput: 'item',
                items: { inputParameter: 'list' }
              }
            }
          }
        }
      },
      components: {
        'comp-make': {
          executorLabel: 'exec',
          outputDefinitions: { parameters: { all: LIST } }
        },
        'comp-loop': {
          inputDefinitions: {
            parameters: { list: LIST, given: STRING, item: STRING }
          },
          dag: {
            tasks: {
              use: {
                componentRef: { name: 'comp-use' },
                inputs: {
                  parameters: {
                    item: { componentInputParameter: 'item' },
                    text: { componentInputParameter: 'given' },
                    fixed: { runtimeValue: { constant: 'x' } }
                  }
                }
              }
            }
          }
        },
        'comp-use': {
          executorLabel: 'exec',
          inputDefinitions: {
            parameters: { item: STRING, text: STRING, fixed: STRING }
          }
        }
      },
      deploymentSpec: {
        executors: { exec: { container: { image: 'python:3.11' } } }
      }
    }
  ]);
  assert.ok(parsed.format === 'ir', JSON.stringify(parsed));
  return parsed.document;
}

describe('producers of inputs', () => {
  it('are followed outwards through a loop, its item to the list', () => {
    assert.deepEqual(Object.fromEntries(producersOf(nested(), 'loop.use')), {
      item: 'make.all',
      text: 'pipeline.text'
    });
  });

  it('are those beside a task', () => {
    assert.deepEqual(Object.fromEntries(producersOf(nested(), 'loop')), {
      list: 'make.all',
      given: 'pipeline.text'
    });
  });

  it('are none for a vertex that the pipeline does not have', () => {
    assert.equal(producersOf(nested(), 'loop.toString').size, 0);
    assert.equal(producersOf(nested(), 'gone').size, 0);
  });
});
