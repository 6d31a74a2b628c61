/** The outcome of an attempt that did not get as far as the task runner. */
import type { AttemptResult } from '../tasks/contract.ts';
import { TaskError } from './engine-error.ts';

/** Turn an error into a failed attempt: the person's mistake in its own words, ours as such. */
export function failedStart(error: unknown, finishedAt: string): AttemptResult {
  const parts = { finishedAt, outputs: { parameters: {}, artifacts: {} } };
  if (error instanceof TaskError) {
    return {
      outcome: 'failed',
      message: error.message,
      code: error.code,
      ...parts
    };
  }
  const cause = error instanceof Error ? error.message : String(error);
  return {
    outcome: 'failed',
    message: `The local service could not run this task: ${cause}`,
    code: 'start',
    ...parts
  };
}
