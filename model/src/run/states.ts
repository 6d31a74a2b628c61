/**
 * The states of runs and tasks, as every part of the product names them.
 *
 * Words, icons and letters that people see are derived in `state-words.ts`; here are only the values.
 */

/** State of a run. `UNKNOWN` keeps the word of the service in `state_raw`. */
export type RunState =
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'SKIPPED'
  | 'CANCELING'
  | 'CANCELED'
  | 'PAUSED'
  | 'UNKNOWN';

/**
 * State of a task instance.
 *
 * `SKIPPED` means that its condition was false; `NOT_REACHED` that an upstream task failed, was skipped or that the run ended first.
 * `RETRYING` means that an attempt failed and the next one waits for its time.
 */
export type TaskState =
  | 'PENDING'
  | 'RUNNING'
  | 'RETRYING'
  | 'SUCCEEDED'
  | 'CACHED'
  | 'FAILED'
  | 'SKIPPED'
  | 'NOT_REACHED'
  | 'CANCELED'
  | 'UNKNOWN';

/** Tell whether a run in this state can still change by itself. */
export function isFinalRunState(state: RunState): boolean {
  return (
    state === 'SUCCEEDED' ||
    state === 'FAILED' ||
    state === 'SKIPPED' ||
    state === 'CANCELED'
  );
}

/** Tell whether a task in this state is done. */
export function isFinalTaskState(state: TaskState): boolean {
  return (
    state === 'SUCCEEDED' ||
    state === 'CACHED' ||
    state === 'FAILED' ||
    state === 'SKIPPED' ||
    state === 'NOT_REACHED' ||
    state === 'CANCELED'
  );
}
