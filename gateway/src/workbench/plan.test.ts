import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { PlanAnswer } from 'jupyterlab-kfp-model';

import { startService, type CorpusService } from '../corpus/service.ts';

/** Two echoing containers; the second takes what the first gave. */
function pipelineText(change: { second?: string; third?: boolean } = {}) {
  const component = (inputs: string[], output: boolean, label: string) => ({
    executorLabel: label,
    inputDefinitions: {
      parameters: Object.fromEntries(
        inputs.map(name => [name, { parameterType: 'STRING' }])
      )
    },
    outputDefinitions: {
      parameters: output ? { Output: { parameterType: 'STRING' } } : {}
    }
  });
  const shell = (script: string) => ({
    container: {
      image: 'busybox',
      command: ['sh', '-c', script],
      args: [
        "{{$.inputs.parameters['x']}}",
        "{{$.outputs.parameters['Output'].output_file}}"
      ],
      resources: { cpuLimit: 2, resourceCpuLimit: '2', memoryLimit: 0.5 }
    }
  });
  const echo = 'printf "%s" "$0" > "$1"';
  const task = (name: string, of: string, x: object) => ({
    taskInfo: { name },
    componentRef: { name: of },
    cachingOptions: { enableCache: true },
    inputs: { parameters: { x } }
  });
  const output = (producer: string) => ({
    taskOutputParameter: {
      producerTask: producer,
      outputParameterKey: 'Output'
    }
  });
  return JSON.stringify({
    pipelineInfo: { name: 'planned' },
    schemaVersion: '2.1.0',
    components: {
      first: component(['x'], true, 'first'),
      second: component(['x'], true, 'second')
    },
    deploymentSpec: {
      executors: {
        first: shell(echo),
        second: shell(change.second ?? echo)
      }
    },
    root: {
      inputDefinitions: {
        parameters: {
          text: { parameterType: 'STRING' },
          more: { parameterType: 'STRING', defaultValue: 'd' }
        }
      },
      dag: {
        tasks: {
          one: task('one', 'first', { componentInputParameter: 'text' }),
          two: task('two', 'second', output('one')),
          ...(change.third === true
            ? { three: task('three', 'first', output('two')) }
            : {})
        }
      }
    }
  });
}

describe('a plan', () => {
  let service: CorpusService;
  before(async () => {
    // Images are of no use to these tests, and a machine may have no registry.
    service = await startService({ JUPYTERLAB_KFP_ISOLATION: 'namespace' });
  });
  after(() => service.close());

  const post = async (path: string, body: object) => {
    const { status, text } = await service.ask(
      `/api/connections/local/${path}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body)
      }
    );
    return { status, body: JSON.parse(text) as unknown };
  };
  const plan = async (text: string, value = 'v') =>
    (
      await post('plan', {
        pipeline: { text },
        parameters: { text: value }
      })
    ).body as PlanAnswer;
  const finish = async (text: string) => {
    const answer = await post('runs', {
      pipeline: { text },
      parameters: { text: 'v' }
    });
    const { run } = answer.body as { run: { run_id: string } };
    for (;;) {
      const { text: view } = await service.ask(
        `/api/connections/local/runs/${run.run_id}/view?detail=header`
      );
      const { state } = (
        JSON.parse(view) as { view: { run: { state: string } } }
      ).view.run;
      if (state === 'SUCCEEDED') {
        return run.run_id;
      }
      assert.notEqual(state, 'FAILED');
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };

  it('says what would be new, what would be reused, and what has changed', async () => {
    const first = await plan(pipelineText());
    assert.deepEqual(
      first.tasks.map(({ path, cache, resources }) => [path, cache, resources]),
      [
        ['one', 'new', 'cpu 2, memory 0.5'],
        ['two', 'new', 'cpu 2, memory 0.5']
      ]
    );
    assert.equal(first.last_run, undefined);
    assert.deepEqual(first.parameters, [
      { name: 'text', json: '"v"', origin: 'given' },
      { name: 'more', json: '"d"', origin: 'default' }
    ]);
    assert.ok(first.warnings.some(text => /\(resources-ignored\)$/.test(text)));
    assert.deepEqual(first.refusals, []);

    const runId = await finish(pipelineText());
    const again = await plan(pipelineText());
    assert.deepEqual(
      again.tasks.map(({ cache, cached_from }) => [cache, cached_from]),
      [
        ['hit', runId],
        ['hit', runId]
      ]
    );
    assert.deepEqual(again.last_run, {
      run_id: runId,
      changed: [],
      added: [],
      removed: []
    });
    assert.deepEqual(
      (await plan(pipelineText(), 'other')).tasks.map(task => task.cache),
      ['new', 'unknown']
    );
    const changed = await plan(
      pipelineText({ second: 'printf 2 > "$1"', third: true })
    );
    assert.deepEqual(
      changed.tasks.map(task => task.cache),
      ['hit', 'new', 'unknown']
    );
    assert.deepEqual(changed.last_run, {
      run_id: runId,
      changed: ['two'],
      added: ['three'],
      removed: []
    });
  });

  it('makes nothing, and refuses parameters as the run would', async () => {
    const { text } = await service.ask('/c/local/apis/v2beta1/runs');
    const before = (JSON.parse(text) as { total_size?: number }).total_size;
    const missing = await post('plan', { pipeline: { text: pipelineText() } });
    assert.equal(missing.status, 400);
    assert.equal((missing.body as { code: string }).code, 'bad-param');
    const after = await service.ask('/c/local/apis/v2beta1/runs');
    assert.equal(
      (JSON.parse(after.text) as { total_size?: number }).total_size,
      before
    );
  });

  it('names the secrets of a task, and all that is missing', async () => {
    const platform = {
      platforms: {
        kubernetes: {
          deploymentSpec: {
            executors: {
              first: {
                secretAsEnv: [
                  {
                    secretName: 'creds',
                    keyToEnv: [
                      { secretKey: 'token', envVar: 'TOKEN' },
                      { secretKey: 'lost', envVar: 'LOST' }
                    ]
                  }
                ]
              },
              second: {
                configMapAsEnv: [
                  {
                    configMapNameParameter: {
                      taskOutputParameter: {
                        producerTask: 'one',
                        outputParameterKey: 'Output'
                      }
                    },
                    keyToEnv: [{ configMapKey: 'k', envVar: 'K' }]
                  }
                ],
                fieldPathAsEnv: [{ name: 'N', fieldPath: 'spec.nothing' }]
              }
            }
          }
        }
      }
    };
    const folder = join(service.configDir, 'secrets', 'creds');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'token'), 'hidden');
    const answer = await plan(
      `${pipelineText()}\n---\n${JSON.stringify(platform)}`
    );
    assert.deepEqual(answer.tasks[0]?.secrets, ['creds']);
    assert.deepEqual(answer.refusals, [
      `Task one cannot run here: secret "creds" has no key "lost". Put it in ${join(folder, 'lost')}.`,
      'Task two cannot run here: the field path spec.nothing is not known here.'
    ]);
  });
});
