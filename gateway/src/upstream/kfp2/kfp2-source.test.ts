import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ProblemError } from '../../problem.ts';
import { Kfp2Source } from './kfp2-source.ts';
import { NO_RECORDINGS, RecordedServer } from './recorded-server.ts';

const RUN = '3de877c0-532a-4466-8645-9514875db75a';
const FAILED = '1c2b1e51-bfe1-48d2-9ac2-9fb013cde9e4';
const STOPPED = 'a31d545a-12de-4147-8531-769f646a7315';
const PIPELINE = '025ac746-e8e8-4741-9af3-8b82e030a284';
const IR = `components:
  comp-say: {executorLabel: exec-say}
deploymentSpec:
  executors:
    exec-say: {container: {image: busybox, command: [echo]}}
pipelineInfo: {name: says}
root:
  dag:
    tasks:
      say:
        cachingOptions: {enableCache: true}
        componentRef: {name: comp-say}
        taskInfo: {name: say}
schemaVersion: 2.1.0
sdkVersion: kfp-2.17.3
`;

function sourceOf(server: RecordedServer): Kfp2Source {
  return new Kfp2Source({
    ref: { profile: 'prod', fingerprint: 'f', namespace: '', flavour: 'kfp2' },
    upstream: server,
    texts: () => IR,
    nextFire: () => undefined
  });
}

/** A check of `assert.rejects`: a problem with this code and sentence. */
function problem(code: string, message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

describe('a KFP 2 service, as recorded', { skip: NO_RECORDINGS }, () => {
  it('lists runs, newest first, with the way to the next page', async () => {
    const server = new RecordedServer(['10-runs-list-filter-sort', 1]);
    const page = await sourceOf(server).listRuns({ page_size: 2 });
    assert.deepEqual(
      page.runs.map(({ name, state }) => [name, state]),
      [
        ['loops', 'SUCCEEDED'],
        ['fails', 'RUNNING']
      ]
    );
    assert.ok((page.next_page_token ?? '').length > 20);
    assert.equal(typeof page.total_size, 'number');
    assert.equal(server.asked[0]?.query.get('sort_by'), 'created_at desc');
    assert.equal(server.asked[0]?.query.get('page_size'), '2');
  });

  it('reads an empty list, which the service leaves out', async () => {
    const server = new RecordedServer(['10-runs-list-filter-sort', 25]);
    assert.deepEqual(await sourceOf(server).listRuns({}), { runs: [] });
  });

  it('sends on what a list was asked for, and nothing else', async () => {
    const server = new RecordedServer(['10-runs-list-filter-sort', 43]);
    await sourceOf(server).listRuns({
      namespace: 'team-a',
      experiment_id: '',
      filter: '{"predicates":[]}',
      page_token: 'next'
    });
    assert.deepEqual(Object.fromEntries(server.asked[0]?.query ?? []), {
      page_size: '20',
      sort_by: 'created_at desc',
      page_token: 'next',
      filter: '{"predicates":[]}',
      namespace: 'team-a'
    });
  });

  it('lists pipelines, versions, experiments and recurring runs', async () => {
    const source = sourceOf(
      new RecordedServer(
        ['04-pipelines-and-versions', 4],
        ['04-pipelines-and-versions', 14],
        ['02-experiments', 14],
        ['12-recurring-runs', 15]
      )
    );
    const pipelines = await source.listPipelines({});
    assert.equal(pipelines.items[0]?.name, 'two-steps');
    assert.equal(pipelines.items[0]?.pipeline_id, PIPELINE);
    assert.equal(pipelines.total_size, 13);
    const versions = await source.listVersions(PIPELINE, {});
    assert.ok(versions.items.every(({ format }) => format === 'ir'));
    assert.ok(versions.items.some(({ name }) => name === 'v2'));
    const experiments = await source.listExperiments({});
    assert.ok(experiments.items.every(({ id, name }) => id && name));
    assert.ok((experiments.next_page_token ?? '') !== '');
    const recurring = await source.listRecurringRuns({});
    assert.ok(recurring.items.some(({ name }) => name === 'six-field'));
  });

  it('submits into the experiment with this name', async () => {
    const server = new RecordedServer(
      ['02-experiments', 27],
      ['05-runs-create', 0]
    );
    await sourceOf(server).submit({
      name: 'says-1',
      experiment: 'tuning',
      pipeline: { digest: 'sha256:0' },
      parameters: { a: 1 },
      cache: false
    });
    const [asked, sent] = server.asked;
    assert.match(asked?.query.get('filter') ?? '', /"tuning"/);
    const body = sent?.body as {
      readonly experiment_id: string;
      readonly display_name: string;
      readonly pipeline_spec: {
        readonly root: {
          readonly dag: {
            readonly tasks: {
              readonly say: { readonly cachingOptions: unknown };
            };
          };
        };
      };
      readonly runtime_config: unknown;
    };
    assert.equal(body.experiment_id, 'ad05fd08-f4fd-4528-8b29-18d27a05e5e6');
    assert.equal(body.display_name, 'says-1');
    assert.deepEqual(body.runtime_config, { parameters: { a: 1 } });
    assert.deepEqual(body.pipeline_spec.root.dag.tasks.say.cachingOptions, {
      enableCache: false
    });
  });

  it('makes the experiment of a run where there is none', async () => {
    const server = new RecordedServer(
      ['20-client-2.17-connect-experiments', 1],
      ['02-experiments', 0],
      ['05-runs-create', 0]
    );
    await sourceOf(server).submit({
      name: 'says-2',
      experiment: 'tuning',
      pipeline: { pipeline_id: PIPELINE, version_id: 'v' }
    });
    assert.deepEqual(
      server.asked.map(({ method, path }) => `${method} ${path}`),
      [
        'GET /apis/v2beta1/experiments',
        'POST /apis/v2beta1/experiments',
        'POST /apis/v2beta1/runs'
      ]
    );
    assert.deepEqual(
      (server.asked[2]?.body as Record<string, unknown>)[
        'pipeline_version_reference'
      ],
      { pipeline_id: PIPELINE, pipeline_version_id: 'v' }
    );
  });

  it('refuses what is not a pipeline before anything is sent', async () => {
    const server = new RecordedServer(['02-experiments', 27]);
    await assert.rejects(
      sourceOf(server).submit({
        name: 'x',
        pipeline: { text: 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n' }
      }),
      problem('bad-pipeline', /Argo workflow/)
    );
    assert.ok(server.asked.every(({ method }) => method === 'GET'));
  });

  it('acts on a run, and says why the service refuses', async () => {
    const server = new RecordedServer(
      ['08-run-terminate', 0],
      ['07-run-life-failed-and-retry', 2]
    );
    await sourceOf(server).act(STOPPED, 'terminate');
    await sourceOf(server).act(FAILED, 'retry');
    await assert.rejects(
      sourceOf(new RecordedServer(['06-run-life-succeeded', 12])).act(
        RUN,
        'retry'
      ),
      problem('conflict', /must be Failed/)
    );
    await assert.rejects(
      sourceOf(new RecordedServer(['08-run-terminate', 3])).act(
        '00000000-0000-0000-0000-000000000000',
        'terminate'
      ),
      problem('not-found', /./)
    );
    await assert.rejects(
      sourceOf(server).act(RUN, 'rerun'),
      problem('bad-request', /new run/)
    );
  });

  it('tells that a log is gone, though the service says 200', async () => {
    const server = new RecordedServer(
      ['06-run-life-succeeded', 10],
      ['04-pipelines-and-versions', 18],
      ['14-v1beta1-view-of-v2', 0]
    );
    const source = sourceOf(server);
    const view = await source.getRun(RUN, 'tasks');
    assert.equal(view.run.state, 'SUCCEEDED');
    const task = Object.values(view.tasks).find(
      ({ attempts }) => attempts.length > 0
    );
    assert.ok(task !== undefined, 'a task with an attempt');
    await assert.rejects(
      source.log({
        runId: RUN,
        taskId: task.id,
        attempt: 0,
        stream: 'main',
        from: 0,
        limit: 65536
      }),
      problem('not-found', /./)
    );
  });

  it('gives the compiled text of a run made from a version', async () => {
    const source = sourceOf(
      new RecordedServer(
        ['06-run-life-succeeded', 10],
        ['04-pipelines-and-versions', 18]
      )
    );
    assert.equal(
      (JSON.parse(await source.pipelineText(RUN)) as { pipelineInfo: unknown })
        .pipelineInfo !== undefined,
      true
    );
  });
});

describe('the headers of many runs', () => {
  it('come with one call that names them', async () => {
    const asked: string[] = [];
    const source = new Kfp2Source({
      ref: {
        profile: 'prod',
        fingerprint: 'f',
        namespace: 'team-a',
        flavour: 'kfp2'
      },
      upstream: {
        name: 'prod',
        address: 'http://prod',
        hasCredential: true,
        clean: text => text,
        send: async path => {
          asked.push(path);
          return Response.json({
            runs: [{ run_id: RUN, display_name: 'r', state: 'RUNNING' }]
          });
        }
      },
      texts: () => IR,
      nextFire: () => undefined
    });
    const views = await source.getHeaders([RUN, FAILED]);
    assert.deepEqual(
      views.map(({ run, tasks }) => [run.run_id, run.state, tasks]),
      [[RUN, 'RUNNING', {}]]
    );
    assert.equal(asked.length, 1);
    const { searchParams } = new URL(asked[0]!, 'http://prod');
    assert.equal(searchParams.get('namespace'), 'team-a');
    assert.equal(searchParams.get('page_size'), '2');
    assert.deepEqual(JSON.parse(searchParams.get('filter') ?? ''), {
      predicates: [
        {
          operation: 'IN',
          key: 'run_id',
          string_values: { values: [RUN, FAILED] }
        }
      ]
    });
  });
});
