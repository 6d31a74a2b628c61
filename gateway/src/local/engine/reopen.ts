/** Retry of a whole run: what succeeded is kept, what failed and all after it runs again. */
import { countOpen } from './restore.ts';
import type { TaskTree } from './task-tree.ts';
import {
  emptyScope,
  hasSucceeded,
  isGroup,
  type TaskNode
} from './task-node.ts';

/** Reset everything below `node` that has to run again; returns nodes that were reset and ids that were forgotten. */
export function reopenTree(tree: TaskTree): {
  readonly reset: readonly TaskNode[];
  readonly forgotten: readonly string[];
} {
  const reset: TaskNode[] = [];
  const forgotten: string[] = [];
  reopen(tree.root);
  for (const node of tree.nodes()) {
    countOpen(node);
  }
  return { reset, forgotten };

  function reopen(node: TaskNode): void {
    clear(node);
    node.state = 'RUNNING';
    for (const child of [...node.children.values()]) {
      if (keeps(child)) {
        continue;
      }
      if (
        isGroup(child) &&
        child.startedAt !== undefined &&
        child.children.size > 0
      ) {
        reopen(child);
      } else {
        forgetBelow(child);
        clear(child);
        child.state = 'PENDING';
        child.inputs =
          child.iteration === undefined ? emptyScope() : child.inputs;
        child.generation = child.attempts.length;
        delete child.startedAt;
        delete child.items;
      }
    }
  }

  function clear(node: TaskNode): void {
    reset.push(node);
    delete node.error;
    delete node.reason;
    delete node.skip;
    delete node.finishedAt;
    node.outputs = emptyScope();
  }

  function forgetBelow(node: TaskNode): void {
    for (const child of node.children.values()) {
      collect(child);
      tree.forget(child);
    }
    node.children.clear();
    node.nextIteration = 0;
  }

  function collect(node: TaskNode): void {
    forgotten.push(node.taskId);
    for (const child of node.children.values()) {
      collect(child);
    }
  }
}

/** Finished tasks and tasks whose condition was false stay as they are. */
function keeps(node: TaskNode): boolean {
  return (
    (hasSucceeded(node) && [...node.children.values()].every(keeps)) ||
    node.state === 'SKIPPED'
  );
}
