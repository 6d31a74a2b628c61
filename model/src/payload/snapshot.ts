/**
 * The last known state of a run as a notebook keeps it. The same final run gives the same snapshot, whoever makes it.
 */
import type { StaticGraph } from '../graph/static-graph.ts';
import { looksSecret, REDACTED } from '../parameters/secret-names.ts';
import { wholeSeconds } from '../run/durations.ts';
import { shownRunState, taskStateLetter } from '../run/state-words.ts';
import { isFinalRunState } from '../run/states.ts';
import type { OutputValue, RunView, TaskView } from '../run/view.ts';
import { FULL_RUNS, type RunLimits } from './caps.ts';
import { line, logLine } from './cut-text.ts';
import { PAYLOAD_LIMITS } from './limits.ts';
import { scalarValue } from './scalar-value.ts';
import type { RunSnapshot, SnapshotResult } from './types.ts';
import { orderedTasks } from './vertex-order.ts';
import { vertexStates } from './vertex-states.ts';

/** What a group hands on is the result of a task inside of it, under a name of the compiler. */
const HANDED_ON = 'pipelinechannel--';
/** Log of a task that KFP 2.17 stores beside its outputs; the Logs tab finds it by itself. */
const LOG_ARTIFACT = 'executor-logs';

export interface SnapshotOptions {
  /** RFC 3339; read only when the run is not final. */
  readonly now: string;
  /** The graph whose vertices the columns follow; without it there are no columns. */
  readonly graph?: StaticGraph;
}

/** Take the snapshot of a view, as full as a payload may hold it. */
export function snapshotOf(
  view: RunView,
  options: SnapshotOptions
): RunSnapshot {
  const { run } = view;
  const state = shownRunState(run, view.tasks);
  const final = isFinalRunState(state);
  const observed = final ? undefined : wholeSeconds(options.now);
  const created = wholeSeconds(run.created_at);
  const finished = final ? wholeSeconds(run.finished_at) : undefined;
  const loops = loopsOf(view);
  const failure = failureOf(view);
  const waiting = final ? undefined : waitingOf(view);
  const results = resultsOf(view);
  const warnings = view.warnings
    .slice(0, PAYLOAD_LIMITS.warnings)
    .map(text => line(text, PAYLOAD_LIMITS.warning));
  return {
    final,
    state,
    ...(state === 'UNKNOWN' &&
      run.state_raw !== undefined && {
        state_raw: line(run.state_raw, PAYLOAD_LIMITS.state)
      }),
    ...(observed !== undefined && { observed_at: observed }),
    ...(created !== undefined && { created_at: created }),
    ...(finished !== undefined && { finished_at: finished }),
    ...(options.graph !== undefined && {
      tasks: columnsOf(view, options.graph)
    }),
    ...(loops.length > 0 && { loops }),
    counts: sortedCounts(view.counts.by_state),
    ...(failure !== undefined && { failure }),
    ...(waiting !== undefined && { waiting }),
    ...(results.length > 0 && { results }),
    ...(warnings.length > 0 && { warnings })
  };
}

/** The snapshot without what the limits drop. Keys keep their order, so that equal runs give equal bytes. */
export function cutSnapshot(full: RunSnapshot, limits: RunLimits): RunSnapshot {
  const dropped = new Set<string>([
    ...(limits.columns && limits.graphs ? [] : ['tasks']),
    ...(limits.details ? [] : ['loops', 'warnings']),
    ...(limits.results > 0 ? [] : ['results'])
  ]);
  const kept = Object.entries(full).filter(([key]) => !dropped.has(key));
  return {
    ...(Object.fromEntries(kept) as unknown as RunSnapshot), // only optional keys are dropped
    ...(full.failure !== undefined && {
      failure: cutFailure(full.failure, limits.logTail)
    }),
    ...(full.results !== undefined &&
      limits.results > 0 && {
        results: cutResults(full.results, limits.results)
      })
  };
}

/** The first ones; of few the metrics, by which runs are compared. */
function cutResults(
  results: readonly SnapshotResult[],
  limit: number
): readonly SnapshotResult[] {
  const metrics = results.filter(({ kind }) => kind === 'metric');
  return limit < 10 && metrics.length > 0
    ? metrics.slice(-limit)
    : results.slice(0, limit);
}

function cutFailure(
  { log_tail: tail, ...failure }: NonNullable<RunSnapshot['failure']>,
  lines: number
): RunSnapshot['failure'] {
  return {
    ...failure,
    ...(tail !== undefined && lines > 0 && { log_tail: tail.slice(-lines) })
  };
}

function columnsOf(
  view: RunView,
  graph: StaticGraph
): NonNullable<RunSnapshot['tasks']> {
  const states = vertexStates(view, graph).slice(0, PAYLOAD_LIMITS.vertices);
  const column = (key: 'start' | 'duration'): string | undefined =>
    states.some(each => each[key] !== undefined)
      ? states.map(each => String(each[key] ?? '-')).join(' ')
      : undefined;
  const start = column('start');
  const dur = column('duration');
  return {
    state: states.map(({ state }) => taskStateLetter(state)).join(''),
    ...(start !== undefined && { start }),
    ...(dur !== undefined && { dur })
  };
}

/** Progress per loop of the pipeline; a loop inside a loop has one for each of its instances, here added up. */
function loopsOf(view: RunView): NonNullable<RunSnapshot['loops']> {
  const sums = new Map<
    string,
    { total: number | undefined; counts: Map<string, number> }
  >();
  if (Object.keys(view.loops).length === 0) {
    return [];
  }
  for (const task of orderedTasks(view)) {
    const progress = Object.hasOwn(view.loops, task.id)
      ? view.loops[task.id]
      : undefined;
    if (progress === undefined) {
      continue;
    }
    const sum = sums.get(task.vertex) ?? { total: 0, counts: new Map() };
    sum.total =
      sum.total === undefined || progress.total === undefined
        ? undefined
        : sum.total + progress.total;
    for (const [state, count] of Object.entries(progress.counts)) {
      sum.counts.set(state, (sum.counts.get(state) ?? 0) + count);
    }
    sums.set(task.vertex, sum);
  }
  return [...sums]
    .slice(0, PAYLOAD_LIMITS.loops)
    .map(([vertex, { total, counts }]) => ({
      task: line(vertex, PAYLOAD_LIMITS.name),
      ...(total !== undefined && { total }),
      counts: sortedCounts(Object.fromEntries(counts))
    }));
}

function failureOf(view: RunView): RunSnapshot['failure'] {
  const { failure } = view;
  if (failure === undefined) {
    return undefined;
  }
  const task = Object.hasOwn(view.tasks, failure.task_id)
    ? view.tasks[failure.task_id]
    : undefined;
  const tail = (failure.log_tail ?? [])
    .slice(-FULL_RUNS.logTail)
    .map(text => logLine(text, PAYLOAD_LIMITS.line));
  return {
    task: line(task?.path ?? failure.task, PAYLOAD_LIMITS.name),
    reason: line(failure.reason, PAYLOAD_LIMITS.reason),
    ...(failure.hint !== undefined && {
      hint: line(failure.hint, PAYLOAD_LIMITS.reason)
    }),
    ...(failure.code !== undefined && {
      code: line(failure.code, PAYLOAD_LIMITS.code)
    }),
    ...(failure.exit_code !== undefined && { exit_code: failure.exit_code }),
    ...(failure.source !== undefined && {
      source: {
        ...(failure.source.function !== undefined && {
          function: line(failure.source.function, PAYLOAD_LIMITS.name)
        }),
        line: failure.source.line,
        text: logLine(failure.source.text, PAYLOAD_LIMITS.line)
      }
    }),
    ...(tail.length > 0 && { log_tail: tail })
  };
}

function waitingOf(view: RunView): RunSnapshot['waiting'] {
  const { waiting } = view;
  const since = wholeSeconds(waiting?.since);
  return waiting === undefined || since === undefined
    ? undefined
    : {
        ...(waiting.task !== undefined && {
          task: line(waiting.task, PAYLOAD_LIMITS.name)
        }),
        reason: line(waiting.reason, PAYLOAD_LIMITS.reason),
        since
      };
}

/**
 * Outputs of all tasks: values before files, because files go first when there are too many.
 *
 * Cut before they are read: a run can have thousands of outputs of a megabyte each.
 */
function resultsOf(view: RunView): readonly SnapshotResult[] {
  const values: [TaskView, OutputValue][] = [];
  const files: [TaskView, OutputValue][] = [];
  for (const task of orderedTasks(view)) {
    const outputs = [...(task.outputs ?? [])].sort((a, b) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : 0
    );
    for (const output of outputs) {
      if (output.name !== LOG_ARTIFACT && !output.name.startsWith(HANDED_ON)) {
        (output.kind === 'artifact' ? files : values).push([task, output]);
      }
    }
  }
  return [...values, ...files]
    .slice(0, FULL_RUNS.results)
    .map(([task, output]) => resultOf(task, output));
}

function resultOf(task: TaskView, output: OutputValue): SnapshotResult {
  return {
    task: line(task.path, PAYLOAD_LIMITS.name),
    name: line(output.name, PAYLOAD_LIMITS.name),
    kind: output.kind,
    type: line(output.type, PAYLOAD_LIMITS.type),
    ...(output.json !== undefined && {
      value: scalarValue(output.name, output.json)
    }),
    ...(output.uri !== undefined && { uri: plainUri(output.uri) })
  };
}

/** An address without query and user: both can hold a signature or a password. */
function plainUri(uri: string): string {
  const plain = line(uri.replace(/[?#].*$/s, ''), PAYLOAD_LIMITS.uri).replace(
    /^([a-z0-9+.-]+:\/\/)[^/]*@/i,
    '$1'
  );
  return looksSecret('uri', plain) ? REDACTED : plain;
}

function sortedCounts(
  counts: Readonly<Record<string, number | undefined>>
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(counts)
      .flatMap(([state, count]) =>
        count === undefined || count <= 0 ? [] : [[state, count] as const]
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
  );
}
