import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import {
  buildGraph,
  parsePipelineDocuments,
  type StaticGraph,
  type TaskView
} from 'jupyterlab-kfp-model';
import { parseAllDocuments } from 'yaml';

import { ArgoNodes } from './argo-nodes.ts';
import { argoTasks } from './argo-tasks.ts';
import { runView } from './run-from-wire.ts';

const FOLDER = join(
  process.env['JUPYTERLAB_KFP_SHARED'] ??
    resolve(import.meta.dirname, '../../../../../shared'),
  'fixtures/kfp-2.17.0'
);

interface NodeSpec {
  readonly type?: string;
  readonly template: string;
  readonly phase: string;
  readonly message?: string;
  readonly in?: string;
  readonly out?: Readonly<Record<string, string>>;
}

/** A workflow called `wf` of nodes by name; the boundary is named, or is the name without its last part. */
function workflow(
  nodes: Readonly<Record<string, NodeSpec>>,
  more: object = {}
): ArgoNodes {
  const idOf = (name: string) => `wf-${name.replace(/\W/g, '_')}`;
  return new ArgoNodes({
    metadata: { name: 'wf' },
    status: {
      nodes: Object.fromEntries(
        Object.entries(nodes).map(([name, node]) => [
          idOf(name),
          {
            id: idOf(name),
            name,
            type: node.type ?? 'Pod',
            templateName: node.template,
            phase: node.phase,
            message: node.message,
            startedAt: '2026-11-24T08:44:28Z',
            boundaryID:
              name === 'wf'
                ? undefined
                : idOf(node.in ?? name.slice(0, name.lastIndexOf('.'))),
            outputs: {
              parameters: Object.entries(node.out ?? {}).map(
                ([key, value]) => ({ name: key, value })
              )
            }
          }
        ])
      )
    },
    ...more
  });
}

const component = { executorLabel: 'exec-a' };
function graphOf(
  tasks: Readonly<Record<string, object>>,
  components: object = {}
): StaticGraph {
  const parsed = parsePipelineDocuments([
    {
      pipelineInfo: { name: 'p' },
      schemaVersion: '2.1.0',
      components: { 'comp-a': component, ...components },
      deploymentSpec: {
        executors: { 'exec-a': { container: { image: 'python:3.11' } } }
      },
      root: { dag: { tasks } }
    }
  ]);
  assert.equal(parsed.format, 'ir', JSON.stringify(parsed));
  return buildGraph(parsed.format === 'ir' ? parsed.document : assert.fail());
}
const task = (name: string, more: object = {}) => ({
  taskInfo: { name },
  componentRef: { name: 'comp-a' },
  ...more
});

const DAG = { type: 'DAG' };
const TOP = {
  wf: { ...DAG, template: 'entrypoint', phase: 'Running' },
  'wf.root-driver': { template: 'system-dag-driver', phase: 'Succeeded' },
  'wf.root': { ...DAG, template: 'root', phase: 'Running' }
};
const driver = (more: Partial<NodeSpec> = {}): NodeSpec => ({
  template: 'system-container-driver',
  phase: 'Succeeded',
  ...more
});
const container = (phase: string, more: Partial<NodeSpec> = {}): NodeSpec => ({
  ...DAG,
  template: 'system-container-executor',
  phase,
  ...more
});
const pod = (phase: string, message?: string): NodeSpec => ({
  template: 'system-container-impl',
  phase,
  ...(message === undefined ? {} : { message })
});

function one(
  nodes: Readonly<Record<string, NodeSpec>>,
  more: object = {}
): TaskView {
  const tasks = Object.values(
    argoTasks(graphOf({ a: task('a') }), workflow({ ...TOP, ...nodes }, more))
  );
  assert.equal(tasks.length, 1);
  return tasks[0]!;
}

describe('a container task out of Argo nodes', () => {
  for (const [what, nodes, state, reason] of [
    ['without nodes', {}, 'PENDING', undefined],
    [
      'while its driver runs',
      { 'wf.root.a-driver': driver({ phase: 'Running' }) },
      'PENDING',
      'preparing'
    ],
    [
      'after one that failed',
      {
        'wf.root.a-driver': driver({
          phase: 'Omitted',
          message: 'omitted: depends condition not met'
        })
      },
      'NOT_REACHED',
      'a task before it failed or was skipped'
    ],
    [
      'with a false condition',
      {
        'wf.root.a-driver': driver({ out: { condition: 'false' } }),
        'wf.root.a': container('Skipped', {
          message: "when 'false != false' evaluated false"
        })
      },
      'SKIPPED',
      'its condition is false'
    ],
    [
      'from the cache',
      {
        'wf.root.a-driver': driver({ out: { 'cached-decision': 'true' } }),
        'wf.root.a': container('Succeeded'),
        'wf.root.a.executor': pod(
          'Skipped',
          "when 'true != true' evaluated false"
        )
      },
      'CACHED',
      undefined
    ],
    [
      'whose pod cannot start',
      {
        'wf.root.a-driver': driver(),
        'wf.root.a': container('Running'),
        'wf.root.a.executor': pod('Pending', 'ImagePullBackOff: no such image')
      },
      'PENDING',
      'ImagePullBackOff: no such image'
    ],
    [
      'that runs',
      {
        'wf.root.a-driver': driver(),
        'wf.root.a': container('Running'),
        'wf.root.a.executor': pod('Running')
      },
      'RUNNING',
      undefined
    ],
    [
      'past its deadline',
      {
        'wf.root.a-driver': driver(),
        'wf.root.a': container('Failed'),
        'wf.root.a.executor': pod('Failed', 'Step exceeded its deadline')
      },
      'CANCELED',
      undefined
    ],
    [
      'with a phase of tomorrow',
      { 'wf.root.a-driver': driver(), 'wf.root.a': container('Levitating') },
      'UNKNOWN',
      'Levitating'
    ]
  ] as const) {
    it(`${what} is ${state}`, () => {
      const found = one(nodes);
      assert.deepEqual([found.state, found.reason], [state, reason]);
    });
  }

  it('says why it failed, with the exit code, and names the pod whose log to read', () => {
    const found = one({
      'wf.root.a-driver': driver(),
      'wf.root.a': container('Failed'),
      'wf.root.a.executor': pod('Failed', 'Error (exit code 3)')
    });
    assert.equal(found.state, 'FAILED');
    assert.deepEqual(found.failure, {
      reason: 'Error (exit code 3)',
      exit_code: 3
    });
    assert.equal(
      found.attempts[0]?.id,
      'wf-system-container-impl-wf_root_a_executor'
    );
    const driverFailed = one({
      'wf.root.a-driver': driver({ phase: 'Error', message: 'no such secret' })
    });
    assert.equal(driverFailed.failure?.reason, 'no such secret');
    assert.match(driverFailed.attempts[0]?.id ?? '', /system-container-driver/);
  });

  it('is canceled when the run was told to stop', () => {
    const found = one(
      {
        'wf.root.a-driver': driver(),
        'wf.root.a': container('Failed'),
        'wf.root.a.executor': pod('Failed', 'exit code 143')
      },
      { spec: { activeDeadlineSeconds: 0 } }
    );
    assert.equal(found.state, 'CANCELED');
  });

  it('collapses retries of every template, and lists the attempts', () => {
    const tasks = argoTasks(
      graphOf({ a: task('a') }),
      workflow({
        wf: { type: 'Retry', template: 'entrypoint', phase: 'Running' },
        'wf(0)': { ...DAG, template: 'entrypoint', phase: 'Running', in: 'wf' },
        'wf(0).root': { type: 'Retry', template: 'root', phase: 'Running' },
        'wf(0).root(0)': {
          ...DAG,
          template: 'root',
          phase: 'Running',
          in: 'wf(0)'
        },
        'wf(0).root(0).a-driver': { ...driver(), type: 'Retry' },
        'wf(0).root(0).a-driver(0)': driver({ in: 'wf(0).root(0)' }),
        'wf(0).root(0).a': {
          type: 'Retry',
          template: 'system-container-executor',
          phase: 'Running'
        },
        'wf(0).root(0).a(0)': container('Failed', { in: 'wf(0).root(0)' }),
        'wf(0).root(0).a(0).executor': pod(
          'Failed',
          'OOMKilled (exit code 137)'
        ),
        'wf(0).root(0).a(1)': container('Running', { in: 'wf(0).root(0)' }),
        'wf(0).root(0).a(1).executor': pod('Running')
      })
    );
    const [found] = Object.values(tasks);
    assert.equal(found?.state, 'RUNNING');
    assert.deepEqual(
      found?.attempts.map(attempt => attempt.state),
      ['FAILED', 'RUNNING']
    );
  });

  it('calls the tasks that nobody reached so when the run has ended', () => {
    const tasks = argoTasks(
      graphOf({ a: task('a'), b: task('b', { dependentTasks: ['a'] }) }),
      workflow({
        ...TOP,
        wf: { ...DAG, template: 'entrypoint', phase: 'Failed' },
        'wf.root': { ...DAG, template: 'root', phase: 'Failed' },
        'wf.root.a-driver': driver(),
        'wf.root.a': container('Failed'),
        'wf.root.a.executor': pod('Failed')
      })
    );
    assert.deepEqual(
      Object.values(tasks).map(found => [found.path, found.state]),
      [
        ['a', 'FAILED'],
        ['b', 'NOT_REACHED']
      ]
    );
  });

  it('hangs exit tasks beside their handler', () => {
    const graph = graphOf(
      {
        group: task('group', { componentRef: { name: 'comp-group' } }),
        'a-driver': task('a-driver', {
          dependentTasks: ['group'],
          triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' }
        })
      },
      { 'comp-group': { dag: { tasks: { a: task('a') } } } }
    );
    const tasks = argoTasks(
      graph,
      workflow({
        ...TOP,
        'wf.root.group-driver': {
          template: 'system-dag-driver',
          phase: 'Succeeded'
        },
        'wf.root.group': { ...DAG, template: 'comp-group', phase: 'Succeeded' },
        'wf.root.group.onExit': {
          ...DAG,
          template: 'exit-hook-root-a-driver',
          phase: 'Running',
          in: 'wf.root'
        },
        'wf.root.group.onExit.a-driver-driver': driver(),
        'wf.root.group.onExit.a-driver': container('Running'),
        'wf.root.group.onExit.a-driver.executor': pod('Running')
      })
    );
    const found = Object.values(tasks).find(one => one.path === 'a-driver');
    assert.equal(found?.state, 'RUNNING');
    assert.equal(
      Object.values(tasks).find(one => one.path === 'group.a')?.state,
      'NOT_REACHED'
    );
  });

  it('reads compressed nodes, and nothing out of broken ones', () => {
    const nodes = { x: { id: 'x', name: 'wf', type: 'DAG', phase: 'Running' } };
    const packed = gzipSync(JSON.stringify(nodes)).toString('base64');
    const read = (compressedNodes: string) =>
      new ArgoNodes({ metadata: { name: 'wf' }, status: { compressedNodes } });
    assert.equal(read(packed).named('wf')?.phase, 'Running');
    assert.equal(read('nonsense').isEmpty, true);
  });
});

describe(
  'recorded workflows',
  { skip: !existsSync(FOLDER) && 'no recordings beside the checkout' },
  () => {
    const { workflows } = existsSync(FOLDER)
      ? (JSON.parse(
          readFileSync(join(FOLDER, '30-workflows.json'), 'utf8')
        ) as {
          workflows: Readonly<
            Record<string, Readonly<Record<string, unknown>>>
          >;
        })
      : { workflows: {} };
    const tree = (name: string, pipeline: string) =>
      Object.values(
        argoTasks(graphOfRecorded(pipeline), new ArgoNodes(workflows[name]!))
      )
        .map(found => `${found.path} ${found.kind} ${found.state}`)
        .sort();

    it('of two steps', () => {
      assert.deepEqual(tree('in-experiment', 'two-steps'), [
        'add task SUCCEEDED',
        'add-2 task SUCCEEDED'
      ]);
    });

    it('of a loop in an exit handler', () => {
      assert.deepEqual(tree('loops', 'control-flow'), [
        'exit-handler-1 dag SUCCEEDED',
        'exit-handler-1.for-loop-2 loop SUCCEEDED',
        'exit-handler-1.for-loop-2[0] iteration SUCCEEDED',
        'exit-handler-1.for-loop-2[0].condition-3 condition SUCCEEDED',
        'exit-handler-1.for-loop-2[0].condition-3.say-2 task SUCCEEDED',
        'exit-handler-1.for-loop-2[1] iteration SUCCEEDED',
        'exit-handler-1.for-loop-2[1].condition-3 condition SUCCEEDED',
        'exit-handler-1.for-loop-2[1].condition-3.say-2 task SUCCEEDED',
        'exit-handler-1.items task SUCCEEDED',
        'say exit NOT_REACHED'
      ]);
    });

    it('of one that is retried', () => {
      assert.deepEqual(tree('fails', 'always-fails'), [
        'fail-always task RUNNING',
        'say task PENDING'
      ]);
    });

    it('agree with the recorded runs', () => {
      const [run] = recorded(
        (value): value is Record<string, unknown> =>
          isFields(value) &&
          value['display_name'] === 'in-experiment' &&
          value['state'] === 'SUCCEEDED'
      );
      assert.ok(run !== undefined);
      const view = runView(
        run,
        { profile: 'x', fingerprint: 'x', flavour: 'kfp2' },
        graphOfRecorded('two-steps'),
        'tasks',
        new ArgoNodes(workflows['in-experiment']!)
      );
      assert.equal(view.counts.by_state.SUCCEEDED, 2);
      assert.deepEqual(view.warnings, []);
      const bare = runView(
        run,
        { profile: 'x', fingerprint: 'x', flavour: 'kfp2' },
        undefined,
        'tasks'
      );
      assert.deepEqual(bare.tasks, {});
      assert.match(bare.warnings[0] ?? '', /tells nothing about the tasks/);
    });
  }
);

/** Compiled pipelines and runs out of the recordings, wherever they stand. */
function graphOfRecorded(name: string): StaticGraph {
  const [spec] = recorded(
    (value): value is Record<string, unknown> =>
      isFields(value) &&
      isFields(value['pipelineInfo']) &&
      value['pipelineInfo']['name'] === name &&
      isFields(value['root'])
  );
  const parsed = parsePipelineDocuments([spec]);
  return parsed.format === 'ir'
    ? buildGraph(parsed.document)
    : assert.fail(`no pipeline ${name}`);
}

function recorded(
  fits: (value: unknown) => value is Record<string, unknown>
): readonly Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.includes('pipelineInfo')) {
      for (const document of parseAllDocuments(value)) {
        visit(document.toJS());
      }
    } else if (fits(value)) {
      found.push(value);
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(visit);
    }
  };
  for (const file of readdirSync(FOLDER).filter(one => /^(0|2)/.test(one))) {
    visit(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  }
  return found;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
