import { durationText, type TaskView } from 'jupyterlab-kfp-model';

import type { IRunChoices, ITaskOrder } from '../run-choices';
import { isGroup, taskSeconds, type ITaskNode } from '../task-tree';
import { ordered } from './task-order';

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
  readonly order: ITaskOrder;
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
  const matches = filterOf(options.filter);
  const rows: ITaskRow[] = [];
  const keeps = (node: ITaskNode): boolean =>
    !matches || matches(node.task) || node.children.some(keeps);
  const walk = (level: readonly ITaskNode[]): void => {
    const kept = ordered(level.filter(keeps), options.order, options.now);
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

/** Whether the row of a group is open: as the reader chose; else groups with many rounds are folded, and what failed is always in sight. */
export function isRowOpen(
  task: TaskView,
  folds: IRunChoices['folds']
): boolean {
  return (
    folds[`row:${task.id}`] ?? (task.kind !== 'loop' || task.state === 'FAILED')
  );
}

/** The choice that opens or folds the row of a group. */
export function rowFold(
  task: Pick<TaskView, 'id'>,
  isOpen: boolean
): IRunChoices['folds'] {
  return { [`row:${task.id}`]: isOpen };
}

/** What a filter asks of a task; null for a filter that asks nothing. */
export function filterOf(filter: string): ((task: TaskView) => boolean) | null {
  const words = filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return null;
  }
  return task =>
    words.every(word => {
      const [, key, value] = /^(state|type):(.*)$/.exec(word) ?? [];
      if (key === 'state') {
        return plain(task.state).startsWith(plain(value));
      }
      if (key === 'type') {
        return [task.kind, TYPES[task.kind]].some(each =>
          each?.startsWith(plain(value))
        );
      }
      return (
        task.path.toLowerCase().includes(word) ||
        task.name.toLowerCase().includes(word)
      );
    });
}

/** Kinds that are called otherwise where they are shown. */
const TYPES: Partial<Readonly<Record<TaskView['kind'], string>>> = {
  dag: 'sub-pipeline',
  iteration: 'round'
};

function plain(text: string): string {
  return text.toLowerCase().replace(/[_\s]/g, '-');
}
