/** How tasks end: by their attempts, or because the whole run does. */
import type { AttemptResult } from '../tasks/contract.ts';
import type { Moves } from './moves.ts';
import { isRetried, nextRetry } from './retry.ts';
import type { Ending } from './scheduling-rules.ts';
import { isFinal, isGroup, type Scope, type TaskNode } from './task-node.ts';

/** An attempt has ended: its task ends with it, or is tried again. */
export function attemptEnded(
  moves: Moves,
  node: TaskNode,
  result: AttemptResult,
  outputs: Scope
): void {
  if (result.outcome === 'canceled' || moves.ending === 'terminated') {
    if (result.outcome === 'succeeded') {
      node.outputs = outputs;
      moves.finish(node, 'SUCCEEDED');
      return;
    }
    moves.finish(node, moves.ending === 'deadline' ? 'FAILED' : 'CANCELED');
    return;
  }
  if (result.outcome === 'succeeded') {
    node.outputs = outputs;
    moves.finish(node, 'SUCCEEDED');
    return;
  }
  node.outputs = outputs;
  const retry =
    moves.ending === undefined && isRetried(result.code)
      ? nextRetry(node, moves.now)
      : 'none';
  if (typeof retry === 'object' && 'at' in retry) {
    node.state = 'RETRYING';
    node.reason = `Attempt ${node.attempts.length - node.generation} failed: ${result.message}`;
    moves.touch(node);
    moves.ask({ type: 'timer', node, at: retry.at });
    return;
  }
  moves.fail(node, {
    message:
      typeof retry === 'object'
        ? `${result.message}. ${retry.ended}`
        : result.message,
    code: result.code,
    ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode })
  });
}

/** No new tasks; what runs is canceled; what waits is not reached. */
export function endRun(moves: Moves, why: Ending): void {
  if (moves.ending !== undefined || isFinal(moves.tree.root)) {
    return;
  }
  moves.ending = why;
  for (const node of [...moves.tree.nodes()]) {
    if (isFinal(node)) {
      continue;
    }
    if (node.state === 'RUNNING' && !isGroup(node)) {
      const attempt = node.attempts.at(-1);
      if (attempt !== undefined) {
        moves.ask({ type: 'cancel', attemptId: attempt.attemptId });
      }
    } else if (node.state === 'RETRYING') {
      moves.finish(node, why === 'deadline' ? 'FAILED' : 'CANCELED');
    } else if (node.state === 'PENDING') {
      const attempt = node.attempts.at(-1);
      if (attempt !== undefined && attempt.finishedAt === undefined) {
        // It waits for its environment: the runner answers `canceled`.
        moves.ask({ type: 'cancel', attemptId: attempt.attemptId });
      } else {
        moves.skip(node, 'run-ended');
      }
    }
  }
}
