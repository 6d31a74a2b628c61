import type { TranslationBundle } from '@jupyterlab/translation';
import {
  isAllSkipped,
  type HealthWord,
  type LinkState,
  type RunState,
  type TaskCounts,
  type TaskKind,
  type TaskState,
  type TaskView
} from 'jupyterlab-kfp-model';

/** The word of a run state, in the language of the page. */
export function runStateWord(
  state: RunState,
  raw: string | undefined,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'PENDING':
      return trans.__('Pending');
    case 'RUNNING':
      return trans.__('Running');
    case 'SUCCEEDED':
      return trans.__('Succeeded');
    case 'FAILED':
      return trans.__('Failed');
    case 'SKIPPED':
      return trans.__('Skipped');
    case 'CANCELING':
      return trans.__('Canceling');
    case 'CANCELED':
      return trans.__('Canceled');
    case 'PAUSED':
      return trans.__('Paused');
    case 'UNKNOWN':
      return raw ? trans.__('Unknown (%1)', raw) : trans.__('Unknown');
  }
}

/** The word of a task state, in the language of the page. */
export function taskStateWord(
  task: ITaskStateOf,
  trans: TranslationBundle
): string {
  switch (task.state) {
    case 'PENDING':
      return trans.__('Pending');
    case 'RUNNING':
      return trans.__('Running');
    case 'RETRYING':
      return task.max_attempts
        ? trans.__(
            'Retrying %1/%2',
            task.attempts?.length ?? 0,
            task.max_attempts
          )
        : trans.__('Retrying');
    case 'SUCCEEDED':
      return trans.__('Succeeded');
    case 'CACHED':
      return trans.__('Cached');
    case 'FAILED':
      return trans.__('Failed');
    case 'SKIPPED':
      return trans.__('Skipped (condition false)');
    case 'NOT_REACHED':
      return trans.__('Not reached');
    case 'CANCELED':
      return trans.__('Canceled');
    case 'UNKNOWN':
      return task.state_raw
        ? trans.__('Unknown (%1)', task.state_raw)
        : trans.__('Unknown');
  }
}

/** What the word of a task state depends on. */
export type ITaskStateOf = Pick<
  TaskView,
  'state' | 'state_raw' | 'max_attempts'
> & {
  readonly attempts?: TaskView['attempts'];
};

/** The bare word of a task state, without a particular task. */
export function stateWord(state: TaskState, trans: TranslationBundle): string {
  return taskStateWord({ state }, trans);
}

/** What a task is called: a round by its number, as people count, anything else by its name. */
export function taskTitle(
  task: Pick<TaskView, 'kind' | 'iteration' | 'name'>,
  trans: TranslationBundle
): string {
  return task.kind === 'iteration' && task.iteration !== undefined
    ? trans.__('Round %1', task.iteration + 1)
    : task.name;
}

/** What kind of node a task is. */
export function kindWord(kind: TaskKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'task':
      return trans.__('task');
    case 'dag':
      return trans.__('sub-pipeline');
    case 'condition':
      return trans.__('condition');
    case 'loop':
      return trans.__('loop');
    case 'iteration':
      return trans.__('round');
    case 'exit':
      return trans.__('exit task');
    case 'importer':
      return trans.__('importer');
  }
}

/** What a value is, as people say it; a type that is not known as it stands, artifacts without the name of their family. */
export function typeWord(type: string, trans: TranslationBundle): string {
  switch (type) {
    case 'STRING':
      return trans.__('text');
    case 'NUMBER_INTEGER':
      return trans.__('integer');
    case 'NUMBER_DOUBLE':
      return trans.__('number');
    case 'BOOLEAN':
      return trans.__('true or false');
    case 'LIST':
      return trans.__('list');
    case 'STRUCT':
      return trans.__('dictionary');
    default:
      return type.replace(/^system\./, '');
  }
}

/** `3 of 5 tasks done`, or once final `3 of 5 tasks succeeded`; `5+` while a loop may still grow. */
export function countsSentence(
  counts: TaskCounts,
  final: boolean,
  trans: TranslationBundle
): string {
  const total = counts.open ? `${counts.total}+` : String(counts.total);
  if (isAllSkipped(counts)) {
    return trans.__('all tasks skipped');
  }
  return final
    ? trans._n(
        '%2 of %3 task succeeded',
        '%2 of %3 tasks succeeded',
        counts.total,
        counts.succeeded,
        total
      )
    : trans._n(
        '%2 of %3 task done',
        '%2 of %3 tasks done',
        counts.total,
        counts.done,
        total
      );
}

/** The text of the chip that says how fresh the picture is. */
export function linkText(
  state: LinkState,
  since: string,
  connection: string,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'live':
      return trans.__('Live');
    case 'polling':
      return trans.__('Updating every 5 s');
    case 'stale':
      return trans.__('Stale since %1', momentText(since));
    case 'offline':
      return trans.__('Offline');
    case 'sign-in':
      return trans.__('Sign-in needed');
    case 'no-access':
      return trans.__('No access');
    case 'not-found':
      return trans.__('Run not found');
    case 'unknown-connection':
      return trans.__('Cluster "%1" not configured here', connection);
    case 'snapshot':
      return trans.__('Snapshot');
  }
}

/** The word of the health of a connection. */
export function healthText(word: HealthWord, trans: TranslationBundle): string {
  switch (word) {
    case 'connected':
      return trans.__('Connected');
    case 'limited':
      return trans.__('Limited');
    case 'checking':
      return trans.__('Checking');
    case 'sign-in':
      return trans.__('Sign-in needed');
    case 'unreachable':
      return trans.__('Unreachable');
    case 'off':
      return trans.__('Off');
  }
}

/** `12:03` in the zone of the reader; empty when the time cannot be read. */
export function clockTime(utc: string): string {
  const at = new Date(utc);
  return Number.isNaN(at.getTime())
    ? ''
    : at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

/** `12:03`, with its day where that is another one than today. */
function momentText(utc: string): string {
  const at = new Date(utc);
  return Number.isNaN(at.getTime()) ||
    at.toDateString() === new Date(Date.now()).toDateString()
    ? clockTime(utc)
    : at.toLocaleString(undefined, {
        month: 'short',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit'
      });
}

/** `12:03:09` in the zone of the reader; empty when the time cannot be read. */
export function clockSeconds(utc: string): string {
  const at = new Date(utc);
  return Number.isNaN(at.getTime())
    ? ''
    : at.toLocaleTimeString(undefined, {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hour12: false
      });
}

/** Date and time in the zone of the reader, whole seconds; empty when the time cannot be read. */
export function dateTime(utc: string | undefined): string {
  const at = new Date(utc ?? '');
  return Number.isNaN(at.getTime())
    ? ''
    : at.toLocaleString(undefined, {
        dateStyle: 'medium',
        timeStyle: 'medium'
      });
}

/** How long ago a moment was, in the largest unit: `2 h ago`. */
export function ago(
  utc: string,
  now: number,
  trans: TranslationBundle
): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(utc)) / 1000));
  if (Number.isNaN(seconds)) {
    return '';
  }
  if (seconds < 60) {
    return trans.__('just now');
  }
  if (seconds < 3600) {
    return trans.__('%1 min ago', Math.floor(seconds / 60));
  }
  if (seconds < 86_400) {
    return trans.__('%1 h ago', Math.floor(seconds / 3600));
  }
  return trans.__('%1 d ago', Math.floor(seconds / 86_400));
}
