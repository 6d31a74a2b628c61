/** What is said of a run before it begins: all reasons at once, and warnings by their names. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { Json, PipelineDocument } from 'jupyterlab-kfp-model';

import {
  artifact,
  from,
  gives,
  pipeline,
  type ComponentText,
  type TaskText
} from './testing/pipeline-text.ts';
import { TestEngine } from './testing/test-engine.ts';

const ECHO: ComponentText = { in: { x: 'STRING' }, out: { Output: 'STRING' } };
const LOOP = (items: object): Pick<TaskText, 'more'> => ({
  more: { parameterIterator: { items: { ...items }, itemInput: 'item' } }
});

describe('the checks before a run', () => {
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine();
  });
  afterEach(() => test.close());

  const check = (
    document: PipelineDocument,
    parameters: Readonly<Record<string, Json>> = {}
  ) => test.engine.check(test.make(document, parameters));
  const names = async (document: PipelineDocument) =>
    (await check(document)).warnings.map(({ name }) => name).sort();
  const container = (args: readonly string[], more: ComponentText = {}) =>
    pipeline(
      { tasks: { one: { with: { x: from.constant('') } } } },
      {
        one: {
          ...ECHO,
          outArtifacts: { data: artifact },
          container: { args: [...args] },
          ...more
        }
      }
    );

  it('warns by name of what clusters do not do', async () => {
    assert.deepEqual(await names(container([])), []);
    for (const [args, warning] of [
      ['{"Concat": ["a", "b"]}', 'concat'],
      ['{"IfPresent": {"InputName": "data", "Then": "a"}}', 'ifpresent-output'],
      ["{{$.outputs.artifacts['data']}}", 'artifact-list-placeholder'],
      ["{{$.outputs.artifacts['data'].metadata['k']}}", 'metadata-placeholder'],
      ['--root={{$.pipeline_root}}', 'pipeline-root-placeholder'],
      ['{{$.outputs.output_file}}', 'output-file-placeholder']
    ] as const) {
      assert.deepEqual(await names(container([args])), [warning], args);
    }
    assert.deepEqual(
      await names(
        container(['{"IfPresent": {"InputName": "y", "Then": "a"}}'], {
          in: {
            x: 'STRING',
            y: { parameterType: 'STRING', isOptional: true, defaultValue: 'd' }
          }
        })
      ),
      ['ifpresent-default']
    );
    const constant = (value: Json) =>
      pipeline(
        { tasks: { one: { with: { x: from.constant(value) } } } },
        { one: ECHO }
      );
    assert.deepEqual(await names(constant('{{$.pipeline_job_name}}')), []);
    assert.deepEqual(await names(constant('a {{$.pipeline_job_name}}')), [
      'placeholder-in-text'
    ]);
    const retried = (backoffFactor: number) =>
      pipeline(
        { tasks: { one: { retry: { maxRetryCount: 1, backoffFactor } } } },
        { one: {} }
      );
    assert.deepEqual(await names(retried(2)), []);
    assert.deepEqual(await names(retried(1.5)), ['fractional-backoff']);
  });

  it('warns of loops and importers that clusters do otherwise', async () => {
    const loops = pipeline(
      {
        in: { items: 'LIST' },
        tasks: {
          outer: {
            ...LOOP({ inputParameter: 'items' }),
            with: { items: from.input('items') }
          },
          use: { of: 'echo', with: { x: from.output('outer', 'each') } }
        }
      },
      {
        echo: ECHO,
        outer: {
          in: { items: 'LIST', item: 'STRING' },
          out: { each: 'LIST' },
          tasks: {
            inner: LOOP({ raw: '[1]' }),
            echo: { with: { x: from.input('items') } }
          },
          outputs: gives({ each: [['inner', 'each']] })
        },
        inner: {
          in: { item: 'STRING' },
          out: { each: 'STRING' },
          tasks: { echo: { with: { x: from.input('item') } } },
          outputs: gives({ each: [['echo', 'Output']] })
        }
      }
    );
    assert.deepEqual(await names(loops), [
      'empty-collected',
      'items-inside-loop',
      'nested-collected'
    ]);
    const collecting = (loop: TaskText): PipelineDocument =>
      pipeline(
        {
          tasks: {
            group: {},
            use: { of: 'echo', with: { x: from.output('group', 'all') } }
          }
        },
        {
          echo: ECHO,
          group: {
            out: { all: 'LIST' },
            tasks: { outer: LOOP({ raw: '[1]' }) },
            outputs: gives({ all: [['outer', 'each']] })
          },
          outer: {
            in: { item: 'STRING' },
            out: { each: 'LIST' },
            tasks: { maybe: { when: 'true' } },
            outputs: gives({ each: [['maybe', 'each']] })
          },
          maybe: {
            out: { each: 'LIST' },
            tasks: { inner: loop },
            outputs: gives({ each: [['inner', 'each']] })
          },
          inner: {
            in: { item: 'STRING' },
            out: { each: 'STRING' },
            tasks: { echo: { with: { x: from.constant('x') } } },
            outputs: gives({ each: [['echo', 'Output']] })
          }
        }
      );
    assert.deepEqual(await names(collecting(LOOP({ raw: '[1]' }))), [
      'nested-collected'
    ]);
    assert.deepEqual(await names(collecting({})), []);
    const imports = pipeline(
      {
        tasks: {
          get: { when: '1 == 1' },
          loop: {
            artifacts: { list: from.artifact('get', 'artifact') },
            more: {
              artifactIterator: {
                items: { inputArtifact: 'list' },
                itemInput: 'one'
              }
            }
          }
        }
      },
      {
        get: {
          outArtifacts: { artifact },
          importer: {
            artifactUri: { constant: '/x' },
            typeSchema: {
              schemaTitle: 'system.Artifact',
              schemaVersion: '0.0.1'
            },
            metadata: { k: "{{$.inputs.parameters['n']}}" }
          }
        },
        loop: {
          inArtifacts: { list: artifact, one: artifact },
          tasks: { use: { artifacts: { one: from.inputArtifact('one') } } }
        },
        use: { inArtifacts: { one: artifact } }
      }
    );
    assert.deepEqual(await names(imports), [
      'artifact-loop',
      'dynamic-importer-metadata',
      'importer-condition'
    ]);
  });

  it('warns of what has no meaning here', async () => {
    const { warnings } = await test.engine.check({
      ...test.make(
        pipeline(
          { tasks: { one: {} } },
          { one: { container: { resources: { cpuLimit: 2 } } } },
          { one: { nodeSelector: { labels: { a: 'b' } }, tolerations: [] } }
        )
      ),
      pipelineRoot: 's3://bucket/root'
    });
    assert.deepEqual(
      warnings.map(({ name }) => name),
      ['remote-root-ignored', 'resources-ignored', 'scheduling-ignored']
    );
  });

  it('names everything that is missing, task by task, through sub-pipelines', async () => {
    const secret = join(test.configDir, 'secrets', 'known');
    mkdirSync(secret, { recursive: true });
    writeFileSync(join(secret, 'k'), '');
    const named = { componentInputParameter: 'name' };
    const { refusals } = await check(
      pipeline(
        {
          in: {
            secret: 'STRING',
            none: { parameterType: 'STRING', isOptional: true }
          },
          inArtifacts: { data: artifact },
          tasks: {
            good: { of: 'inner', with: { name: from.constant('known') } },
            bad: { of: 'inner', with: { name: from.input('secret') } },
            null: { of: 'inner', with: { name: from.input('none') } },
            cloud: {},
            model: {}
          }
        },
        {
          inner: {
            in: { name: { parameterType: 'STRING', isOptional: true } },
            tasks: { one: {} }
          },
          one: {},
          cloud: {
            container: {
              command: [
                'python3',
                '-m',
                'google_cloud_pipeline_components.container.v1.custom_job.launcher'
              ]
            }
          },
          model: {
            outArtifacts: { artifact },
            importer: {
              artifactUri: { constant: 'oci://registry/model' },
              typeSchema: {
                schemaTitle: 'system.Model',
                schemaVersion: '0.0.1'
              }
            }
          }
        },
        {
          one: {
            secret_as_env: [
              {
                secret_name_parameter: named,
                key_to_env: [{ secret_key: 'k', env_var: 'K' }]
              }
            ],
            configMapAsVolume: [
              { configMapName: 'maybe', mountPath: '/m', optional: true }
            ]
          }
        }
      ),
      { secret: 'unknown' }
    );
    assert.deepEqual(
      refusals.map(({ text }) => text),
      [
        'The pipeline cannot run here: it wants the artifact "data" as an input, which a run cannot supply (KFP503); import it with dsl.importer.',
        `Task bad.one cannot run here: secret "unknown" has no key "k". Put it in ${join(test.configDir, 'secrets', 'unknown', 'k')}.`,
        'Task cloud cannot run here: it is a component of Vertex AI, which runs on Google Cloud only.',
        'Task model cannot run here: its model is in the image registry/model: it needs docker or podman. Neither answers.'
      ]
    );
  });

  it('warns of a secret that others can read, once', async () => {
    const secret = join(test.configDir, 'secrets', 'open');
    mkdirSync(secret, { recursive: true, mode: 0o700 });
    writeFileSync(join(secret, 'k'), '', { mode: 0o600 });
    const one = {
      secretAsEnv: [
        { secretName: 'open', keyToEnv: [{ secretKey: 'k', envVar: 'K' }] }
      ]
    };
    const found = async () =>
      (
        await check(
          pipeline(
            { tasks: { one: {}, two: { of: 'one' } } },
            { one: {} },
            { one }
          )
        )
      ).warnings;
    assert.deepEqual(await found(), []);
    chmodSync(join(secret, 'k'), 0o644);
    assert.deepEqual(await found(), [
      {
        name: 'secret-readable',
        text: `Others on this machine may read the secret "open". Run: chmod -R go= ${secret}`
      }
    ]);
  });

  it('says what a mount needs once for all its paths, and nothing of volumes the pipeline makes', async () => {
    test.runner.answer = {
      ...test.runner.answer,
      refusals: [
        'mounts /a: it needs docker or podman. Neither answers.',
        'mounts /b: it needs docker or podman. Neither answers.'
      ]
    };
    const { refusals } = await check(
      pipeline(
        {
          tasks: {
            make: { with: { pvc_name: from.constant('made') } },
            one: { after: ['make'] }
          }
        },
        {
          make: {
            in: { pvc_name: 'STRING' },
            out: { name: 'STRING' },
            container: { image: 'argostub/createpvc' }
          },
          one: {}
        },
        {
          one: {
            pvcMount: [
              { constant: 'made', mountPath: '/a' },
              { constant: 'made', mountPath: '/b' }
            ]
          }
        }
      )
    );
    assert.deepEqual(refusals, [
      {
        code: 'local-needs-container',
        text: 'Task one mounts /a, /b: it needs docker or podman. Neither answers.'
      }
    ]);
  });

  it('refuses a pipeline in which nothing could begin', async () => {
    const { refusals } = await check(
      pipeline({ tasks: { one: { always: true } } }, { one: {} })
    );
    assert.equal(refusals.length, 1);
  });

  it('hands a component its part of the platform document on request', async () => {
    test.does({ one: ({ inputs }) => ({ Output: inputs['config'] ?? null }) });
    const document = pipeline(
      {
        out: { Output: 'STRUCT' },
        tasks: { one: {} },
        outputs: gives({ Output: [['one', 'Output']] })
      },
      {
        one: {
          in: { config: 'TASK_CONFIG' },
          out: { Output: 'STRUCT' },
          passthroughs: [
            { field: 'ENV' },
            { field: 'RESOURCES', applyToTask: true }
          ],
          container: {
            env: [{ name: 'A', value: '1' }],
            resources: { cpuLimit: 2 }
          }
        }
      },
      {
        one: {
          secretAsEnv: [
            {
              secretName: 'not-here',
              keyToEnv: [{ secretKey: 'k', envVar: 'K' }]
            }
          ]
        }
      }
    );
    assert.deepEqual((await check(document)).refusals, []);
    const { outputs, state, error } = await test.run(document);
    assert.equal(state, 'SUCCEEDED', error);
    assert.deepEqual(outputs['Output'], {
      resources: { limits: { cpu: '2' }, requests: {} },
      env: [
        { name: 'A', value: '1' },
        {
          name: 'K',
          valueFrom: {
            secretKeyRef: { name: 'not-here', key: 'k', optional: false }
          }
        }
      ]
    });
  });
});
