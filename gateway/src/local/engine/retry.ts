/** When a failed task is tried again (pipeline-execution section 9). */
import type { TaskNode } from './task-node.ts';

/** Try again at `at` (milliseconds), or the sentence why not any more, or `none` without a policy. */
export type RetryDecision =
  { readonly at: number } | { readonly ended: string } | 'none';

/** Failures that a second attempt would repeat: what was asked for is wrong, or was refused. */
const FINAL_CODES = new Set([
  'input',
  'condition',
  'loop',
  'importer',
  'platform',
  'start'
]);

/** Whether a failure of this kind is tried again where a policy says so. */
export function isRetried(code: string): boolean {
  return !FINAL_CODES.has(code);
}

/** Decide after the newest attempt of a task has failed at `now`. */
export function nextRetry(node: TaskNode, now: number): RetryDecision {
  const policy = node.retry;
  if (policy === undefined || policy.maxRetryCount === 0) {
    return 'none';
  }
  const attempts = node.attempts.slice(node.generation);
  if (attempts.length > policy.maxRetryCount) {
    return { ended: 'No more retries left' };
  }
  const first = attempts[0]?.startedAt;
  const windowEnd =
    policy.backoffMaxDuration > 0 && first !== undefined
      ? Date.parse(first) + policy.backoffMaxDuration * 1000
      : Infinity;
  if (now > windowEnd) {
    return { ended: 'Max duration limit exceeded' };
  }
  const factor = policy.backoffFactor === 0 ? 1 : policy.backoffFactor;
  const wait =
    policy.backoffDuration * factor ** Math.max(attempts.length - 1, 0) * 1000;
  if (now + wait > windowEnd) {
    return { ended: 'Backoff would exceed max duration limit' };
  }
  return { at: now + wait };
}
