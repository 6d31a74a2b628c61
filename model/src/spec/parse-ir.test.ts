import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  checkPipelineName,
  parsePipelineDocuments,
  parsePipelineText
} from './parse-ir.ts';
import type { PipelineDocument } from './ir.ts';

/** Test data that stands beside the checkout; the tests that need it skip where it is absent. */
const SHARED =
  process.env.JUPYTERLAB_KFP_SHARED ??
  resolve(import.meta.dirname, '../../../../shared');
const absent = existsSync(SHARED) ? false : 'no shared test data here';

const MINIMAL = {
  pipelineInfo: { name: 'p' },
  schemaVersion: '2.1.0',
  root: { dag: { tasks: { a: { componentRef: { name: 'comp-a' } } } } },
  components: { 'comp-a': { executorLabel: 'exec-a' } },
  deploymentSpec: {
    executors: { 'exec-a': { container: { image: 'python:3.11' } } }
  }
};

function document(json: unknown, platform?: unknown): PipelineDocument {
  const parsed = parsePipelineDocuments(
    platform === undefined ? [json] : [json, platform]
  );
  assert.equal(parsed.format, 'ir', JSON.stringify(parsed));
  assert.ok(parsed.format === 'ir');
  return parsed.document;
}

function message(json: unknown): string {
  const parsed = parsePipelineDocuments([json]);
  assert.ok(parsed.format === 'invalid');
  return parsed.errors[0]?.message ?? '';
}

describe('parsePipelineDocuments', () => {
  it('reads the smallest pipeline', () => {
    const { spec } = document(MINIMAL);
    assert.equal(spec.pipelineInfo.name, 'p');
    assert.equal(spec.root.dag?.tasks.a?.componentRef, 'comp-a');
    assert.deepEqual(spec.deploymentSpec.executors['exec-a'], {
      kind: 'container',
      container: { image: 'python:3.11', command: [], args: [], env: [] }
    });
  });

  it('accepts snake_case and leaves user names alone', () => {
    const { spec } = document({
      pipeline_info: { name: 'p', display_name: 'P' },
      schema_version: '2.1.0',
      root: {
        dag: {
          tasks: {
            my_task: {
              component_ref: { name: 'comp_a' },
              inputs: {
                parameters: {
                  some_input: { component_input_parameter: 'in_x' }
                }
              }
            }
          }
        }
      }
    });
    assert.equal(spec.pipelineInfo.displayName, 'P');
    assert.deepEqual(
      { ...spec.root.dag?.tasks.my_task?.inputs.parameters },
      { some_input: { kind: 'input', name: 'in_x' } }
    );
  });

  it('refuses with the words of the server', () => {
    assert.equal(
      message({ ...MINIMAL, bogusField: 1 }),
      'unknown template format'
    );
    assert.equal(
      message({ ...MINIMAL, pipelineInfo: {} }),
      'unknown template format'
    );
    assert.equal(
      message({ ...MINIMAL, root: null }),
      'unknown template format'
    );
    assert.equal(
      message({ ...MINIMAL, schemaVersion: '2.0.0' }),
      'KFP only supports schema version 2.1.0, but the pipeline spec has version 2.0.0'
    );
    const twice = parsePipelineDocuments([MINIMAL, MINIMAL]);
    assert.ok(twice.format === 'invalid');
    assert.equal(twice.errors[0]?.message, 'multiple pipeline specs provided');
  });

  it('tells a person what is unknown', () => {
    const parsed = parsePipelineDocuments([
      { ...MINIMAL, root: { dag: { tasks: { a: { componentReff: {} } } } } }
    ]);
    assert.ok(parsed.format === 'invalid');
    assert.equal(
      parsed.errors[0]?.detail,
      'root.dag.tasks.a: unknown field "componentReff"'
    );
  });

  it('checks names of uploads', () => {
    const name = (text: string): string | undefined =>
      checkPipelineName(document({ ...MINIMAL, pipelineInfo: { name: text } }));
    assert.equal(name('two-steps'), undefined);
    assert.match(
      name('Two_Steps!') ?? '',
      /^pipeline's name must contain only/
    );
    assert.match(name('a'.repeat(129)) ?? '', /^pipeline's name/);
  });

  it('adds implicit dependencies, also those of the platform document', () => {
    const { spec } = document(
      {
        ...MINIMAL,
        root: {
          dag: {
            tasks: {
              a: { componentRef: { name: 'comp-a' } },
              b: {
                componentRef: { name: 'comp-b' },
                dependentTasks: ['z'],
                inputs: {
                  parameters: {
                    x: {
                      taskOutputParameter: {
                        producerTask: 'a',
                        outputParameterKey: 'Output'
                      }
                    }
                  },
                  artifacts: {
                    d: {
                      taskOutputArtifact: {
                        producerTask: 'c',
                        outputArtifactKey: 'o'
                      }
                    }
                  }
                }
              }
            }
          }
        },
        components: { 'comp-b': { executorLabel: 'exec-b' } }
      },
      {
        platforms: {
          kubernetes: {
            deploymentSpec: {
              executors: {
                'exec-b': {
                  pvcMount: [
                    {
                      mountPath: '/m',
                      pvcNameParameter: {
                        taskOutputParameter: {
                          producerTask: 'pvc',
                          outputParameterKey: 'name'
                        }
                      }
                    }
                  ]
                }
              }
            }
          }
        }
      }
    );
    assert.deepEqual(spec.root.dag?.tasks.b?.dependentTasks, [
      'z',
      'a',
      'c',
      'pvc'
    ]);
  });

  it('reads durations, iterators and policies', () => {
    const { spec, refusals } = document({
      ...MINIMAL,
      root: {
        dag: {
          tasks: {
            loop: {
              componentRef: { name: 'c' },
              parameterIterator: {
                itemInput: 'item',
                items: { inputParameter: 'items' }
              },
              iteratorPolicy: { parallelismLimit: 2 },
              retryPolicy: { maxRetryCount: 3, backoffDuration: '1.5s' },
              triggerPolicy: {
                condition: 'true',
                strategy: 'ALL_UPSTREAM_TASKS_COMPLETED'
              }
            }
          }
        }
      }
    });
    const loop = spec.root.dag?.tasks.loop;
    assert.deepEqual(loop?.iterator, {
      kind: 'parameter',
      itemInput: 'item',
      items: { inputParameter: 'items' }
    });
    assert.equal(loop?.parallelismLimit, 2);
    assert.deepEqual(loop?.retryPolicy, {
      maxRetryCount: 3,
      backoffDuration: 1.5,
      backoffFactor: 2,
      backoffMaxDuration: 3600
    });
    assert.equal(loop?.triggerPolicy?.strategy, 'ALL_UPSTREAM_TASKS_COMPLETED');
    assert.equal(refusals, undefined);
  });

  it('keeps what no service runs as refusals', () => {
    const { refusals } = document({
      ...MINIMAL,
      root: {
        dag: {
          tasks: {
            t: {
              componentRef: { name: 'c' },
              parameterIterator: { itemInput: 'i', items: { raw: '[]' } },
              artifactIterator: {
                itemInput: 'i',
                items: { inputArtifact: 'a' }
              }
            }
          }
        }
      },
      deploymentSpec: {
        executors: { e: { resolver: {} }, f: { customJob: {} } }
      }
    });
    assert.deepEqual(refusals, [
      'invalid task "t": parameterIterator and artifactIterator cannot be specified at the same time',
      'resolver executors not implemented',
      "custom job executors is Google Cloud only, it's not supported"
    ]);
  });

  it('treats names of the object prototype as names', () => {
    const parsed = parsePipelineText(
      JSON.stringify(MINIMAL).replaceAll('"a"', '"__proto__"')
    );
    assert.ok(parsed.format === 'ir');
    const tasks = parsed.document.spec.root.dag?.tasks ?? {};
    assert.deepEqual(Object.keys(tasks), ['__proto__']);
    assert.equal(tasks['constructor'], undefined);
  });

  it('never throws on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        parsePipelineDocuments([a, b]);
        parsePipelineDocuments([{ ...MINIMAL, root: a, components: b }]);
      })
    );
  });
});

describe('parsePipelineText', () => {
  it('names line and column of broken YAML', () => {
    const parsed = parsePipelineText('a: 1\nb: [1\n');
    assert.ok(parsed.format === 'invalid');
    assert.equal(parsed.errors[0]?.message, 'unknown template format');
    assert.ok((parsed.errors[0]?.line ?? 0) >= 2);
  });

  it('recognises Argo workflows', () => {
    const parsed = parsePipelineText(
      'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: multiply-}\n'
    );
    assert.ok(parsed.format === 'argo');
    assert.equal(parsed.name, 'multiply');
  });

  it('survives alias bombs, deep nesting and empty text', () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 12; level++) {
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(',')}]`
      );
    }
    for (const text of [bomb.join('\n'), '['.repeat(200_000), '', '---\n']) {
      const parsed = parsePipelineText(text);
      assert.equal(parsed.format, 'invalid');
    }
  });

  it('reads the corpus and refuses its invalid files', { skip: absent }, () => {
    const cases = JSON.parse(
      readFileSync(join(SHARED, 'corpus/cases.json'), 'utf8')
    ) as { file: string; expect: string; expected_error?: string }[];
    let read = 0;
    for (const { file, expect, expected_error } of cases) {
      if (!file.endsWith('.yaml')) {
        continue;
      }
      const parsed = parsePipelineText(
        readFileSync(join(SHARED, 'corpus', file), 'utf8')
      );
      if (expect === 'invalid') {
        assert.ok(parsed.format === 'invalid', file);
        assert.equal(parsed.errors[0]?.message, expected_error, file);
      } else {
        assert.equal(parsed.format, 'ir', `${file} ${JSON.stringify(parsed)}`);
        read++;
      }
    }
    assert.ok(read > 80, `${read} cases`);
  });

  it('reads the compiled tutorial', { skip: absent }, () => {
    const folder = join(SHARED, 'seed/ir-2.17');
    for (const file of readdirSync(folder)) {
      const parsed = parsePipelineText(
        readFileSync(join(folder, file), 'utf8')
      );
      assert.equal(
        parsed.format,
        file === 'multiply_component.yaml' ? 'invalid' : 'ir',
        file
      );
    }
  });

  it('answers recorded uploads as the real server', { skip: absent }, () => {
    const recording = JSON.parse(
      readFileSync(
        join(SHARED, 'fixtures/kfp-2.17.0/03-pipelines-upload.json'),
        'utf8'
      )
    ) as {
      exchanges: {
        request: {
          path: string;
          multipart?: { name: string; filename?: string; text?: string }[];
        };
        response: {
          status: number;
          body?: { json?: { error_message?: string } };
        };
      }[];
    };
    let compared = 0;
    for (const { request, response } of recording.exchanges) {
      const file = request.multipart?.find(part => part.name === 'uploadfile');
      const refused = response.body?.json?.error_message;
      const aboutSpec =
        refused !== undefined && /format|schema|name must/.test(refused);
      if (
        file?.text === undefined ||
        !file.filename?.endsWith('.yaml') ||
        (response.status !== 200 && !aboutSpec)
      ) {
        continue;
      }
      const parsed = parsePipelineText(file.text);
      const ours =
        parsed.format === 'invalid'
          ? parsed.errors[0]?.message
          : parsed.format === 'ir'
            ? checkPipelineName(parsed.document)
            : undefined;
      assert.equal(ours, refused, request.path);
      compared++;
    }
    assert.ok(compared > 12, `${compared} uploads`);
  });
});
