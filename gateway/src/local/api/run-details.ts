/** Task instances as `run_details.task_details` (deviation D1: one entry per instance, all fields filled). */
import type { TaskState } from 'jupyterlab-kfp-model';

import type { StoredArtifact, TaskRecord } from '../engine/contract.ts';
import { message, NO_TIME, timestamp } from './answer-message.ts';
import { Rendered } from './rendered.ts';

/** Words of `RuntimeState`; a task that has not started, or was never reached, has none (D7, Argo's "Omitted"). */
const STATES: Readonly<Record<TaskState, string>> = {
  PENDING: '',
  RUNNING: 'RUNNING',
  RETRYING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  CACHED: 'SUCCEEDED',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
  NOT_REACHED: '',
  CANCELED: 'CANCELED',
  UNKNOWN: ''
};

/** google.rpc code of a task that failed. */
const FAILURE_CODE = 2;

/** Tasks whose text is kept as one. */
const BLOCK = 64;

/** The text of some tasks that stand one after the other, and all that it was made from. */
interface Block {
  readonly tasks: readonly TaskRecord[];
  /** What stands below each of them; '' = nothing. */
  readonly below: readonly string[];
  readonly bytes: Uint8Array;
}

/**
 * The `task_details` of a run that is asked for again and again.
 *
 * A record is never changed, and the engine gives the same one for a task until that task changes. So only blocks with a
 * changed task are made anew: a client that asks for a run of a thousand tasks ten times a second costs a few of them, and
 * no copy of the rest.
 */
export class TaskDetails {
  private _blocks: Block[] = [];
  /** Each task as its parent names it, by place. */
  private readonly _names: { task: TaskRecord; text: string }[] = [];

  /** The text for these tasks; `undefined` when there are none yet. */
  render(tasks: readonly TaskRecord[]): Rendered | undefined {
    if (tasks.length === 0) {
      return undefined;
    }
    const children = this._children(tasks);
    const blocks: Block[] = [];
    for (let at = 0; at < tasks.length; at += BLOCK) {
      const part = tasks.slice(at, at + BLOCK);
      const below = part.map(
        task => children.get(task.taskId)?.join(',') ?? ''
      );
      const kept = this._blocks[blocks.length];
      blocks.push(
        kept !== undefined &&
          isSame(kept.tasks, part) &&
          isSame(kept.below, below)
          ? kept
          : { tasks: part, below, bytes: blockText(part, below, at) }
      );
    }
    this._blocks = blocks;
    return new Rendered([...blocks.map(block => block.bytes), ']']);
  }

  private _children(
    tasks: readonly TaskRecord[]
  ): ReadonlyMap<string, string[]> {
    const children = new Map<string, string[]>();
    tasks.forEach((task, index) => {
      if (task.parentId === undefined) {
        return;
      }
      const known = this._names[index];
      const text = known?.task === task ? known.text : nameText(task);
      if (known?.task !== task) {
        this._names[index] = { task, text };
      }
      const siblings = children.get(task.parentId);
      if (siblings === undefined) {
        children.set(task.parentId, [text]);
      } else {
        siblings.push(text);
      }
    });
    return children;
  }
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Each entry with what separates it from the one before. */
function blockText(
  tasks: readonly TaskRecord[],
  below: readonly string[],
  first: number
): Uint8Array {
  const pieces: string[] = [];
  tasks.forEach((task, index) => {
    const children = below[index] ?? '';
    const { head, tail } = parts(task);
    pieces.push(
      first + index === 0 ? '[{' : ',{',
      head,
      `,"execution_id":"${first + index + 1}"`,
      tail === '' ? '' : `,${tail}`,
      children === '' ? '}' : `,"child_tasks":[${children}]}`
    );
  });
  return Buffer.from(pieces.join(''));
}

/** A task as its parent names it. */
function nameText(task: TaskRecord): string {
  return `{${members({ task_id: task.taskId, pod_name: task.attempts.at(-1)?.attemptId })}}`;
}

/** The members before and after the number of an entry, without braces. */
function parts(task: TaskRecord): {
  readonly head: string;
  readonly tail: string;
} {
  const last = task.attempts.at(-1);
  const failed = task.attempts
    .filter(attempt => attempt.state === 'FAILED')
    .map(attempt => attempt.attemptId);
  const head = members({
    run_id: task.runId,
    task_id: task.taskId,
    display_name: task.displayName,
    create_time: time(task.createdAt),
    start_time: time(task.startedAt),
    end_time: time(task.finishedAt),
    state: STATES[task.state],
    executor_detail:
      last === undefined
        ? undefined
        : message({ main_job: last.attemptId, failed_main_jobs: failed })
  });
  const tail = members({
    error:
      task.error === undefined
        ? undefined
        : { code: FAILURE_CODE, message: task.error.message },
    inputs: artifacts(task.inputs.artifacts),
    outputs: artifacts(task.outputs.artifacts),
    parent_task_id: task.parentId,
    pod_name: last?.attemptId,
    state_history: history(task)
  });
  return { head, tail };
}

/** The members of a message as text, without its braces. */
function members(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(message(fields)).slice(1, -1);
}

function time(text: string | undefined): string {
  if (text === undefined) {
    return NO_TIME;
  }
  // Our own times are in UTC: the whole seconds stand in the text.
  return text.endsWith('Z')
    ? `${text.slice(0, 19)}Z`
    : timestamp(Date.parse(text));
}

function artifacts(
  lists: Readonly<Record<string, readonly StoredArtifact[]>>
): Record<string, unknown> | undefined {
  const entries = Object.entries(lists).filter(([, list]) => list.length > 0);
  return entries.length === 0
    ? undefined
    : Object.fromEntries(
        entries.map(([name, list]) => [
          name,
          { artifact_ids: list.map(artifact => artifact.artifactId) }
        ])
      );
}

function history(task: TaskRecord): readonly Record<string, unknown>[] {
  const steps: Record<string, unknown>[] = [];
  if (task.startedAt !== undefined) {
    steps.push({ update_time: time(task.startedAt), state: 'RUNNING' });
  }
  if (task.finishedAt !== undefined) {
    steps.push(
      message({ update_time: time(task.finishedAt), state: STATES[task.state] })
    );
  }
  return steps;
}
