/** How an attempt is written down when it has ended. */
import type { AttemptResult } from '../tasks/contract.ts';
import type { AttemptRecord } from './contract.ts';
import { failureHints } from './failure-hints.ts';
import type { TaskNode } from './task-node.ts';

/** Between the sentences of a message, which bear no stop themselves. */
const BETWEEN = '. ';

/** The record of an attempt with its result. */
export function endOf(
  attempt: AttemptRecord,
  result: AttemptResult
): AttemptRecord {
  const { finishedAt } = result;
  switch (result.outcome) {
    case 'succeeded':
      return { ...attempt, state: 'SUCCEEDED', finishedAt, exitCode: 0 };
    case 'canceled':
      return { ...attempt, state: 'CANCELED', finishedAt };
    case 'failed':
      return {
        ...attempt,
        state: 'FAILED',
        finishedAt,
        message: result.message,
        ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode })
      };
  }
}

/** Say with a failure what its log and its inputs suggest. */
export async function explained(
  node: TaskNode,
  result: AttemptResult,
  logFile: string
): Promise<AttemptResult> {
  if (result.outcome !== 'failed' || result.code !== 'exit') {
    return result;
  }
  const hints = await failureHints(node, logFile);
  return { ...result, message: [result.message, ...hints].join(BETWEEN) };
}

/** What a message of `explained` says beyond how the process ended; undefined when that is all. */
export function hintOf(message: string): string | undefined {
  const end = message.indexOf(BETWEEN);
  return end < 0 ? undefined : `${message.slice(end + BETWEEN.length)}.`;
}
