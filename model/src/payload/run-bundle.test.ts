import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Vertex, VertexKind } from '../graph/static-graph.ts';
import { countTasks } from '../run/counts.ts';
import { TASK_STATES } from '../run/state-words.ts';
import type { RunView, TaskView } from '../run/view.ts';
import { bundleBytes, MAX_BUNDLE_BYTES } from './caps.ts';
import { packGraph, unpackGraph } from './pack-graph.ts';
import { buildRunBundle } from './run-bundle.ts';
import { RUN_MIME_TYPE, type Bundle, type RunPayload } from './types.ts';

const NOW = '2026-11-23T12:03:12.900Z';
const RUN_ID = '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11';

function task(id: string, more: Partial<TaskView>): TaskView {
  return {
    id,
    path: id,
    name: id,
    vertex: id,
    kind: 'task',
    state: 'PENDING',
    attempts: [],
    ...more
  };
}

/** Seconds of the run as start and end of a task. */
function ran(start: number, end?: number): Partial<TaskView> {
  const at = (seconds: number): string =>
    new Date(Date.UTC(2026, 10, 23, 12, 0, seconds)).toISOString();
  return {
    started_at: at(start),
    ...(end !== undefined && { finished_at: at(end) })
  };
}

function viewOf(
  list: readonly TaskView[],
  run: Partial<RunView['run']> = {},
  more: Partial<RunView> = {}
): RunView {
  const tasks = Object.fromEntries(list.map(each => [each.id, each]));
  return {
    run: {
      run_id: RUN_ID,
      name: 'train-0412',
      connection: {
        profile: 'prod',
        fingerprint: 'f1',
        namespace: 'team-a',
        flavour: 'kfp2'
      },
      pipeline: { name: 'train', ir_digest: `sha256:${'3f'.repeat(32)}` },
      state: 'FAILED',
      created_at: '2026-11-23T12:00:00.000Z',
      finished_at: '2026-11-23T12:09:32.100Z',
      parameters: [],
      ...run
    },
    tasks,
    loops: {},
    counts: countTasks(tasks),
    warnings: [],
    capabilities: { actions: [], logs: true, artifacts: true, events: false },
    graph: {
      vertices: list.map(({ id, kind }) => ({
        id,
        key: id,
        label: id,
        kind: kind === 'iteration' ? 'loop' : kind,
        component: `comp-${id}`
      })),
      edges: []
    },
    ...more
  };
}

const FAILED = viewOf(
  [
    task('load', { state: 'SUCCEEDED', ...ran(0, 12) }),
    task('clean', { state: 'SUCCEEDED', ...ran(12, 52) }),
    task('split', { state: 'CACHED', ...ran(52, 52) }),
    task('train', { state: 'FAILED', ...ran(52, 533) }),
    task('eval', { state: 'NOT_REACHED' })
  ],
  {},
  {
    failure: {
      task_id: 'train',
      task: 'train',
      reason: "KeyError: 'label'",
      exit_code: 1,
      source: { line: 12, text: "    y = df['label']" },
      log_tail: ['\u001b[31mTraceback\u001b[0m', '  KeyError']
    }
  }
);

function payloadOf(bundle: Bundle): RunPayload {
  return bundle[RUN_MIME_TYPE] as RunPayload; // this builder makes no other
}

describe('buildRunBundle', () => {
  it('tells a failed run in all three forms', () => {
    const bundle = buildRunBundle({ entries: [{ view: FAILED }], now: NOW });
    assert.equal(
      bundle['text/plain'],
      [
        'Pipeline run train-0412: Failed after 9m 32s (3 of 5 tasks succeeded)',
        `prod / team-a, pipeline train, run ${RUN_ID}, started 2026-11-23 12:00:00 UTC`,
        '  load   Succeeded    12s',
        '  clean  Succeeded    40s',
        '  split  Cached',
        "  train  Failed       8m 1s  KeyError: 'label' (exit code 1), line 12 of its function",
        '  eval   Not reached',
        `Show it live: %kfp attach ${RUN_ID}`
      ].join('\n')
    );
    assert.equal(
      bundle['text/html'],
      [
        '<strong>Pipeline run train-0412: Failed</strong> after 9m 32s (3 of 5 tasks succeeded)',
        '<ul>',
        `<li>prod / team-a, pipeline train, run <code>${RUN_ID}</code>, started 2026-11-23 12:00:00 UTC</li>`,
        "<li><strong>train failed</strong>: KeyError: 'label' (exit code 1), line 12 of its function: <code>y = df['label']</code></li>",
        '<li>load: Succeeded, 12s</li>',
        '<li>clean: Succeeded, 40s</li>',
        '<li>split: Cached</li>',
        '<li>train: Failed, 8m 1s</li>',
        '<li>eval: Not reached</li>',
        '</ul>'
      ].join('\n')
    );
    const [entry] = payloadOf(bundle).runs;
    assert.deepEqual(entry?.snapshot, {
      final: true,
      state: 'FAILED',
      created_at: '2026-11-23T12:00:00Z',
      finished_at: '2026-11-23T12:09:32Z',
      tasks: {
        state: 'SSCFN',
        start: '0 12 52 52 -',
        dur: '12 40 - 481 -'
      },
      counts: { CACHED: 1, FAILED: 1, NOT_REACHED: 1, SUCCEEDED: 2 },
      failure: {
        task: 'train',
        reason: "KeyError: 'label'",
        exit_code: 1,
        source: { line: 12, text: "    y = df['label']" },
        log_tail: ['Traceback', '  KeyError']
      }
    });
  });

  it('keeps what probably helps', () => {
    const failure = {
      task_id: 'train',
      task: 'train',
      reason: "ModuleNotFoundError: No module named 'pandas'",
      hint: 'Add it to <packages_to_install>.'
    };
    const view = viewOf([task('train', { state: 'FAILED' })], {}, { failure });
    const bundle = buildRunBundle({ entries: [{ view }], now: NOW });
    assert.match(
      bundle['text/plain'],
      /\n {2}Add it to <packages_to_install>\.\nShow it live/
    );
    assert.match(
      bundle['text/html'],
      /<li>Add it to &lt;packages_to_install&gt;\.<\/li>/
    );
    assert.equal(
      payloadOf(bundle).runs[0]?.snapshot.failure?.hint,
      failure.hint
    );
  });

  it('says when it saw a run that goes on', () => {
    const view = viewOf(
      [task('load', { state: 'RUNNING', ...ran(3) }), task('clean', {})],
      { state: 'RUNNING', finished_at: undefined },
      {
        waiting: {
          task: 'clean',
          reason: 'waiting for load',
          since: '2026-11-23T12:00:01Z'
        }
      }
    );
    const bundle = buildRunBundle({ entries: [{ view }], now: NOW });
    assert.match(
      bundle['text/plain'],
      /^Pipeline run train-0412: Running when seen at 2026-11-23 12:03:12 UTC \(0 of 2 tasks done\)\n/
    );
    assert.match(bundle['text/plain'], /\n {2}clean waits: waiting for load\n/);
    const snapshot = payloadOf(bundle).runs[0]?.snapshot;
    assert.equal(snapshot?.observed_at, '2026-11-23T12:03:12Z');
    assert.deepEqual(snapshot?.tasks, { state: 'R.', start: '3 -' });
  });

  it('keeps values, cuts them and hides secrets', () => {
    const view = viewOf(
      [
        task('eval', {
          state: 'SUCCEEDED',
          outputs: [
            {
              name: 'model',
              kind: 'artifact',
              type: 'system.Model',
              uri: 's3://me:pw1234@b/o?X-Amz-Signature=abc'
            },
            {
              name: 'executor-logs',
              kind: 'artifact',
              type: 'system.Artifact',
              uri: '/l'
            },
            {
              name: 'accuracy',
              kind: 'metric',
              type: 'system.Metrics',
              json: '0.94'
            }
          ]
        })
      ],
      {
        state: 'SUCCEEDED',
        parameters: [
          {
            name: 'rows',
            type: 'NUMBER_INTEGER',
            json: '100',
            origin: 'given'
          },
          {
            name: 'list',
            type: 'LIST',
            json: `[${'1,'.repeat(300)}1]`,
            origin: 'given'
          },
          { name: 'api_key', type: 'STRING', json: '"abc"', origin: 'given' },
          {
            name: 'note',
            type: 'STRING',
            json: '"ghp_0123456789012345678901234567890123"',
            origin: 'default'
          },
          {
            name: 'big',
            type: 'NUMBER_INTEGER',
            json: '12345678901234567890',
            origin: 'given'
          },
          { name: 'none', type: 'STRING', origin: 'missing' }
        ]
      }
    );
    const bundle = buildRunBundle({ entries: [{ view }], now: NOW });
    const [entry] = payloadOf(bundle).runs;
    assert.deepEqual(Object.keys(entry?.params ?? {}), [
      'api_key',
      'big',
      'list',
      'note',
      'rows'
    ]);
    assert.equal(entry?.params?.api_key, '••••');
    assert.equal(entry?.params?.note, '••••');
    assert.equal(entry?.params?.rows, 100);
    assert.equal(entry?.params?.big, '12345678901234567890');
    assert.equal(String(entry?.params?.list).length, 200);
    assert.deepEqual(entry?.snapshot.results, [
      {
        task: 'eval',
        name: 'accuracy',
        kind: 'metric',
        type: 'system.Metrics',
        value: 0.94
      },
      {
        task: 'eval',
        name: 'model',
        kind: 'artifact',
        type: 'system.Model',
        uri: 's3://b/o'
      }
    ]);
    assert.match(bundle['text/plain'], /\n {2}accuracy = 0.94 \(eval\)\n/);
  });

  it('shares a graph between the runs of a sweep', () => {
    const bundle = buildRunBundle({
      entries: Array.from({ length: 100 }, () => ({ view: FAILED })),
      now: NOW
    });
    assert.equal(payloadOf(bundle).runs.length, 100);
    assert.ok(bundleBytes(bundle) <= MAX_BUNDLE_BYTES);
    assert.match(bundle['text/plain'], /^100 pipeline runs: 100 Failed/);
    assert.throws(() => buildRunBundle({ entries: [], now: NOW }), RangeError);
  });

  it('tells the runs of a sweep apart', () => {
    const runs = [0.1, 0.01, 0.001].map((lr, index) => ({
      view: viewOf(
        [
          task('train', {
            state: 'SUCCEEDED',
            ...ran(0, 3),
            outputs: [
              {
                name: 'accuracy',
                kind: 'metric',
                type: 'NUMBER_DOUBLE',
                json: String([0.9, 0.99, 0.95][index])
              }
            ]
          })
        ],
        {
          state: 'SUCCEEDED',
          parameters: [
            {
              name: 'lr',
              type: 'NUMBER_DOUBLE',
              json: String(lr),
              origin: 'given'
            },
            { name: 'rows', type: 'NUMBER_INTEGER', json: '5', origin: 'given' }
          ]
        }
      )
    }));
    const bundle = buildRunBundle({ entries: runs, now: NOW });
    assert.equal(
      bundle['text/plain'],
      [
        '3 pipeline runs: 3 Succeeded',
        '  train-0412: Succeeded after 9m 32s (1 of 1 task succeeded): lr = 0.1; accuracy = 0.9',
        '  train-0412: Succeeded after 9m 32s (1 of 1 task succeeded): lr = 0.01; accuracy = 0.99 (best)',
        '  train-0412: Succeeded after 9m 32s (1 of 1 task succeeded): lr = 0.001; accuracy = 0.95'
      ].join('\n')
    );
    assert.match(
      bundle['text/html'],
      /<\/strong> after 9m 32s \(1 of 1 task succeeded\): <code>lr = 0.01; accuracy = 0.99 \(best\)<\/code><\/li>/
    );
  });

  it('keeps every run of a large sweep, and longest what tells them apart', () => {
    const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
    const sweepOf = (count: number): RunPayload => {
      const entries = Array.from({ length: count }, (_, index) => ({
        cell: {
          id: 'c0f3-1',
          digest: digest('a'),
          sources: [{ id: 'c0f3-2', digest: digest('b') }]
        },
        view: viewOf(
          ['load', 'clean', 'train', 'evaluate'].map(id =>
            task(id, {
              state: 'SUCCEEDED',
              ...ran(0, 60),
              outputs: [
                {
                  name: 'rows',
                  kind: 'param',
                  type: 'NUMBER_INTEGER',
                  json: '7'
                },
                ...(id === 'evaluate'
                  ? [
                      {
                        name: 'accuracy',
                        kind: 'metric' as const,
                        type: 'system.Metrics',
                        json: String(index / 100)
                      }
                    ]
                  : [])
              ]
            })
          ),
          {
            run_id: `5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2${String(index).padStart(3, '0')}`,
            name: `train-the-large-model-2026-11-23-12-00-${index}`,
            state: 'SUCCEEDED',
            experiment: { id: RUN_ID, name: 'Default' },
            parameters: [
              ...Array.from({ length: 8 }, (_, n) => ({
                name: `constant-${n}`,
                type: 'STRING',
                json: '"the same in every run"',
                origin: 'given' as const
              })),
              {
                name: 'rate',
                type: 'NUMBER_DOUBLE',
                json: String(index / 1000),
                origin: 'given' as const
              }
            ]
          }
        )
      }));
      return payloadOf(buildRunBundle({ entries, now: NOW }));
    };
    for (const count of [20, 50, 100]) {
      const { runs } = sweepOf(count);
      assert.equal(runs.length, count);
      for (const [index, { params, snapshot, name }] of runs.entries()) {
        assert.equal(params?.rate, index / 1000, `of ${count}`);
        assert.ok(
          snapshot.results?.some(
            ({ name, value }) => name === 'accuracy' && value === index / 100
          ),
          `of ${count}`
        );
        assert.equal(name, `train-the-large-model-2026-11-23-12-00-${index}`);
      }
    }
  });

  it('names the service as the handle does, whatever it is called here', () => {
    const connection = {
      profile: 'work',
      fingerprint: 'f1',
      flavour: 'kfp2'
    } as const;
    const bundle = buildRunBundle({
      entries: [
        { view: FAILED, connection, submitted_at: '2026-11-23T11:59:58Z' }
      ],
      now: NOW
    });
    assert.deepEqual(payloadOf(bundle).runs[0]?.connection, connection);
    assert.match(bundle['text/plain'], /\nwork, pipeline train, run /);
  });

  it('escapes what people wrote', () => {
    const evil = '<script>alert("1")</script>&\u0000\u202e\nx';
    const view = viewOf([task('a', { state: 'FAILED' })], { name: evil });
    const bundle = buildRunBundle({ entries: [{ view }], now: NOW });
    assert.doesNotMatch(bundle['text/html'], /<script|\u202e|\u0000/);
    assert.match(bundle['text/html'], /&lt;script&gt;alert\(&quot;1&quot;\)/);
    assert.match(bundle['text/plain'].split('\n')[0] ?? '', /x: Failed/);
  });

  it('has no name that an export to Markdown takes for a link or a picture', () => {
    const name = '[a](http://b.c) ![d](e) **f** `g` h_i_ ~j~ \\';
    const view = viewOf([task('a', { state: 'FAILED' })], { name });
    const bundle = buildRunBundle({ entries: [{ view }], now: NOW });
    const [head = ''] = bundle['text/html'].split('\n');
    assert.doesNotMatch(head, /[[\]*`_~!\\]|:\/\//);
    const shown = head.replace(/&#(\d+);/g, (_, code) =>
      String.fromCharCode(Number(code))
    );
    assert.match(shown, /^<strong>Pipeline run /);
    assert.ok(shown.includes(`${name}: Failed</strong>`));
  });
});

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\ud83d',
    '"\\'.repeat(400),
    '火'.repeat(3000),
    '<b>'.repeat(900)
  )
);
const time = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map(date => date.toISOString()),
  fc.constantFrom('', 'yesterday', '0001-01-01T00:00:00Z')
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined });
const output = fc.record({
  name: text,
  kind: fc.constantFrom(
    'param' as const,
    'metric' as const,
    'artifact' as const
  ),
  type: text,
  json: optional(
    fc.oneof(
      fc.jsonValue().map(value => JSON.stringify(value)),
      text
    )
  ),
  uri: optional(text)
});
const anyTask = fc.record({
  id: text,
  path: text,
  name: text,
  vertex: text,
  kind: fc.constantFrom(
    'task' as const,
    'loop' as const,
    'iteration' as const,
    'exit' as const,
    'dag' as const
  ),
  parent: optional(text),
  state: fc.constantFrom(...TASK_STATES),
  started_at: optional(time),
  finished_at: optional(time),
  attempts: fc.constant([]),
  outputs: optional(fc.array(output, { maxLength: 40 }))
});
const failure = fc.record({
  task_id: text,
  task: text,
  reason: text,
  hint: optional(text),
  code: optional(text),
  exit_code: optional(fc.integer()),
  source: optional(fc.record({ line: fc.nat(), text })),
  log_tail: optional(fc.array(text, { maxLength: 40 }))
});
const anyView: fc.Arbitrary<RunView> = fc
  .record({
    list: fc.array(anyTask, { maxLength: 12 }),
    hasGraph: fc.boolean(),
    repeat: fc.constantFrom(1, 1, 60),
    state: fc.constantFrom(
      'RUNNING' as const,
      'FAILED' as const,
      'SUCCEEDED' as const,
      'UNKNOWN' as const
    ),
    name: text,
    profile: text,
    digest: optional(text),
    created: time,
    warnings: fc.array(text, { maxLength: 8 }),
    parameters: fc.array(
      fc.record({
        name: text,
        type: text,
        json: optional(text),
        origin: fc.constant('given' as const)
      }),
      { maxLength: 70 }
    ),
    failure: optional(failure)
  })
  .map(parts => {
    const list = Array.from({ length: parts.repeat }, (_, n) =>
      parts.list.map(each => ({
        ...each,
        id: `${each.id}${n}`,
        vertex: `${each.vertex}${n}`
      }))
    ).flat();
    const view = viewOf(list, {
      name: parts.name,
      state: parts.state,
      state_raw: parts.name,
      created_at: parts.created,
      connection: {
        profile: parts.profile,
        fingerprint: parts.profile,
        namespace: parts.name,
        flavour: 'kfp2'
      },
      pipeline: {
        name: parts.name,
        ir_digest: parts.digest,
        version_id: parts.name,
        version_name: parts.name
      },
      experiment: { id: parts.name, name: parts.name },
      parameters: parts.parameters
    });
    return {
      ...view,
      warnings: parts.warnings,
      failure: parts.failure,
      ...(parts.hasGraph ? {} : { graph: undefined })
    };
  });

/** Sweeps of 100 cost a hundredfold and take the same way, so fewer of them. */
const someRuns = fc.oneof(
  { arbitrary: fc.constantFrom(1, 2), weight: 8 },
  { arbitrary: fc.constant(100), weight: 1 }
);

/** Fields of a part of a payload in the order of the schema: a limit of characters or elements, or a part of its own. */
type Shape = readonly (readonly [name: string, what?: number | Shape])[];
const CONNECTION: Shape = [
  ['profile', 64],
  ['fingerprint', 80],
  ['namespace', 63],
  ['flavour', 5]
];
const FAILURE: Shape = [
  ['task', 128],
  ['reason', 300],
  ['hint', 300],
  ['code', 40],
  ['exit_code'],
  ['source', [['function', 128], ['line'], ['text', 200]]],
  ['log_tail', 20]
];
const SNAPSHOT: Shape = [
  ['final'],
  ['state', 9],
  ['state_raw', 40],
  ['observed_at', 20],
  ['created_at', 20],
  ['finished_at', 20],
  ['tasks', [['state', 300], ['start'], ['dur']]],
  ['loops', 20],
  ['counts'],
  ['failure', FAILURE],
  [
    'waiting',
    [
      ['task', 128],
      ['reason', 300],
      ['since', 20]
    ]
  ],
  ['results', 30],
  ['warnings', 5]
];
const RUN: Shape = [
  ['run_id', 64],
  ['name', 128],
  ['connection', CONNECTION],
  [
    'experiment',
    [
      ['id', 64],
      ['name', 128]
    ]
  ],
  [
    'pipeline',
    [
      ['name', 128],
      ['ir_digest', 71],
      ['version_id', 64],
      ['version_name', 128]
    ]
  ],
  [
    'cell',
    [
      ['id', 64],
      ['digest', 71],
      ['sources', 20]
    ]
  ],
  ['params', 50],
  ['params_more'],
  ['submitted_at', 20],
  ['sdk', 40],
  ['graph', 71],
  ['snapshot', SNAPSHOT]
];
const PAYLOAD_SHAPE: Shape = [
  ['schema', 9],
  ['runs', 100],
  ['runs_more'],
  ['graphs', 10]
];

/** What in a part of a payload is not as its shape says. */
function faults(part: object, shape: Shape): readonly string[] {
  const order = shape.map(([name]) => name);
  const keys = Object.keys(part);
  const found = keys.filter(key => !order.includes(key));
  if (keys.join() !== order.filter(name => keys.includes(name)).join()) {
    found.push(`order ${keys.join()}`);
  }
  for (const [name, value] of Object.entries(part) as [string, unknown][]) {
    const what = shape.find(([each]) => each === name)?.[1];
    if (typeof what === 'object') {
      found.push(...faults(value as object, what));
    } else if (what !== undefined && sizeOf(value) > what) {
      found.push(`${name} is ${sizeOf(value)} long`);
    }
    // the runs of one bundle are made alike
    const list = name === 'runs' ? (value as object[]).slice(0, 3) : [];
    found.push(...list.flatMap(each => faults(each, RUN)));
    if (name === 'params' || name === 'counts' || name === 'graphs') {
      // engines put keys that are numbers first
      const names = Object.keys(value as object).filter(
        key => !/^\d+$/.test(key)
      );
      const sorted = [...names].sort((a, b) => (a < b ? -1 : 1));
      if (names.join() !== sorted.join()) {
        found.push(`${name} is not sorted`);
      }
    }
  }
  return found;
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value)
    ? value.length
    : Object.keys(value as object).length;
}

describe('any run', () => {
  it('fits into 64 KiB and gives the same bytes twice', () => {
    fc.assert(
      fc.property(anyView, someRuns, (view, times) => {
        const entries = Array.from({ length: times }, () => ({ view }));
        const bundle = buildRunBundle({ entries, now: NOW });
        const bytes = JSON.stringify(bundle);
        assert.ok(Buffer.byteLength(bytes) <= MAX_BUNDLE_BYTES);
        assert.doesNotMatch(bytes, /\\ud[89a-f]/, 'half a character');
        assert.equal(
          JSON.stringify(
            buildRunBundle({ entries: structuredClone(entries), now: NOW })
          ),
          bytes
        );
        assert.deepEqual(JSON.parse(bytes), bundle, 'only JSON');
        JSON.stringify(bundle, (_, value: unknown) => {
          assert.notEqual(value, null);
          return value;
        });
        const payload = payloadOf(bundle);
        assert.deepEqual(faults(payload, PAYLOAD_SHAPE), []);
      }),
      { numRuns: 60 }
    );
  });

  it('does not mention the time of writing once it is final', () => {
    const at = (now: string): string =>
      JSON.stringify(buildRunBundle({ entries: [{ view: FAILED }], now }));
    assert.equal(at(NOW), at('2031-01-01T00:00:00Z'));
  });
});

describe('packGraph', () => {
  it('comes back as it was', () => {
    const vertex = (
      id: string,
      kind: VertexKind,
      names: readonly [key: string, label: string],
      parent?: string
    ): Vertex => ({
      id,
      key: names[0],
      label: names[1],
      kind,
      ...(parent !== undefined && { parent }),
      component: ''
    });
    const graph = {
      vertices: [
        vertex('a b', 'task', ['a b', 'First']),
        vertex('l', 'loop', ['l', 'l']),
        vertex('l.x.y', 'exit', ['x.y', 'x.y'], 'l')
      ],
      edges: [{ from: 'a b', to: 'l' }]
    };
    assert.deepEqual(packGraph(graph), {
      v: 'a%20b l l.x.y',
      e: '0-1',
      p: '- - 1',
      k: 'TLE',
      d: { '0': 'First' }
    });
    assert.deepEqual(unpackGraph(packGraph(graph)), graph);
  });

  it('reads any text without fault', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        (v, e, p, k) => {
          const graph = unpackGraph({ v, e, p, k });
          const ids = graph.vertices.map(({ id }) => id);
          for (const [index, { parent }] of graph.vertices.entries()) {
            assert.ok(parent === undefined || ids.indexOf(parent) < index);
          }
        }
      )
    );
  });
});
