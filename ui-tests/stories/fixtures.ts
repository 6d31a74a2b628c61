/** Recorded pictures of runs, one per state, for the story page. */
import {
  countTasks,
  type RunState,
  type RunView,
  type StaticGraph,
  type TaskState,
  type TaskView
} from 'jupyterlab-kfp-model';

const START = Date.parse('2026-11-23T12:00:00.000Z');

function at(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

type Row = readonly [
  name: string,
  state: TaskState,
  from?: number,
  to?: number,
  extra?: Partial<TaskView>
];

function chain(rows: readonly Row[]): {
  tasks: Record<string, TaskView>;
  graph: StaticGraph;
} {
  const tasks: Record<string, TaskView> = {};
  rows.forEach(([name, state, from, to, extra]) => {
    tasks[name] = {
      id: name,
      path: name,
      name,
      vertex: name,
      kind: 'task',
      state,
      created_at: at(0),
      ...(from === undefined ? {} : { started_at: at(from) }),
      ...(to === undefined ? {} : { finished_at: at(to) }),
      attempts:
        from === undefined || state === 'CACHED'
          ? []
          : [
              {
                index: 0,
                id: `${name}-0`,
                state:
                  state === 'FAILED'
                    ? 'FAILED'
                    : to === undefined
                      ? 'RUNNING'
                      : 'SUCCEEDED',
                started_at: at(from),
                ...(to === undefined
                  ? {}
                  : {
                      finished_at: at(to),
                      exit_code: state === 'FAILED' ? 1 : 0
                    })
              }
            ],
      image: 'python:3.11',
      ...extra
    };
  });
  return {
    tasks,
    graph: {
      vertices: rows.map(([name]) => ({
        id: name,
        key: name,
        label: name,
        kind: 'task',
        component: name
      })),
      edges: rows
        .slice(1)
        .map(([name], index) => ({ from: rows[index][0], to: name }))
    }
  };
}

function view(
  state: RunState,
  parts: Partial<RunView> & Pick<RunView, 'tasks'>,
  header: Partial<RunView['run']> = {}
): RunView {
  const loops = parts.loops ?? {};
  return {
    run: {
      run_id: '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11',
      name: 'train-0412',
      connection: {
        profile: 'prod',
        fingerprint: 'f',
        namespace: 'team-a',
        flavour: 'kfp2'
      },
      experiment: { id: 'e', name: 'default' },
      pipeline: { name: 'train' },
      state,
      created_at: at(0),
      started_at: at(0),
      parameters: [
        { name: 'rows', type: 'NUMBER_INTEGER', json: '100', origin: 'given' },
        { name: 'lr', type: 'NUMBER_DOUBLE', json: '0.1', origin: 'default' },
        {
          name: 'api_key',
          type: 'STRING',
          origin: 'given',
          redacted: true,
          json: '"••••"'
        }
      ],
      ...header
    },
    loops,
    counts: countTasks(parts.tasks, loops),
    warnings: [],
    capabilities: {
      actions: ['terminate', 'retry'],
      logs: true,
      artifacts: true,
      events: true
    },
    ...parts
  };
}

const done: readonly Row[] = [
  ['load', 'SUCCEEDED', 1, 13],
  ['clean', 'SUCCEEDED', 13, 53],
  ['split', 'CACHED', 53, 53]
];

const running = chain([
  ...done,
  ['train', 'RUNNING', 55, undefined, { reason: 'epoch 3/10 loss 0.31' }],
  ['eval', 'PENDING']
]);
const failed = chain([
  ...done,
  [
    'train',
    'FAILED',
    55,
    536,
    {
      failure: {
        reason: "KeyError: 'label'",
        exit_code: 1,
        source: { line: 12, text: "y = df['label']", function: 'train' }
      }
    }
  ],
  ['eval', 'NOT_REACHED']
]);
const succeeded = chain([
  ...done,
  [
    'train',
    'SUCCEEDED',
    55,
    380,
    {
      outputs: [
        {
          name: 'model',
          kind: 'artifact',
          type: 'system.Model',
          artifact_id: '1',
          uri: 's3://mlpipeline/v2/artifacts/train/model',
          size: 120_000
        }
      ]
    }
  ],
  [
    'eval',
    'SUCCEEDED',
    380,
    423,
    {
      outputs: [
        {
          name: 'accuracy',
          kind: 'metric',
          type: 'NUMBER_DOUBLE',
          json: '0.94'
        },
        {
          name: 'loss',
          kind: 'metric',
          type: 'NUMBER_DOUBLE',
          json: '0.12345678'
        },
        { name: 'labels', kind: 'param', type: 'LIST', json: '["a","b","c"]' },
        {
          name: 'roc',
          kind: 'artifact',
          type: 'system.ClassificationMetrics',
          metadata: JSON.stringify({
            confidenceMetrics: {
              list: [
                [1, 0, 0],
                [0.8, 0.5, 0.05],
                [0.5, 0.8, 0.2],
                [0.2, 0.95, 0.5],
                [0, 1, 1]
              ].map(([confidenceThreshold, recall, falsePositiveRate]) => ({
                confidenceThreshold,
                recall,
                falsePositiveRate
              }))
            },
            confusionMatrix: {
              struct: {
                annotationSpecs: [
                  { displayName: 'cat' },
                  { displayName: 'dog' }
                ],
                rows: [{ row: [42, 3] }, { row: [5, 50] }]
              }
            }
          })
        }
      ]
    }
  ]
]);

/** A run with a loop, a condition that was false and a failure in one round. */
function loopRun(): RunView {
  const vertices: StaticGraph['vertices'] = [
    { id: 'load', key: 'load', label: 'load', kind: 'task', component: 'load' },
    {
      id: 'loop',
      key: 'loop',
      label: 'for lr in rates',
      kind: 'loop',
      component: 'loop'
    },
    {
      id: 'loop.train',
      key: 'train',
      label: 'train',
      kind: 'task',
      parent: 'loop',
      component: 'train'
    },
    {
      id: 'loop.eval',
      key: 'eval',
      label: 'evaluate',
      kind: 'task',
      parent: 'loop',
      component: 'eval'
    },
    {
      id: 'cond',
      key: 'cond',
      label: 'if best > 0.9',
      kind: 'condition',
      component: 'cond',
      condition: 'best > 0.9'
    },
    {
      id: 'cond.deploy',
      key: 'deploy',
      label: 'deploy',
      kind: 'task',
      parent: 'cond',
      component: 'deploy'
    },
    {
      id: 'report',
      key: 'report',
      label: 'report with a long name that is cut',
      kind: 'task',
      component: 'report'
    }
  ];
  const tasks: Record<string, TaskView> = {};
  const put = (
    task: Partial<TaskView> &
      Pick<TaskView, 'id' | 'vertex' | 'kind' | 'state' | 'name'>
  ): void => {
    tasks[task.id] = { path: task.id, attempts: [], ...task };
  };
  put({
    id: 'load',
    vertex: 'load',
    kind: 'task',
    state: 'SUCCEEDED',
    name: 'load',
    started_at: at(1),
    finished_at: at(9)
  });
  put({
    id: 'loop',
    vertex: 'loop',
    kind: 'loop',
    state: 'FAILED',
    name: 'for lr in rates',
    started_at: at(9),
    finished_at: at(70)
  });
  for (let i = 0; i < 12; i += 1) {
    const bad = i === 7;
    put({
      id: `it${i}`,
      vertex: 'loop',
      kind: 'iteration',
      parent: 'loop',
      iteration: i,
      state: bad ? 'FAILED' : 'SUCCEEDED',
      name: `${i}`,
      started_at: at(9),
      finished_at: at(60)
    });
    put({
      id: `train${i}`,
      vertex: 'loop.train',
      kind: 'task',
      parent: `it${i}`,
      state: bad ? 'FAILED' : 'SUCCEEDED',
      name: 'train',
      started_at: at(9),
      finished_at: at(30 + i),
      ...(bad
        ? {
            failure: { reason: 'ValueError: lr must be positive', exit_code: 1 }
          }
        : {})
    });
    put({
      id: `eval${i}`,
      vertex: 'loop.eval',
      kind: 'task',
      parent: `it${i}`,
      state: bad ? 'NOT_REACHED' : 'SUCCEEDED',
      name: 'evaluate',
      ...(bad ? {} : { started_at: at(31 + i), finished_at: at(40 + i) })
    });
  }
  put({
    id: 'cond',
    vertex: 'cond',
    kind: 'condition',
    state: 'SKIPPED',
    name: 'if best > 0.9'
  });
  put({
    id: 'report',
    vertex: 'report',
    kind: 'task',
    state: 'NOT_REACHED',
    name: 'report with a long name that is cut'
  });
  return view(
    'FAILED',
    {
      tasks,
      loops: { loop: { total: 12, counts: { SUCCEEDED: 11, FAILED: 1 } } },
      graph: {
        vertices,
        edges: [
          { from: 'load', to: 'loop' },
          { from: 'loop', to: 'cond' },
          { from: 'loop', to: 'report' }
        ]
      }
    },
    { finished_at: at(72) }
  );
}

/** A wide run with many tasks. */
function manyTasks(count: number): RunView {
  const rows: Row[] = Array.from({ length: count }, (_, i): Row => [
    `task-${i + 1}`,
    i < count / 2 ? 'SUCCEEDED' : i < count / 2 + 4 ? 'RUNNING' : 'PENDING',
    i < count / 2 + 4 ? i : undefined,
    i < count / 2 ? i + 5 : undefined
  ]);
  const { tasks, graph } = chain(rows);
  return view('RUNNING', {
    tasks,
    graph: {
      ...graph,
      edges: rows.slice(8).map(([name], i) => ({ from: rows[i][0], to: name }))
    }
  });
}

const tail = [
  'Traceback (most recent call last):',
  '  File "train.py", line 12, in train',
  "    y = df['label']",
  '        ~~^^^^^^^^^',
  "KeyError: 'label'"
];

/** The pictures by name. */
export const VIEWS: Readonly<Record<string, RunView>> = {
  running: view('RUNNING', running),
  failed: view(
    'FAILED',
    {
      ...failed,
      failure: {
        task_id: 'train',
        task: 'train',
        reason: "KeyError: 'label'",
        exit_code: 1,
        source: { line: 12, text: "y = df['label']", function: 'train' },
        log_tail: tail
      }
    },
    { finished_at: at(572) }
  ),
  succeeded: view('SUCCEEDED', succeeded, { finished_at: at(423) }),
  pending: view('PENDING', {
    ...chain([
      ['load', 'PENDING'],
      ['train', 'PENDING']
    ]),
    waiting: {
      task: 'load',
      reason: 'No node has 128 CPU free. The largest node has 64.',
      since: at(3)
    }
  }),
  canceling: view('CANCELING', running),
  canceled: view(
    'CANCELED',
    chain([...done, ['train', 'CANCELED', 55, 100], ['eval', 'NOT_REACHED']]),
    { finished_at: at(101) }
  ),
  skipped: view('SKIPPED', chain([['load', 'SKIPPED']]), {
    finished_at: at(1)
  }),
  paused: view('PAUSED', running),
  unknown: view('UNKNOWN', running, { state_raw: 'HIBERNATED' }),
  loop: loopRun(),
  sixty: manyTasks(60),
  thousand: manyTasks(1000),
  empty: view('PENDING', { tasks: {} })
};

/** Now, for the stories: a moment that makes the durations what the pictures mean. */
export const NOW = START + 192_000;
