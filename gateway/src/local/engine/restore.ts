/** Task instances as rows, and back: a run continues from nothing but what the store says. */
import type { AttemptRecord, TaskRecord } from './contract.ts';
import { loopItems } from './loops.ts';
import type { Scheduler } from './scheduler.ts';
import {
  isFinal,
  recordOf,
  type SkipReason,
  type TaskNode
} from './task-node.ts';
import type {
  AttemptRow,
  ExecutionStore,
  TaskRow
} from '../store/execution.ts';

/** What a row holds beside the public record. */
interface StoredRecord extends Omit<TaskRecord, 'attempts'> {
  readonly skip?: SkipReason;
  readonly generation: number;
}

/** Write the nodes that changed; the caller holds the transaction. */
export function saveNodes(
  store: ExecutionStore,
  nodes: readonly TaskNode[]
): void {
  for (const node of nodes) {
    const record: StoredRecord = {
      ...withoutAttempts(recordOf(node)),
      ...(node.skip === undefined ? {} : { skip: node.skip }),
      generation: node.generation
    };
    store.saveTask({
      taskId: node.taskId,
      runId: node.runId,
      number: node.number,
      path: node.path,
      state: node.state,
      record: JSON.stringify(record)
    });
    for (const attempt of node.attempts) {
      // Ended attempts of earlier transactions do not change.
      if (attempt === node.attempts.at(-1)) {
        saveAttempt(store, node, attempt);
      }
    }
  }
}

function saveAttempt(
  store: ExecutionStore,
  node: TaskNode,
  attempt: AttemptRecord
): void {
  store.saveAttempt({
    attemptId: attempt.attemptId,
    taskId: node.taskId,
    runId: node.runId,
    attempt: attempt.index,
    record: JSON.stringify(attempt)
  });
}

function withoutAttempts(record: TaskRecord): Omit<TaskRecord, 'attempts'> {
  const { attempts: _attempts, ...rest } = record;
  return rest;
}

/** The stored tasks of a run, for runs that are not active. */
export function storedTasks(
  store: ExecutionStore,
  runId: string
): readonly TaskRecord[] {
  const attempts = attemptsByTask(store.attempts(runId));
  return store.tasks(runId).map(row => {
    const { skip: _skip, generation: _generation, ...record } = parse(row);
    return { ...record, attempts: attempts.get(row.taskId) ?? [] };
  });
}

/** Build the tree of a stored run inside an empty scheduler. */
export function restoreTree(scheduler: Scheduler, store: ExecutionStore): void {
  const { runId } = scheduler.options;
  const attempts = attemptsByTask(store.attempts(runId));
  for (const row of store.tasks(runId)) {
    const record = parse(row);
    const node = makeNode(scheduler, row, record);
    if (node === undefined) {
      continue;
    }
    Object.assign(node, {
      state: record.state,
      reason: record.reason,
      skip: record.skip,
      startedAt: record.startedAt,
      finishedAt: record.finishedAt,
      error: record.error,
      inputs: record.inputs,
      outputs: record.outputs,
      attempts: [...(attempts.get(row.taskId) ?? [])],
      generation: record.generation,
      cachedFrom: record.cachedFrom,
      isolation: record.isolation
    });
  }
  for (const node of scheduler.tree.nodes()) {
    if (record(node).iterationCount) {
      node.items = loopItems(node);
    }
    countOpen(node);
  }

  function record(node: TaskNode): { readonly iterationCount: boolean } {
    return {
      iterationCount:
        node.kind === 'loop' &&
        (node.state === 'RUNNING' || isFinal(node)) &&
        node.skip === undefined &&
        node.startedAt !== undefined
    };
  }
}

/** Count what is open, from the states alone. */
export function countOpen(node: TaskNode): void {
  const children = [...node.children.values()];
  const final = children.filter(isFinal).length;
  if (node.items !== undefined) {
    node.nextIteration = children.length;
    node.open = node.items.length - final;
  } else {
    node.open = children.length - final;
  }
  node.waitingFor = (node.spec?.dependentTasks ?? []).filter(key => {
    const dependency = node.parent?.children.get(key);
    return dependency !== undefined && !isFinal(dependency);
  }).length;
}

function makeNode(
  scheduler: Scheduler,
  row: TaskRow,
  record: StoredRecord
): TaskNode | undefined {
  const { tree } = scheduler;
  const place = { taskId: row.taskId, number: row.number };
  if (record.kind === 'root') {
    return tree.makeRoot(record.createdAt, place);
  }
  const parent = tree.byId(record.parentId ?? '');
  if (parent === undefined) {
    return undefined;
  }
  if (record.iteration !== undefined) {
    return tree.makeRound(parent, record.iteration, record.createdAt, place);
  }
  const spec = parent.component.dag?.tasks[record.key];
  return spec === undefined
    ? undefined
    : tree.makeTask(parent, record.key, spec, record.createdAt, place);
}

function attemptsByTask(
  rows: readonly AttemptRow[]
): ReadonlyMap<string, readonly AttemptRecord[]> {
  const map = new Map<string, AttemptRecord[]>();
  for (const row of rows) {
    const list = map.get(row.taskId) ?? [];
    list.push(JSON.parse(row.record) as AttemptRecord);
    map.set(row.taskId, list);
  }
  return map;
}

function parse(row: TaskRow): StoredRecord {
  return JSON.parse(row.record) as StoredRecord;
}
