/** How tasks begin: DAG instances are opened, loops give rounds, and a task whose dependencies are final starts or never will. */
import { evaluateCondition } from './cel.ts';
import { TaskError } from './engine-error.ts';
import { resolveInputs } from './inputs.ts';
import { loopItems, roundInputs } from './loops.ts';
import type { Moves } from './moves.ts';
import { blockedBy, conditionContext } from './scheduling-rules.ts';
import { isFinal, type TaskNode } from './task-node.ts';

/** Task instances of one run at most. */
const MAX_TASKS = 50_000;

/** Make the tasks of a DAG instance and start those that wait for nothing. */
export function open(moves: Moves, node: TaskNode): void {
  node.state = 'RUNNING';
  node.startedAt ??= moves.time;
  moves.touch(node);
  const children = moves.tree.makeChildren(node, moves.time);
  if (moves.tree.size > MAX_TASKS) {
    throw new TaskError(
      `the run has more than ${MAX_TASKS.toLocaleString('en')} task instances`,
      'loop'
    );
  }
  for (const child of children) {
    moves.touch(child);
  }
  for (const child of children) {
    if (child.waitingFor === 0) {
      consider(moves, child);
    }
  }
  if (node.open === 0) {
    moves.close(node);
  }
}

/** All dependencies are final: start the task, skip it, or fail it. */
export function consider(moves: Moves, node: TaskNode): void {
  if (isFinal(node)) {
    return;
  }
  if (moves.ending !== undefined) {
    moves.skip(node, 'run-ended');
    return;
  }
  const strategy = node.spec?.triggerPolicy?.strategy;
  if (strategy !== 'ALL_UPSTREAM_TASKS_COMPLETED') {
    const blocked = blockedBy(node);
    if (blocked !== undefined) {
      moves.skip(node, blocked.reason, blocked.by);
      return;
    }
  }
  try {
    node.inputs = resolveInputs(node, moves.facts);
    const condition = node.spec?.triggerPolicy?.condition;
    if (condition && !evaluateCondition(condition, conditionContext(node))) {
      moves.skip(node, 'condition');
      return;
    }
    start(moves, node);
  } catch (error) {
    moves.failBecause(node, error);
  }
}

/** Start a task whose inputs are there. */
export function start(moves: Moves, node: TaskNode): void {
  if (node.spec?.iterator !== undefined && node.iteration === undefined) {
    node.items = loopItems(node);
    node.open = node.items.length;
    node.state = 'RUNNING';
    node.startedAt ??= moves.time;
    moves.touch(node);
    if (node.items.length === 0) {
      moves.close(node);
    } else {
      openRounds(moves, node);
    }
  } else if (node.component.dag !== undefined) {
    open(moves, node);
  } else if (node.executor?.kind === 'importer') {
    moves.touch(node);
    moves.ask({ type: 'import', node });
  } else {
    moves.launch(node);
  }
}

/** Open rounds of a loop as far as its limit allows. */
export function openRounds(moves: Moves, loop: TaskNode): void {
  const items = loop.items ?? [];
  const limit = loop.spec?.parallelismLimit || Infinity;
  while (
    loop.nextIteration < items.length &&
    loop.nextIteration - (items.length - loop.open) < limit &&
    !isFinal(loop)
  ) {
    const index = loop.nextIteration++;
    const item = items[index];
    if (item === undefined) {
      return;
    }
    const round = moves.tree.makeRound(loop, index, moves.time);
    moves.touch(round);
    if (moves.ending !== undefined) {
      moves.skip(round, 'run-ended');
      continue;
    }
    try {
      round.inputs = roundInputs(loop, item);
      if (round.component.dag !== undefined) {
        open(moves, round);
      } else {
        moves.launch(round);
      }
    } catch (error) {
      moves.failBecause(round, error);
    }
  }
}
