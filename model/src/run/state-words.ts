/**
 * Words, icon names and payload letters of states. English; views translate the words by themselves.
 */
import type { RunHeader, TaskView } from './view.ts';
import type { RunState, TaskState } from './states.ts';

/** Icons by shape, so that colour is never the only sign. */
export type StateIcon =
  | 'draft'
  | 'submitting'
  | 'pending'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'canceling'
  | 'canceled'
  | 'paused'
  | 'unknown'
  | 'cached'
  | 'retrying'
  | 'not-reached';

const RUN_WORDS: Readonly<Record<RunState, readonly [string, StateIcon]>> = {
  PENDING: ['Pending', 'pending'],
  RUNNING: ['Running', 'running'],
  SUCCEEDED: ['Succeeded', 'succeeded'],
  FAILED: ['Failed', 'failed'],
  SKIPPED: ['Skipped', 'skipped'],
  CANCELING: ['Canceling', 'canceling'],
  CANCELED: ['Canceled', 'canceled'],
  PAUSED: ['Paused', 'paused'],
  UNKNOWN: ['Unknown', 'unknown']
};

const TASK_WORDS: Readonly<
  Record<TaskState, readonly [string, StateIcon, string]>
> = {
  PENDING: ['Pending', 'pending', '.'],
  RUNNING: ['Running', 'running', 'R'],
  RETRYING: ['Retrying', 'retrying', 'Y'],
  SUCCEEDED: ['Succeeded', 'succeeded', 'S'],
  CACHED: ['Cached', 'cached', 'C'],
  FAILED: ['Failed', 'failed', 'F'],
  SKIPPED: ['Skipped', 'skipped', 'K'],
  NOT_REACHED: ['Not reached', 'not-reached', 'N'],
  CANCELED: ['Canceled', 'canceled', 'X'],
  UNKNOWN: ['Unknown', 'unknown', 'U']
};

/** All states of runs. */
export const RUN_STATES = Object.keys(RUN_WORDS) as readonly RunState[];

/** All task states, in the order of the payload letters. */
export const TASK_STATES = Object.keys(TASK_WORDS) as readonly TaskState[];

/** The word of a run's state; an unknown one names the service's own word. */
export function runStateWord(state: RunState, raw?: string): string {
  const word = RUN_WORDS[state][0];
  return state === 'UNKNOWN' && raw !== undefined ? `${word} (${raw})` : word;
}

/** Icon of a run's state. */
export function runStateIcon(state: RunState): StateIcon {
  return RUN_WORDS[state][1];
}

/**
 * The state to show: a run counts as Pending until one of its tasks has started.
 */
export function shownRunState(
  run: Pick<RunHeader, 'state'>,
  tasks: Readonly<Record<string, TaskView>>
): RunState {
  const all = Object.values(tasks);
  return run.state === 'RUNNING' &&
    all.length > 0 &&
    all.every(task => task.state === 'PENDING')
    ? 'PENDING'
    : run.state;
}

/** The word of a task's state with what belongs to it: `Retrying 2/3`, `Skipped (condition false)`. */
export function taskStateWord(
  task: Pick<TaskView, 'state' | 'state_raw' | 'max_attempts' | 'attempts'>
): string {
  const word = TASK_WORDS[task.state][0];
  switch (task.state) {
    case 'RETRYING':
      return task.max_attempts === undefined
        ? word
        : `${word} ${task.attempts.length}/${task.max_attempts}`;
    case 'SKIPPED':
      return `${word} (condition false)`;
    case 'UNKNOWN':
      return task.state_raw === undefined
        ? word
        : `${word} (${task.state_raw})`;
    default:
      return word;
  }
}

/** The bare word of a task's state. */
export function taskWord(state: TaskState): string {
  return TASK_WORDS[state][0];
}

/** Icon of a task's state. */
export function taskStateIcon(state: TaskState): StateIcon {
  return TASK_WORDS[state][1];
}

/** Letter of a task's state in a payload. */
export function taskStateLetter(state: TaskState): string {
  return TASK_WORDS[state][2];
}

/** State of a payload letter; undefined for a letter that is none. */
export function taskStateOfLetter(letter: string): TaskState | undefined {
  return TASK_STATES.find(state => TASK_WORDS[state][2] === letter);
}
