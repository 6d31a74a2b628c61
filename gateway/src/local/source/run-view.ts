/** A run of the local service as views draw it. */
import {
  buildGraph,
  countTasks,
  isFinalTaskState,
  parameterValues,
  producersOf,
  type ConnectionRef,
  type Json,
  type LoopProgress,
  type PipelineDocument,
  type RunAction,
  type RunHeader,
  type RunState,
  type RunSummary,
  type RunView,
  type StaticGraph,
  type TaskState,
  type TaskView,
  type WaitingReason
} from 'jupyterlab-kfp-model';

import type { TaskRecord } from '../engine/contract.ts';
import { documentOf } from '../runs/pipeline-documents.ts';
import type { Run } from '../store/runs.ts';
import { TERMINATED } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { coverOf, type Cover } from './cover-values.ts';
import { outputs, taskView } from './task-view.ts';

/** Documents parsed and drawn lately, by digest: the same for every view of a run. */
const DRAWN = 32;

/** A document with what every view of its runs needs. */
interface Drawn {
  readonly document: PipelineDocument;
  readonly graph: StaticGraph;
  /** Producers of inputs by vertex, found when first asked for. */
  readonly producers: Map<string, ReadonlyMap<string, string>>;
  /** Types of outputs by vertex, the same way. */
  readonly outputs: Map<string, ReadonlyMap<string, string>>;
  /** Defaults of inputs by vertex, the same way. */
  readonly defaults: Map<string, ReadonlyMap<string, Json>>;
}

/** Makes views of stored runs. */
export class RunViews {
  private readonly _store: Store;
  private readonly _ref: ConnectionRef;
  private readonly _drawn = new Map<string, Drawn | undefined>();
  /** Of records that may come again: the engine gives the same one for a task of an active run until that changes. */
  private readonly _tasks = new WeakMap<TaskRecord, TaskView>();

  constructor(store: Store, ref: ConnectionRef) {
    this._store = store;
    this._ref = ref;
  }

  /** What lists show of a run. */
  header(run: Run, startedAt?: string): RunHeader {
    const experiment = this._store.experiments.find(run.experimentId);
    const drawn = this._draw(run.document);
    const error = run.error;
    return {
      run_id: run.id,
      name: run.name,
      connection: this._ref,
      ...(experiment === undefined
        ? {}
        : { experiment: { id: experiment.id, name: experiment.name } }),
      pipeline: {
        name: drawn?.document.spec.pipelineInfo.name ?? 'pipeline',
        ir_digest: irDigest(run.document),
        ...(run.pipelineId === '' ? {} : { pipeline_id: run.pipelineId }),
        ...(run.pipelineVersionId === ''
          ? {}
          : { version_id: run.pipelineVersionId })
      },
      state: uniformState(run),
      created_at: iso(run.createdAt),
      scheduled_at: iso(run.scheduledAt),
      ...(startedAt === undefined ? {} : { started_at: startedAt }),
      ...(run.finishedAt === 0 ? {} : { finished_at: iso(run.finishedAt) }),
      ...(run.storageState === 'ARCHIVED' ? { archived: true } : {}),
      ...(run.recurringRunId === ''
        ? {}
        : { recurring_run_id: run.recurringRunId }),
      ...(error === undefined ? {} : { error: error.message }),
      parameters:
        drawn === undefined
          ? []
          : parameterValues(drawn.document.spec, run.parameters),
      ...(run.options.sdk === undefined ? {} : { sdk: run.options.sdk })
    };
  }

  summary(run: Run): RunSummary {
    return this.header(run);
  }

  /** The whole run; without tasks and graph at detail `header`. */
  view(
    run: Run,
    records: readonly TaskRecord[],
    warnings: readonly string[],
    detail: 'header' | 'tasks'
  ): RunView {
    const root = records.find(record => record.kind === 'root');
    const drawn = this._draw(run.document);
    const cover = secretsOf(run, records);
    const views = records
      .filter(record => record.kind !== 'root')
      .map(record => this._task(record, root?.taskId ?? '', drawn, cover));
    const tasks = Object.fromEntries(views.map(view => [view.id, view]));
    const loops = loopProgress(records, views);
    const state = uniformState(run);
    const firstStart = views
      .map(view => view.attempts[0]?.started_at)
      .reduce(
        (first, time) =>
          time === undefined || (first !== undefined && first <= time)
            ? first
            : time,
        undefined
      );
    const waiting = waitingReason(state, views);
    const results = root === undefined ? [] : outputs(root, new Map(), cover);
    return {
      run: this.header(run, firstStart),
      tasks: detail === 'tasks' ? tasks : {},
      loops,
      counts: countTasks(tasks, loops),
      warnings,
      capabilities: {
        actions: actionsFor(state, run),
        logs: true,
        artifacts: true,
        // it knows why each of its own tasks waits
        events: true
      },
      ...(results.length === 0 || detail === 'header'
        ? {}
        : { outputs: results }),
      ...(drawn === undefined || detail === 'header'
        ? {}
        : { graph: drawn.graph }),
      ...(waiting === undefined ? {} : { waiting })
    };
  }

  private _task(
    record: TaskRecord,
    rootId: string,
    drawn: Drawn | undefined,
    cover: Cover
  ): TaskView {
    let view = this._tasks.get(record);
    if (view === undefined) {
      view = taskView(
        record,
        rootId,
        producers(drawn, record.vertex ?? record.key),
        outputTypes(drawn, record.vertex),
        inputDefaults(drawn, record.vertex),
        cover
      );
      this._tasks.set(record, view);
    }
    return view;
  }

  private _draw(digest: string): Drawn | undefined {
    if (this._drawn.has(digest)) {
      return this._drawn.get(digest);
    }
    const stored = this._store.documents.get(digest);
    const drawn =
      stored.format === 'ir'
        ? (() => {
            const document = documentOf(stored);
            return {
              document,
              graph: buildGraph(document),
              producers: new Map(),
              outputs: new Map(),
              defaults: new Map()
            };
          })()
        : undefined;
    if (this._drawn.size >= DRAWN) {
      const oldest = this._drawn.keys().next();
      if (!oldest.done) {
        this._drawn.delete(oldest.value);
      }
    }
    this._drawn.set(digest, drawn);
    return drawn;
  }
}

function producers(
  drawn: Drawn | undefined,
  vertex: string
): ReadonlyMap<string, string> {
  let found = drawn?.producers.get(vertex);
  if (drawn !== undefined && found === undefined) {
    found = producersOf(drawn.document, vertex);
    drawn.producers.set(vertex, found);
  }
  return found ?? new Map<string, string>();
}

/** What the component of a vertex takes for parameters that nobody gives. */
function inputDefaults(
  drawn: Drawn | undefined,
  vertex: string | undefined
): ReadonlyMap<string, Json> {
  if (drawn?.defaults.size === 0) {
    drawn.graph.vertices.forEach(({ id, component }) => {
      const { parameters } =
        drawn.document.spec.components[component ?? '']?.inputDefinitions ?? {};
      drawn.defaults.set(
        id,
        new Map(
          Object.entries(parameters ?? {}).flatMap(
            ([name, { defaultValue }]) =>
              defaultValue === undefined || defaultValue === null
                ? []
                : [[name, defaultValue] as const]
          )
        )
      );
    });
  }
  return drawn?.defaults.get(vertex ?? '') ?? new Map<string, Json>();
}

/** Covers what a run was given and nobody may read. */
export function secretsOf(run: Run, records: readonly TaskRecord[]): Cover {
  const root = records.find(record => record.kind === 'root');
  return coverOf(run.parameters, root?.inputs.parameters ?? {});
}

/** Declared types of the output parameters of a vertex. */
function outputTypes(
  drawn: Drawn | undefined,
  vertex: string | undefined
): ReadonlyMap<string, string> {
  if (drawn?.outputs.size === 0) {
    drawn.graph.vertices.forEach(({ id, component }) => {
      const { parameters } =
        drawn.document.spec.components[component ?? '']?.outputDefinitions ??
        {};
      drawn.outputs.set(
        id,
        new Map(
          Object.entries(parameters ?? {}).map(([name, { parameterType }]) => [
            name,
            parameterType
          ])
        )
      );
    });
  }
  return drawn?.outputs.get(vertex ?? '') ?? new Map<string, string>();
}

/** The state people see: a stopped run is Canceled here, though KFP's wire says FAILED. */
export function uniformState(run: Run): RunState {
  return run.state === 'FAILED' && run.error?.message === TERMINATED.message
    ? 'CANCELED'
    : run.state;
}

/** Digests in views name their algorithm. */
export function irDigest(digest: string): string {
  return digest.startsWith('sha256:') ? digest : `sha256:${digest}`;
}

function actionsFor(state: RunState, run: Run): readonly RunAction[] {
  const archive: RunAction =
    run.storageState === 'ARCHIVED' ? 'unarchive' : 'archive';
  switch (state) {
    case 'PENDING':
    case 'RUNNING':
      return ['terminate', 'rerun', archive];
    case 'FAILED':
    case 'CANCELED':
      return ['retry', 'rerun', archive, 'delete'];
    case 'CANCELING':
      return ['rerun', archive];
    default:
      return ['rerun', archive, 'delete'];
  }
}

function loopProgress(
  records: readonly TaskRecord[],
  views: readonly TaskView[]
): Record<string, LoopProgress> {
  const loops: Record<string, LoopProgress> = {};
  const rounds = new Map<string, Partial<Record<TaskState, number>>>();
  for (const view of views) {
    if (view.kind === 'iteration' && view.parent !== undefined) {
      const counts = rounds.get(view.parent) ?? {};
      counts[view.state] = (counts[view.state] ?? 0) + 1;
      rounds.set(view.parent, counts);
    }
  }
  for (const record of records) {
    if (record.kind === 'loop') {
      loops[record.taskId] = {
        ...(record.iterationCount === undefined
          ? {}
          : { total: record.iterationCount }),
        counts: rounds.get(record.taskId) ?? {}
      };
    }
  }
  return loops;
}

/** Why nothing moves: the newest reason of a task that waits while none runs. */
function waitingReason(
  state: RunState,
  views: readonly TaskView[]
): WaitingReason | undefined {
  if (state !== 'PENDING' && state !== 'RUNNING') {
    return undefined;
  }
  if (
    views.some(view => view.state === 'RUNNING' && view.attempts.length > 0)
  ) {
    return undefined;
  }
  const waiting = views.find(
    view =>
      view.reason !== undefined &&
      !isFinalTaskState(view.state) &&
      (view.state === 'PENDING' || view.state === 'RETRYING')
  );
  return waiting?.reason === undefined
    ? undefined
    : {
        task: waiting.name,
        reason: waiting.reason,
        since: waiting.attempts.at(-1)?.started_at ?? waiting.created_at ?? ''
      };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
