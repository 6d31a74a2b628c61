/** Pictures of one small pipeline in every state that a run can have. */
import type { OutputValue, RunView, TaskView } from 'jupyterlab-kfp-model';

import { at, chain, view, type Row } from './builders';

/** Tasks that are done in all of the pictures. */
const done: readonly Row[] = [
  ['load', 'SUCCEEDED', 1, 13],
  ['clean', 'SUCCEEDED', 13, 53],
  [
    'split',
    'CACHED',
    53,
    53,
    {
      cached_from: {
        run_id: '0a1b2c3d-1111-4222-8333-444455556666',
        task_id: 's'
      }
    }
  ]
];

const inputs: TaskView['inputs'] = [
  {
    name: 'rows',
    kind: 'param',
    type: 'NUMBER_INTEGER',
    json: '100',
    producer: 'pipeline.rows'
  },
  {
    name: 'lr',
    kind: 'param',
    type: 'NUMBER_DOUBLE',
    json: '0.1',
    producer: 'pipeline.lr'
  },
  {
    name: 'data',
    kind: 'artifact',
    type: 'system.Dataset',
    uri: 's3://mlpipeline/v2/artifacts/split/train',
    producer: 'split.train'
  }
];

const moving = chain([
  ...done,
  [
    'train',
    'RUNNING',
    55,
    undefined,
    { reason: 'epoch 3/10 loss 0.31', inputs }
  ],
  ['eval', 'PENDING']
]);

const failure = {
  reason: "KeyError: 'label'",
  exit_code: 1,
  source: { line: 12, text: "y = df['label']", function: 'train' },
  log_tail: [
    'epoch 1/10 loss 0.92',
    'Traceback (most recent call last):',
    '  File "train.py", line 12, in train',
    "    y = df['label']",
    '        ~~^^^^^^^^^',
    "KeyError: 'label'"
  ]
} as const;

const broken = chain([
  ...done,
  ['train', 'FAILED', 55, 536, { failure, inputs }],
  ['eval', 'NOT_REACHED']
]);

const roc = {
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
      annotationSpecs: [{ displayName: 'cat' }, { displayName: 'dog' }],
      rows: [{ row: [42, 3] }, { row: [5, 50] }]
    }
  }
};

const trained: OutputValue = {
  name: 'model',
  kind: 'artifact',
  type: 'system.Model',
  artifact_id: '1',
  uri: 's3://mlpipeline/v2/artifacts/train/model',
  size: 120_000
};

const finished = chain([
  ...done,
  ['train', 'SUCCEEDED', 55, 380, { inputs, outputs: [trained] }],
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
          metadata: JSON.stringify(roc)
        }
      ]
    }
  ]
]);

function output(json: string): Partial<TaskView> {
  return {
    outputs: [{ name: 'Output', kind: 'param', type: 'NUMBER_DOUBLE', json }]
  };
}

const waiting = chain([
  ['load', 'PENDING'],
  ['train', 'PENDING']
]);

/** A run that moves, and what it becomes. */
export const running: RunView = view('RUNNING', moving);

/** Two attempts lost, the third runs. */
export const retrying: RunView = view('RUNNING', {
  ...chain([
    ...done,
    [
      'train',
      'RETRYING',
      55,
      undefined,
      {
        max_attempts: 3,
        reason:
          'The second attempt ended with exit code 137; the third starts in 20 s.',
        attempts: [
          {
            index: 0,
            id: 'train-0',
            state: 'FAILED',
            started_at: at(55),
            finished_at: at(90),
            exit_code: 1,
            message: 'OSError: no space left'
          },
          {
            index: 1,
            id: 'train-1',
            state: 'FAILED',
            started_at: at(110),
            finished_at: at(170),
            exit_code: 137,
            message: 'OOMKilled'
          }
        ]
      }
    ],
    ['eval', 'PENDING']
  ])
});

/** A failure with everything that can be known of one. */
export const failed: RunView = view(
  'FAILED',
  { ...broken, failure: { task_id: 'train', task: 'train', ...failure } },
  { finished_at: at(572) }
);

/** The same run on the local service. */
export function onLocal(run: RunView): RunView {
  return {
    ...run,
    run: {
      ...run.run,
      connection: { profile: 'local', fingerprint: 'here', flavour: 'local' }
    }
  };
}

/** A failure of which nothing is known. */
export const failedSilently: RunView = view(
  'FAILED',
  chain([['load', 'FAILED', 1, 3]]),
  {
    finished_at: at(4)
  }
);

/** A run that its service refused. */
export const refused: RunView = view(
  'FAILED',
  { tasks: {} },
  {
    finished_at: at(1),
    error:
      'The service account "pipeline-runner" may not create pods in team-a.'
  }
);

/** A run that ended well. */
export const succeeded: RunView = view('SUCCEEDED', finished, {
  finished_at: at(423)
});

/** Results of the same name from several tasks, in less than a second. */
export const sameNames: RunView = view(
  'SUCCEEDED',
  chain([
    ['make-data', 'SUCCEEDED', 0.02, 0.1, output('500')],
    ['train', 'SUCCEEDED', 0.1, 0.2, output('0.059')],
    ['evaluate', 'SUCCEEDED', 0.2, 0.31, output('0.98')]
  ]),
  {
    started_at: at(0),
    finished_at: at(0.32),
    name: 'train 2026-11-23 12-00-00'
  }
);

/** Waiting for a place on a cluster. */
export const pending: RunView = view('PENDING', {
  ...waiting,
  waiting: {
    task: 'load',
    reason: 'No node has 128 CPU free. The largest node has 64.',
    since: at(3)
  }
});

/** Waiting, and the reason cannot be read. */
export const pendingUnknown: RunView = {
  ...view('PENDING', {
    ...waiting,
    waiting: { task: 'load', reason: '', since: at(3) }
  }),
  capabilities: {
    actions: ['terminate'],
    logs: true,
    artifacts: true,
    events: false
  }
};

/** A task in each state that one can have. */
export const taskStates: RunView = view(
  'RUNNING',
  chain([
    ['pending', 'PENDING'],
    ['running', 'RUNNING', 20],
    [
      'retrying',
      'RETRYING',
      20,
      undefined,
      { max_attempts: 3, attempts: retrying.tasks.train.attempts }
    ],
    ['succeeded', 'SUCCEEDED', 1, 13],
    ['cached', 'CACHED', 13, 13],
    ['failed', 'FAILED', 13, 41],
    ['skipped', 'SKIPPED'],
    ['not-reached', 'NOT_REACHED'],
    ['canceled', 'CANCELED', 13, 30],
    ['unknown', 'UNKNOWN', 20, undefined, { state_raw: 'HIBERNATED' }]
  ])
);

/** Just sent. */
export const sent: RunView = view('PENDING', waiting, {
  created_at: at(190),
  started_at: at(190)
});

/** The states that have no card of their own. */
export const canceling: RunView = view('CANCELING', moving);
export const canceled: RunView = view(
  'CANCELED',
  chain([...done, ['train', 'CANCELED', 55, 100], ['eval', 'NOT_REACHED']]),
  { finished_at: at(101) }
);
export const skipped: RunView = view('SKIPPED', chain([['load', 'SKIPPED']]), {
  finished_at: at(1)
});
export const paused: RunView = view('PAUSED', moving);
export const unknown: RunView = view('UNKNOWN', moving, {
  state_raw: 'HIBERNATED'
});

/** What the service had to say. */
export const warned: RunView = {
  ...running,
  warnings: [
    'The base image python:3.11 is ignored: tasks run in Python 3.13 here.',
    'train asks for a GPU; the local service has none and runs it on the CPU.'
  ]
};

/** Nothing may be done with it here. */
export const watchedOnly: RunView = {
  ...running,
  capabilities: { actions: [], logs: true, artifacts: true, events: true }
};

/** One task, and none. */
export const one: RunView = view('RUNNING', chain([['load', 'RUNNING', 1]]));
export const none: RunView = view(
  'PENDING',
  { tasks: {} },
  { created_at: at(191), started_at: at(191) }
);

/** Words that mean harm and words without end. */
export const hostile: RunView = view(
  'RUNNING',
  chain([
    ['<img src=x onerror=alert(1)>', 'RUNNING', 1],
    [`${'very-'.repeat(30)}long`, 'PENDING'],
    ['\u202Egnp.exe', 'RUNNING', 1]
  ]),
  { name: `<script>alert(1)</script> ${'and-on-'.repeat(20)}` }
);

/** A curve and a matrix that differ from run to run. */
function rocOf(i: number): object {
  return {
    confidenceMetrics: {
      list: roc.confidenceMetrics.list.map(point => ({
        ...point,
        recall: point.recall ** (1 + (i % 5) / 4)
      }))
    },
    confusionMatrix: {
      struct: {
        ...roc.confusionMatrix.struct,
        rows: [{ row: [42 - i, 3 + i] }, { row: [5, 50] }]
      }
    }
  };
}

/** Runs of one cell that differ in a parameter. */
export function sweep(count: number): readonly RunView[] {
  const states = [
    'SUCCEEDED',
    'SUCCEEDED',
    'FAILED',
    'RUNNING',
    'PENDING'
  ] as const;
  return Array.from({ length: count }, (_, i) => {
    const state = states[i % states.length];
    const base = {
      SUCCEEDED: finished,
      FAILED: broken,
      RUNNING: moving,
      PENDING: waiting
    }[state];
    const tasks: Record<string, TaskView> = { ...base.tasks };
    if (state === 'SUCCEEDED') {
      tasks.eval = {
        ...tasks.eval,
        outputs: [
          {
            name: 'accuracy',
            kind: 'metric',
            type: 'NUMBER_DOUBLE',
            json: (0.9 + (i % 17) / 200).toFixed(3)
          },
          {
            name: 'roc',
            kind: 'artifact',
            type: 'system.ClassificationMetrics',
            metadata: JSON.stringify(rocOf(i))
          },
          {
            name: 'report',
            kind: 'artifact',
            type: 'system.Markdown',
            artifact_id: `report-${i}`
          }
        ]
      };
    }
    return view(
      state,
      {
        ...base,
        tasks,
        ...(state === 'FAILED' ? { failure: failed.failure } : {})
      },
      {
        run_id: `5f0c1a9e-6c1f-4c55-9d4e-${String(i).padStart(12, '0')}`,
        name: `train-${i + 1}`,
        ...(state === 'SUCCEEDED' || state === 'FAILED'
          ? { finished_at: at(423 + i) }
          : {}),
        parameters: [
          {
            name: 'rows',
            type: 'NUMBER_INTEGER',
            json: '100',
            origin: 'given'
          },
          {
            name: 'lr',
            type: 'NUMBER_DOUBLE',
            json: String((i + 1) / 100),
            origin: 'given'
          },
          {
            name: 'mode',
            type: 'STRING',
            json: i % 2 ? '"fast"' : '"exact"',
            origin: 'given'
          }
        ]
      }
    );
  });
}
