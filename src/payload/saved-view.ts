import {
  columns,
  countTasks,
  isFinalTaskState,
  line,
  RUN_STATES,
  TASK_STATES,
  taskStateOfLetter,
  unpackGraph,
  type LoopProgress,
  type OutputValue,
  type PackedGraph,
  type ParameterValue,
  type RunEntry,
  type RunFailure,
  type RunState,
  type RunView,
  type SnapshotResult,
  type TaskCounts,
  type TaskState,
  type TaskView,
  type Vertex
} from 'jupyterlab-kfp-model';

import { hasOwn } from './readers';

/** The picture of a run as a document holds it: one instance per task of the pipeline, no action allowed. */
export function viewOfEntry(
  entry: RunEntry,
  graphs: Readonly<Record<string, PackedGraph>> | undefined
): RunView {
  const { snapshot } = entry;
  const packed =
    entry.graph !== undefined &&
    graphs !== undefined &&
    hasOwn(graphs, entry.graph)
      ? graphs[entry.graph]
      : undefined;
  const graph = packed && unpackGraph(packed);
  const tasks = Object.fromEntries(
    (graph?.vertices ?? []).map((vertex, index) => [
      vertex.id,
      taskOf(entry, vertex, index)
    ])
  );
  const loops = loopsOf(entry);
  const failure = failureOf(entry);
  return {
    run: {
      run_id: entry.run_id,
      name: entry.name,
      connection: entry.connection,
      ...(entry.experiment ? { experiment: entry.experiment } : {}),
      pipeline: entry.pipeline,
      ...stateOf(snapshot),
      created_at: snapshot.created_at ?? entry.submitted_at,
      ...(snapshot.finished_at ? { finished_at: snapshot.finished_at } : {}),
      parameters: parametersOf(entry),
      ...(entry.sdk ? { sdk: entry.sdk } : {})
    },
    tasks,
    loops,
    counts: countsOf(entry, tasks, loops),
    warnings: snapshot.warnings ?? [],
    capabilities: { actions: [], logs: false, artifacts: false, events: false },
    ...(graph ? { graph } : {}),
    ...(failure ? { failure } : {}),
    ...(snapshot.waiting ? { waiting: snapshot.waiting } : {})
  };
}

/**
 * Counts over all instances as they were saved: the columns know one state per task of the pipeline, and a payload that had to be cut
 * has none at all.
 */
function countsOf(
  entry: RunEntry,
  tasks: RunView['tasks'],
  loops: RunView['loops']
): TaskCounts {
  const drawn = countTasks(tasks, loops);
  const leaves = taskCounts(entry.snapshot.counts);
  if (leaves.length === 0) {
    return drawn;
  }
  const sum = (keep: (state: TaskState) => boolean): number =>
    leaves.reduce((n, [state, count]) => (keep(state) ? n + count : n), 0);
  return {
    total: sum(state => state !== 'SKIPPED'),
    done: sum(state => state !== 'SKIPPED' && isFinalTaskState(state)),
    succeeded: sum(state => state === 'SUCCEEDED' || state === 'CACHED'),
    ...(drawn.open === true && !entry.snapshot.final ? { open: true } : {}),
    by_state: Object.fromEntries(leaves)
  };
}

function taskCounts(
  counts: Readonly<Record<string, number>>
): readonly (readonly [TaskState, number])[] {
  return Object.entries(counts).flatMap(([state, count]) =>
    isTaskState(state) ? [[state, count] as const] : []
  );
}

/** A word that is no state of ours stands for itself. */
function stateOf({
  state,
  state_raw: raw
}: RunEntry['snapshot']): Pick<RunView['run'], 'state' | 'state_raw'> {
  return isRunState(state)
    ? { state, ...(raw ? { state_raw: raw } : {}) }
    : { state: 'UNKNOWN', state_raw: line(String(state), 40) };
}

function isRunState(word: string): word is RunState {
  return (RUN_STATES as readonly string[]).includes(word);
}

function isTaskState(word: string): word is TaskState {
  return (TASK_STATES as readonly string[]).includes(word);
}

function taskOf(entry: RunEntry, vertex: Vertex, index: number): TaskView {
  const { snapshot } = entry;
  const created = Date.parse(snapshot.created_at ?? entry.submitted_at);
  const start = numberAt(snapshot.tasks?.start, index);
  const duration = numberAt(snapshot.tasks?.dur, index);
  const outputs = (snapshot.results ?? [])
    .filter(result => result.task === vertex.id || result.task === vertex.label)
    .map(outputOf);
  return {
    id: vertex.id,
    path: vertex.id,
    name: vertex.label,
    vertex: vertex.id,
    kind: vertex.kind,
    ...(vertex.parent === undefined ? {} : { parent: vertex.parent }),
    state: taskStateOfLetter(snapshot.tasks?.state[index] ?? '') ?? 'PENDING',
    ...(start === null ? {} : { started_at: timeAt(created, start) }),
    ...(start === null || duration === null
      ? {}
      : { finished_at: timeAt(created, start + duration) }),
    attempts: [],
    ...(outputs.length > 0 ? { outputs } : {})
  };
}

function outputOf(result: SnapshotResult): OutputValue {
  return {
    name: result.name,
    kind: result.kind,
    type: result.type,
    ...(result.value === undefined
      ? {}
      : { json: JSON.stringify(result.value) }),
    ...(result.uri ? { uri: result.uri } : {})
  };
}

function parametersOf(entry: RunEntry): readonly ParameterValue[] {
  return Object.entries(entry.params ?? {}).map(([name, value]) => ({
    name,
    type: '',
    json: JSON.stringify(value),
    origin: 'given',
    ...(value === '••••' ? { redacted: true } : {})
  }));
}

function loopsOf(entry: RunEntry): Readonly<Record<string, LoopProgress>> {
  return Object.fromEntries(
    (entry.snapshot.loops ?? []).map(loop => [
      loop.task,
      {
        counts: Object.fromEntries(taskCounts(loop.counts)),
        ...(loop.total === undefined ? {} : { total: loop.total })
      }
    ])
  );
}

function failureOf(entry: RunEntry): RunFailure | null {
  const { failure } = entry.snapshot;
  return failure ? { ...failure, task_id: failure.task } : null;
}

function numberAt(column: string | undefined, index: number): number | null {
  const word = column === undefined ? undefined : columns(column)[index];
  const value = word === undefined || word === '-' ? NaN : Number(word);
  return Number.isFinite(value) ? value : null;
}

function timeAt(created: number, seconds: number): string {
  const at = new Date(created + seconds * 1000);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
