import {
  isFinalTaskState,
  timeOf,
  type RunView,
  type TaskState,
  type TaskView
} from 'jupyterlab-kfp-model';

import { isGroup, taskTree, type ITaskNode } from '../task-tree';

/** A stretch of a bar in milliseconds since the epoch. */
export interface ISegment {
  readonly kind: 'waiting' | 'running' | 'cached';
  readonly state: TaskState;
  readonly from: number;
  readonly to: number;
}

/** One bar. */
export interface ITimelineRow {
  readonly task: TaskView;
  readonly depth: number;
  readonly segments: readonly ISegment[];
  readonly isCritical: boolean;
}

/** All bars with the span of time they cover. */
export interface ITimeline {
  readonly rows: readonly ITimelineRow[];
  readonly from: number;
  readonly to: number;
}

/**
 * Bars of the tasks of a run: waiting, then one stretch per attempt. Rounds fold into the row of their loop.
 *
 * @param now - end of what still runs, in milliseconds.
 */
export function timeline(view: RunView, now: number): ITimeline {
  const critical = criticalPath(view);
  const rows: ITimelineRow[] = [];
  const walk = (nodes: readonly ITaskNode[]): void => {
    for (const { task, depth, children } of nodes) {
      const segments = segmentsOf(task, now);
      if (segments.length > 0) {
        rows.push({ task, depth, segments, isCritical: critical.has(task.id) });
      }
      if (task.kind !== 'loop') {
        walk(children);
      }
    }
  };
  walk(taskTree(view));
  let from = timeOf(view.run.created_at) ?? Infinity;
  let to = -Infinity;
  for (const row of rows) {
    for (const segment of row.segments) {
      from = Math.min(from, segment.from);
      to = Math.max(to, segment.to);
    }
  }
  to = Math.max(from, to);
  return Number.isFinite(from)
    ? { rows, from, to }
    : { rows: [], from: 0, to: 0 };
}

/** A step between the marks of a time axis that leaves at most `most` of them, in milliseconds. */
export function axisStep(span: number, most: number): number {
  const steps = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400,
    43_200, 86_400
  ];
  const least = span / 1000 / Math.max(1, most);
  return (
    (steps.find(step => step >= least) ?? Math.ceil(least / 86_400) * 86_400) *
    1000
  );
}

/** The text of a mark of a time axis in seconds: exact, for two marks side by side must not read alike. */
export function markText(seconds: number): string {
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's']
  ] as const;
  return (
    units
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count}${unit}`)
      .join(' ') || '0'
  );
}

function segmentsOf(task: TaskView, now: number): readonly ISegment[] {
  const created = timeOf(task.created_at);
  const started = timeOf(task.started_at);
  // of what has ended without a time nobody knows how long it took
  const end = (from: number, to: number | undefined, isOver: boolean): number =>
    to ?? (isOver ? from : Math.max(from, now));
  const segments: ISegment[] = [];
  const wait = (state: TaskState, from: number, to: number): void => {
    if (to > from) {
      segments.push({ kind: 'waiting', state, from, to });
    }
  };
  if (task.state === 'CACHED') {
    const at = started ?? timeOf(task.finished_at) ?? created;
    if (at !== undefined) {
      wait('PENDING', created ?? at, at);
      segments.push({ kind: 'cached', state: 'CACHED', from: at, to: at });
    }
    return segments;
  }
  if (started === undefined) {
    if (created !== undefined && task.state === 'PENDING') {
      wait('PENDING', created, now);
    }
    return segments;
  }
  wait('PENDING', created ?? started, started);
  let last: number | undefined;
  for (const attempt of task.attempts) {
    const from = timeOf(attempt.started_at);
    if (from !== undefined) {
      wait('RETRYING', last ?? from, from);
      last = end(
        from,
        timeOf(attempt.finished_at),
        attempt.state !== 'RUNNING'
      );
      segments.push({ kind: 'running', state: attempt.state, from, to: last });
    }
  }
  if (last === undefined) {
    const to = end(
      started,
      timeOf(task.finished_at),
      isFinalTaskState(task.state)
    );
    segments.push({ kind: 'running', state: task.state, from: started, to });
  }
  return segments;
}

/**
 * The chain of tasks that decided when the run ended: from the last to finish back over the predecessor that finished last, and the same
 * again inside of every sub-pipeline on it.
 *
 * #### Notes
 * Rounds of loops run beside one another and have one bar, so the chain does not go into loops.
 */
function criticalPath(view: RunView): ReadonlySet<string> {
  const inside = new Map<string, TaskView[]>();
  for (const task of Object.values(view.tasks)) {
    if (task.finished_at && task.started_at) {
      const list = inside.get(task.parent ?? '') ?? [];
      list.push(task);
      inside.set(task.parent ?? '', list);
    }
  }
  const before = new Map<string, string[]>();
  for (const { from, to } of view.graph?.edges ?? []) {
    const list = before.get(to) ?? [];
    list.push(from);
    before.set(to, list);
  }
  const path = new Set<string>();
  const walk = (parent: string): void => {
    const tasks = inside.get(parent) ?? [];
    const byVertex = new Map(tasks.map(task => [task.vertex, task]));
    const seen = new Set<string>();
    let current = lastToFinish(tasks);
    while (current && !seen.has(current.id)) {
      const { id, vertex } = current;
      seen.add(id);
      path.add(id);
      if (isGroup(current) && current.kind !== 'loop') {
        walk(id);
      }
      current = lastToFinish(
        (before.get(vertex) ?? []).flatMap(from => byVertex.get(from) ?? [])
      );
    }
  };
  walk('');
  return path.size > 1 ? path : new Set();
}

function lastToFinish(tasks: readonly TaskView[]): TaskView | undefined {
  return tasks.reduce<TaskView | undefined>(
    (best, task) =>
      !best || (task.finished_at ?? '') > (best.finished_at ?? '')
        ? task
        : best,
    undefined
  );
}
