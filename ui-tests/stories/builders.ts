/** Small words to write pictures of runs with. */
import {
  countTasks,
  type RunState,
  type RunView,
  type StaticGraph,
  type TaskState,
  type TaskView
} from 'jupyterlab-kfp-model';

/** When every run of the stories began. */
export const START = Date.parse('2026-11-23T12:00:00.000Z');

/** A moment so many seconds after the begin. */
export function at(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

/** A task of a chain: name, state, seconds of begin and end, and more. */
export type Row = readonly [
  name: string,
  state: TaskState,
  from?: number,
  to?: number,
  extra?: Partial<TaskView>
];

/** Tasks that follow one another. */
export function chain(rows: readonly Row[]): {
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

/** A run around tasks. */
export function view(
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

/** Now, for the stories: a moment that makes the durations what the pictures mean. */
export const NOW = START + 192_000;
