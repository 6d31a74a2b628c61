import { durationText, type TaskView } from 'jupyterlab-kfp-model';

import { isGroup, taskSeconds, type ITaskNode } from '../task-tree';

/** Columns that rows can be ordered by. `pipeline` is the order of the pipeline. */
export type TaskOrder =
  'pipeline' | 'name' | 'state' | 'start' | 'duration' | 'attempts';

/** A row of the grid. */
export interface ITaskRow {
  readonly task: TaskView;
  /** 0 at the top. */
  readonly depth: number;
  readonly isGroup: boolean;
  readonly isOpen: boolean;
  /** 1-based place among its siblings. */
  readonly place: number;
  readonly siblings: number;
}

/** How rows are chosen and ordered. */
export interface ITaskRowsOptions {
  /** Text, and words such as `state:failed` and `type:loop`. */
  readonly filter: string;
  readonly order: TaskOrder;
  readonly isDescending: boolean;
  /** Whether a group is open. */
  readonly isOpen: (task: TaskView) => boolean;
  readonly now: number;
}

/**
 * The rows of the grid: the open part of the tree, or with a filter all tasks that match with the groups that lead to them.
 */
export function taskRows(
  nodes: readonly ITaskNode[],
  options: ITaskRowsOptions
): readonly ITaskRow[] {
  const matches = matcher(options.filter);
  const rows: ITaskRow[] = [];
  const keeps = (node: ITaskNode): boolean =>
    !matches || matches(node.task) || node.children.some(keeps);
  const walk = (level: readonly ITaskNode[]): void => {
    const kept = ordered(level.filter(keeps), options);
    kept.forEach((node, index) => {
      const group = isGroup(node.task);
      const isOpen = group && (matches !== null || options.isOpen(node.task));
      rows.push({
        task: node.task,
        depth: node.depth,
        isGroup: group,
        isOpen,
        place: index + 1,
        siblings: kept.length
      });
      if (isOpen) {
        walk(node.children);
      }
    });
  };
  walk(nodes);
  return rows;
}

/** The duration of a row as text; empty before it started. */
export function taskDurationText(task: TaskView, now: number): string {
  const seconds = taskSeconds(task, now);
  return seconds === null ? '' : durationText(seconds);
}

function matcher(filter: string): ((task: TaskView) => boolean) | null {
  const words = filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return null;
  }
  return task =>
    words.every(word => {
      const [, key, value] = /^(state|type):(.*)$/.exec(word) ?? [];
      if (key === 'state') {
        return task.state
          .toLowerCase()
          .replace('_', '-')
          .startsWith(value.replace('_', '-'));
      }
      if (key === 'type') {
        return task.kind.startsWith(value);
      }
      return (
        task.path.toLowerCase().includes(word) ||
        task.name.toLowerCase().includes(word)
      );
    });
}

function ordered(
  nodes: readonly ITaskNode[],
  options: ITaskRowsOptions
): readonly ITaskNode[] {
  const { order, now } = options;
  if (order === 'pipeline') {
    return nodes;
  }
  const sign = options.isDescending ? -1 : 1;
  const key = (task: TaskView): string | number => {
    switch (order) {
      case 'name':
        return task.name;
      case 'state':
        return task.state;
      case 'start':
        return task.started_at ?? '9';
      case 'duration':
        return taskSeconds(task, now) ?? -1;
      case 'attempts':
        return task.attempts.length;
    }
  };
  return [...nodes].sort((a, b) => sign * compare(key(a.task), key(b.task)));
}

// made once: thousands of rows are compared at every change
const COLLATOR = new Intl.Collator(undefined, { numeric: true });

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : COLLATOR.compare(String(a), String(b));
}
