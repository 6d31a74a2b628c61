import type { TranslationBundle } from '@jupyterlab/translation';
import type { TaskState, TaskView } from 'jupyterlab-kfp-model';

import { stateWord } from './words';

/** Something that happened to a task. */
export interface ITaskEvent {
  /** UTC; absent for what holds now. */
  readonly at?: string;
  readonly text: string;
  /** What the service says about it; empty when nothing. */
  readonly detail: string;
  readonly state: TaskState;
}

/** What happened to a task, in order: created, each attempt with its end, and what it waits for now. */
export function eventsOf(
  task: TaskView,
  trans: TranslationBundle
): readonly ITaskEvent[] {
  const events: ITaskEvent[] = [];
  const add = (
    at: string | undefined,
    state: TaskState,
    text: string,
    detail = ''
  ): void => {
    if (at !== undefined) {
      events.push({ at, state, text, detail });
    }
  };
  add(task.created_at, 'PENDING', trans.__('Created'));
  for (const attempt of task.attempts) {
    const number = attempt.index + 1;
    add(attempt.started_at, 'RUNNING', trans.__('Attempt %1 started', number));
    if (attempt.state !== 'RUNNING') {
      add(
        attempt.finished_at,
        attempt.state,
        trans.__('Attempt %1: %2', number, stateWord(attempt.state, trans)),
        [
          attempt.exit_code === undefined
            ? ''
            : trans.__('exit code %1', attempt.exit_code),
          attempt.message ?? ''
        ]
          .filter(Boolean)
          .join(' · ')
      );
    }
  }
  if (task.attempts.length === 0) {
    add(task.finished_at, task.state, stateWord(task.state, trans));
  }
  events.sort((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''));
  return task.reason
    ? [
        ...events,
        {
          state: task.state,
          text: stateWord(task.state, trans),
          detail: task.reason
        }
      ]
    : events;
}
