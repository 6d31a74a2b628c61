import type { TaskState, TaskView } from 'jupyterlab-kfp-model';

import type { ITaskOrder } from '../run-choices';
import { taskSeconds, type ITaskNode } from '../task-tree';

/** States in the order in which they need eyes. */
const STATES: readonly TaskState[] = [
  'FAILED',
  'RETRYING',
  'RUNNING',
  'PENDING',
  'UNKNOWN',
  'CANCELED',
  'NOT_REACHED',
  'SKIPPED',
  'CACHED',
  'SUCCEEDED'
];

/** What rows are ordered by; a task without it stands last in either direction. */
type Key = string | number | null;

/**
 * Order the tasks of one group.
 *
 * @param now - end of what still runs, in milliseconds.
 */
export function ordered(
  nodes: readonly ITaskNode[],
  order: ITaskOrder,
  now: number
): readonly ITaskNode[] {
  if (order.by === 'pipeline') {
    return nodes;
  }
  const sign = order.isDescending ? -1 : 1;
  return nodes
    .map(node => ({ node, key: keyOf(node.task, order.by, now) }))
    .sort((a, b) =>
      a.key === null || b.key === null
        ? Number(a.key === null) - Number(b.key === null)
        : sign * compare(a.key, b.key)
    )
    .map(({ node }) => node);
}

function keyOf(task: TaskView, by: ITaskOrder['by'], now: number): Key {
  switch (by) {
    case 'pipeline':
      return null;
    case 'name':
      return task.name;
    case 'state':
      return STATES.indexOf(task.state);
    case 'start':
      return known(Date.parse(task.started_at ?? ''));
    case 'duration':
      return known(taskSeconds(task, now) ?? NaN);
    case 'attempts':
      return task.attempts.length || null;
    case 'cached':
      return task.cached_from?.run_id ?? (task.state === 'CACHED' ? '' : null);
    case 'output':
      return valueOf(task.outputs?.[0]);
  }
}

// numbers by their size, everything else as text
function valueOf(
  output: NonNullable<TaskView['outputs']>[number] | undefined
): Key {
  if (!output) {
    return null;
  }
  const { json } = output;
  return json !== undefined && json !== '' && Number.isFinite(Number(json))
    ? Number(json)
    : `${output.name} ${json ?? output.type}`;
}

function known(value: number): Key {
  return Number.isNaN(value) ? null : value;
}

// made once: thousands of rows are compared at every change
const COLLATOR = new Intl.Collator(undefined, { numeric: true });

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : typeof a === 'number'
      ? -1
      : typeof b === 'number'
        ? 1
        : COLLATOR.compare(a, b);
}
