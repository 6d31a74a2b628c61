import type { RunView, TaskState, TaskView } from 'jupyterlab-kfp-model';

import { isGroup, taskTree, type ITaskNode } from '../task-tree';

/** A stretch of a bar in milliseconds since the epoch. */
export interface ISegment {
  readonly kind: 'waiting' | 'running';
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
  const times = rows.flatMap(row =>
    row.segments.flatMap(segment => [segment.from, segment.to])
  );
  const created = Date.parse(view.run.created_at);
  const from = Math.min(Number.isNaN(created) ? Infinity : created, ...times);
  const to = Math.max(from, ...times);
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

function segmentsOf(task: TaskView, now: number): readonly ISegment[] {
  const created = Date.parse(task.created_at ?? '');
  const started = Date.parse(task.started_at ?? '');
  const finished = Date.parse(task.finished_at ?? '');
  const segments: ISegment[] = [];
  const firstStart = Number.isNaN(started) ? now : started;
  if (
    !Number.isNaN(created) &&
    firstStart > created &&
    (!Number.isNaN(started) || task.state === 'PENDING')
  ) {
    segments.push({
      kind: 'waiting',
      state: 'PENDING',
      from: created,
      to: firstStart
    });
  }
  if (Number.isNaN(started)) {
    return segments;
  }
  let last = NaN;
  for (const attempt of task.attempts) {
    const from = Date.parse(attempt.started_at ?? '');
    const to = Date.parse(attempt.finished_at ?? '');
    if (Number.isNaN(from)) {
      continue;
    }
    if (!Number.isNaN(last) && from > last) {
      segments.push({
        kind: 'waiting',
        state: 'RETRYING',
        from: last,
        to: from
      });
    }
    last = Number.isNaN(to) ? now : to;
    segments.push({ kind: 'running', state: attempt.state, from, to: last });
  }
  if (Number.isNaN(last)) {
    segments.push({
      kind: 'running',
      state: task.state,
      from: started,
      to: Number.isNaN(finished) ? now : finished
    });
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
