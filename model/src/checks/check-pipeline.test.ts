import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { LintFinding } from '../payload/types.ts';
import type { PipelineDocument } from '../spec/ir.ts';
import { parsePipelineDocuments, parsePipelineText } from '../spec/parse-ir.ts';
import { checkPipeline, sortFindings } from './check-pipeline.ts';
import type { CheckContext } from './finding.ts';

/** Beside the work tree; the test says so where it is absent. */
const CORPUS = join(import.meta.dirname, '../../../../shared/corpus/valid');

interface Part {
  readonly container?: object;
  readonly inputs?: object;
  readonly outputs?: object;
  readonly task?: object;
}

const RUN = `\nprogram_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main                         --component_module_path                         "$program_path/ephemeral_component.py"                         "$@"\n`;
const INSTALL = `\nif ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip\nfi\n\nPIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location 'kfp==2.17.3' '--no-deps' 'typing-extensions>=3.7.4,<5; python_version<"3.9"' PACKAGES && "$0" "$@"\n`;

/** The container of a Python component. */
function python(
  image: string,
  source = 'def f(): pass',
  packages = ''
): object {
  return {
    image,
    command: [
      'sh',
      '-c',
      INSTALL.replace(
        ' PACKAGES',
        packages === ''
          ? ''
          : ` && python3 -m pip install --quiet --no-warn-script-location ${packages}`
      ),
      'sh',
      '-ec',
      RUN,
      source
    ],
    args: ['--executor_input', '{{$}}', '--function_to_execute', 'f']
  };
}

/** A pipeline of one task per part. */
function pipeline(
  parts: Readonly<Record<string, Part>>,
  root: object = {},
  platform: object = {}
): PipelineDocument {
  const parsed = parsePipelineDocuments([
    {
      pipelineInfo: { name: 'train' },
      schemaVersion: '2.1.0',
      sdkVersion: 'kfp-2.17.3',
      root: {
        dag: {
          tasks: Object.fromEntries(
            Object.entries(parts).map(([name, part]) => [
              name,
              { componentRef: { name: `comp-${name}` }, ...part.task }
            ])
          )
        },
        ...root
      },
      components: Object.fromEntries(
        Object.entries(parts).map(([name, { inputs, outputs }]) => [
          `comp-${name}`,
          {
            executorLabel: `exec-${name}`,
            ...(inputs && { inputDefinitions: inputs }),
            ...(outputs && { outputDefinitions: outputs })
          }
        ])
      ),
      deploymentSpec: {
        executors: Object.fromEntries(
          Object.entries(parts).map(([name, { container }]) => [
            `exec-${name}`,
            { container: container ?? python('python:3.12') }
          ])
        )
      }
    },
    {
      platforms: {
        kubernetes: { deploymentSpec: { executors: platform } }
      }
    }
  ]);
  assert.ok(parsed.format === 'ir', JSON.stringify(parsed));
  return parsed.document;
}

function said(
  document: PipelineDocument,
  context: CheckContext = {},
  size = 1000
): readonly string[] {
  return checkPipeline(document, size, context).map(
    ({ rule, severity, message }) => `${rule} ${severity} ${message}`
  );
}

const shell = (command: string[], args: string[] = []): object => ({
  image: 'alpine:3.20',
  command,
  args
});

describe('checkPipeline', () => {
  it('is silent on a correct pipeline, for any target', () => {
    const document = pipeline(
      {
        load: {},
        shell: {
          container: shell(
            ['sh', '-c', 'set -o pipefail; echo "$0" | tee "$1"'],
            [
              "{{$.inputs.parameters['text']}}",
              "{{$.outputs.artifacts['data'].path}}"
            ]
          ),
          inputs: { parameters: { text: { parameterType: 'STRING' } } },
          outputs: {
            artifacts: {
              data: { artifactType: { schemaTitle: 'system.Dataset' } }
            }
          },
          task: {
            inputs: {
              parameters: { text: { runtimeValue: { constant: 'x' } } }
            }
          }
        }
      },
      {
        inputDefinitions: {
          parameters: {
            rows: { parameterType: 'NUMBER_INTEGER', defaultValue: 3 }
          }
        }
      }
    );
    for (const target of ['local', 'cluster', undefined] as const) {
      assert.deepEqual(
        said(document, {
          run: true,
          python: '3.12',
          machine: { containers: false, mounts: false, has: () => true },
          ...(target && { target })
        }),
        []
      );
    }
  });

  it('KFP206: says that the items of a plain list become texts', () => {
    const square = {
      inputs: { parameters: { n: { parameterType: 'NUMBER_INTEGER' } } },
      task: {
        inputs: {
          parameters: {
            n: { componentInputParameter: 'pipelinechannel--xs-loop-item' }
          }
        }
      }
    };
    const typed = (parameterType: string) =>
      pipeline(
        { sq: square },
        {
          inputDefinitions: {
            parameters: { 'pipelinechannel--xs-loop-item': { parameterType } }
          }
        }
      );
    assert.deepEqual(said(typed('STRING')), [
      'KFP206 error The items of xs reach sq as text, n is int. Say what the list holds: List[int].'
    ]);
    assert.deepEqual(said(typed('NUMBER_INTEGER')), []);
    const lines = (places: CheckContext['places']) =>
      checkPipeline(typed('STRING'), 1, { places }).map(({ line }) => line);
    assert.deepEqual(lines({ '': { line: 3 }, 'loop xs': { line: 5 } }), [5]);
    assert.deepEqual(lines({ '': { line: 3 }, 'loop ys': { line: 5 } }), [3]);
  });

  it('KFP212: names a pipeline without tasks', () => {
    assert.deepEqual(said(pipeline({})), [
      'KFP212 error Pipeline train has no task.'
    ]);
  });

  it('KFP303: refuses a source over the limit of Linux, and only warns near it and on the local service', () => {
    const large = (length: number): PipelineDocument =>
      pipeline({
        train: { container: python('python:3.12', 'é'.repeat(length / 2)) }
      });
    const message =
      'The source of train is 140 KB. Linux allows 128 KiB for one argument. Use a file, an image or an artifact.';
    assert.deepEqual(said(large(140_000)), [`KFP303 error ${message}`]);
    assert.deepEqual(said(large(140_000), { target: 'local' }), [
      `KFP303 warning ${message}`
    ]);
    assert.match(said(large(110_000))[0] ?? '', /^KFP303 warning /);
    assert.deepEqual(said(large(99_000)), []);
  });

  it('KFP304: refuses a Python that kfp does not take, for components that need kfp', () => {
    assert.deepEqual(
      said(
        pipeline({
          train: { container: python('docker.io/library/python:3.7-slim') }
        })
      ),
      [
        'KFP304 error kfp 2.17 needs Python 3.9 in the image, docker.io/library/python:3.7-slim has 3.7.'
      ]
    );
    assert.deepEqual(
      said(pipeline({ train: { container: python('python:3.9') } }), {
        oldestPython: '3.10'
      }),
      [
        'KFP304 error kfp 2.17 needs Python 3.10 in the image, python:3.9 has 3.9.'
      ]
    );
    assert.deepEqual(
      said(
        pipeline({
          old: {
            container: { image: 'python:3.7', command: ['python3', '-u'] }
          }
        })
      ),
      []
    );
  });

  it('KFP305: tells once per version that the notebook has another Python', () => {
    const document = pipeline({
      a: { container: python('python:3.11') },
      b: { container: python('python:3.11') },
      c: { container: python('me/own:1') }
    });
    assert.deepEqual(said(document, { python: '3.13' }), [
      'KFP305 info Runs with Python 3.11, the notebook has 3.13.'
    ]);
    assert.deepEqual(said(document, { python: '3.11' }), []);
    assert.deepEqual(said(document), []);
    // The local service decides when a task starts, and its run says which Python it took.
    const machine = { containers: true, mounts: true, has: () => true };
    assert.deepEqual(
      said(document, { python: '3.13', target: 'local', machine }),
      []
    );
  });

  it('KFP306: tells of images whose tag can change', () => {
    const image = (name: string): PipelineDocument =>
      pipeline({ a: { container: { image: name, command: ['sh'] } } });
    for (const name of ['alpine', 'alpine:latest', 'localhost:5000/x']) {
      assert.deepEqual(said(image(name)), [
        'KFP306 info Image tag can change.'
      ]);
    }
    for (const name of [
      'alpine:3.20',
      'localhost:5000/x:1',
      'x@sha256:abc',
      'argostub/createpvc',
      "{{$.inputs.parameters['image']}}"
    ]) {
      assert.deepEqual(said(image(name)), [], name);
    }
  });

  it('KFP308: warns of large defaults and a large text', () => {
    const text = (length: number): object => ({
      inputDefinitions: {
        parameters: {
          x: { parameterType: 'STRING', defaultValue: 'x'.repeat(length) }
        }
      }
    });
    assert.deepEqual(said(pipeline({ a: {} }, text(12_000)), {}, 1_400_000), [
      'KFP308 warning The default of "x" is 12 KB. Services limit this. Pass data as artifacts.',
      'KFP308 warning The compiled pipeline is 1.4 MB. Services limit this. Pass data as artifacts.'
    ]);
    assert.deepEqual(
      said(pipeline({ a: {} }, text(10_000)), {}, 1_000_000),
      []
    );
  });

  it('KFP404: tells that a component of kfp 1.8 needs distutils', () => {
    const old = (image: string, text: string): PipelineDocument =>
      pipeline({
        a: { container: { image, command: ['python3', '-c', text] } }
      });
    const text = 'from distutils.util import strtobool';
    assert.deepEqual(said(old('python:3.12', text)), [
      'KFP404 info Uses distutils, which this image lacks.'
    ]);
    assert.deepEqual(said(old('python:3.11', text)), []);
    assert.deepEqual(said(old('python:3.12', 'pass')), []);
  });

  it('KFP501: warns of what a cluster lacks, unless the run stays here', () => {
    const document = pipeline({
      t: {
        container: shell(
          ['echo', '{{$.pipeline_root}}'],
          ['{"Concat": ["a", "b"]}']
        )
      }
    });
    assert.deepEqual(said(document, { target: 'cluster' }), [
      'KFP501 warning Task t joins arguments with Concat. Works locally; KFP 2.17 on a cluster does not replace it.',
      'KFP501 warning Task t uses the placeholder of the pipeline root. Works locally; KFP 2.17 on a cluster does not replace it.'
    ]);
    assert.equal(said(document).length, 2);
    assert.deepEqual(said(document, { target: 'local' }), []);
  });

  it('KFP502: warns of what this computer lacks, only for a local run', () => {
    const document = pipeline(
      {
        t: {},
        gpu: {
          container: {
            ...shell(['sh']),
            resources: { accelerator: { count: '1', type: 'nvidia.com/gpu' } }
          }
        },
        tool: {
          container: { image: 'google/cloud-sdk:1', command: ['gcloud'] }
        }
      },
      {},
      { 'exec-t': { pvcMount: [{ mountPath: '/mnt/data', constant: 'x' }] } }
    );
    const bare = {
      containers: false,
      mounts: false,
      has: (program: string) => program !== 'gcloud'
    };
    const local = { target: 'local', machine: bare } as const;
    assert.deepEqual(said(document, local), [
      'KFP502 warning Task t mounts /mnt/data: it needs docker or podman here.',
      'KFP502 warning Task gpu asks for a GPU: it gets what this computer has, or none.',
      'KFP502 warning Task tool runs gcloud of the image google/cloud-sdk:1: it must be installed here, there is no docker or podman.'
    ]);
    assert.deepEqual(said(document, { ...local, target: 'cluster' }), []);
    assert.deepEqual(said(document, { target: 'local' }), []);
    assert.equal(
      said(document, {
        target: 'local',
        machine: { ...bare, mounts: true, containers: true }
      }).length,
      1
    );
    assert.equal(
      said(document, { target: 'local', machine: { ...bare, has: () => true } })
        .length,
      2
    );
  });

  it('KFP502: knows what only an image has', () => {
    const document = pipeline({
      torch: { container: python('pytorch/pytorch:2.5.1') },
      plain: { container: python('python:3.12') },
      newest: { container: python('docker.io/library/python:3') },
      built: { container: { image: 'own/built:1', command: [] } },
      told: {
        container: {
          image: "{{$.inputs.parameters['image']}}",
          command: ['sh']
        }
      }
    });
    const local = {
      target: 'local',
      machine: { containers: false, mounts: false, has: () => true }
    } as const;
    assert.deepEqual(said(document, local), [
      'KFP502 warning Task torch misses the packages of the image pytorch/pytorch:2.5.1: there is no docker or podman here.',
      'KFP502 warning Task built has no command: what the image own/built:1 starts is known to docker or podman only.'
    ]);
  });

  it('KFP503: refuses the run of a pipeline that takes an artifact, not its drawing', () => {
    const document = pipeline(
      { a: {} },
      {
        inputDefinitions: {
          artifacts: {
            data: { artifactType: { schemaTitle: 'system.Dataset' } },
            more: {
              artifactType: { schemaTitle: 'system.Dataset' },
              isOptional: true
            }
          }
        }
      }
    );
    assert.deepEqual(said(document, { run: true }), [
      'KFP503 error KFP cannot pass the artifact "data" to a run. Wrap the pipeline with an importer.'
    ]);
    assert.deepEqual(said(document), []);
  });

  it('KFP112, KFP113, KFP302, KFP307: reads what no source was checked for', () => {
    const document = pipeline({
      shell: {
        container: {
          ...shell(['sh', '-c', 'make | tee log']),
          env: [{ name: 'API_KEY', value: 'a1b2c3d4e5' }]
        },
        inputs: {
          parameters: { text: { parameterType: 'STRING', isOptional: true } }
        },
        outputs: {
          artifacts: {
            data: { artifactType: { schemaTitle: 'system.Dataset' } }
          }
        }
      },
      train: {
        container: python('python:3.12', 'x', "'sklearn' 'pandas==2.2.3'")
      }
    });
    const expected = [
      'KFP113 warning Input "text" is never used.',
      'KFP113 warning Output "data" is never written.',
      'KFP113 warning "tee" hides a failure of the command before it.',
      'KFP112 warning This looks like a secret and would be stored in clear text. Use a Kubernetes secret.',
      'KFP307 warning The package of "sklearn" is called scikit-learn.',
      'KFP302 warning "sklearn" has no version. Runs will differ over time.'
    ];
    assert.deepEqual(said(document), expected);
    // The kernel has checked the source of train itself.
    assert.deepEqual(
      said(document, { places: { train: { line: 4 } } }),
      expected.slice(0, 4)
    );
  });

  it('puts findings at the places of the kernel and leaves out what is silenced there', () => {
    const document = pipeline({
      'train-2': { container: python('python:3.7') },
      other: { container: python('python:3.8') }
    });
    const places = {
      train: { line: 4, column: 4, definition: 'train', where: 'cell In[2]' },
      other: { line: 9, ignore: ['KFP304'] }
    };
    assert.deepEqual(checkPipeline(document, 1, { places }), [
      {
        rule: 'KFP304',
        severity: 'error',
        message: 'kfp 2.17 needs Python 3.9 in the image, python:3.7 has 3.7.',
        ...places.train
      }
    ]);
    assert.deepEqual(checkPipeline(document, 1, { ignore: ['KFP304'] }), []);
  });

  it('finds no error in the corpus', { skip: !existsSync(CORPUS) }, () => {
    let count = 0;
    for (const name of readdirSync(CORPUS, { recursive: true }) as string[]) {
      if (!name.endsWith('.yaml')) {
        continue;
      }
      const text = readFileSync(join(CORPUS, name), 'utf8');
      const parsed = parsePipelineText(text);
      assert.ok(parsed.format === 'ir', name);
      for (const target of ['local', 'cluster'] as const) {
        const errors: readonly LintFinding[] = checkPipeline(
          parsed.document,
          text.length,
          {
            run: true,
            target
          }
        ).filter(({ severity }) => severity === 'error');
        assert.deepEqual(errors, [], name);
      }
      count += 1;
    }
    assert.ok(count > 50);
  });
});

describe('sortFindings', () => {
  it('puts errors first, then the order of the source', () => {
    const of = (severity: 'error' | 'info', line: number) => ({
      rule: 'KFP101',
      severity,
      message: '',
      line
    });
    assert.deepEqual(
      sortFindings([of('info', 1), of('error', 9), of('error', 2)]).map(
        ({ line }) => line
      ),
      [2, 9, 1]
    );
  });
});
