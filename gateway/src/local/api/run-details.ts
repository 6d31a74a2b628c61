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

/** The parts of a task's detail that depend on its own record only. */
interface OwnParts {
  /** Up to `executor_detail`, without the closing brace. */
  readonly head: string;
  /** From `error` on, with a comma before each member. */
  readonly tail: string;
  /** The task as its parent names it. */
  readonly asChild: string;
}

/**
 * A record is never changed, and the engine gives the same one for a task until that task changes. So the text is made once
 * for each change: a client that asks for a run of a thousand tasks ten times a second costs a copy, not a million fields.
 */
const OWN_PARTS = new WeakMap<TaskRecord, OwnParts>();

/** The `task_details` of a run; `undefined` when there are none yet. */
export function taskDetails(
  tasks: readonly TaskRecord[]
): Rendered | undefined {
  if (tasks.length === 0) {
    return undefined;
  }
  const children = new Map<string, string[]>();
  const parts = tasks.map(task => {
    const own = ownParts(task);
    if (task.parentId !== undefined) {
      const siblings = children.get(task.parentId);
      if (siblings === undefined) {
        children.set(task.parentId, [own.asChild]);
      } else {
        siblings.push(own.asChild);
      }
    }
    return own;
  });
  const pieces: string[] = [];
  parts.forEach(({ head, tail }, index) => {
    pieces.push(
      index === 0 ? '[' : '},',
      head,
      `,"execution_id":"${index + 1}"`,
      tail
    );
    const below = children.get(tasks[index]?.taskId ?? '');
    if (below !== undefined) {
      pieces.push(`,"child_tasks":[${below.join(',')}]`);
    }
  });
  pieces.push('}]');
  return new Rendered(pieces);
}

function ownParts(task: TaskRecord): OwnParts {
  let parts = OWN_PARTS.get(task);
  if (parts === undefined) {
    parts = makeParts(task);
    OWN_PARTS.set(task, parts);
  }
  return parts;
}

function makeParts(task: TaskRecord): OwnParts {
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
  const asChild = members({ task_id: task.taskId, pod_name: last?.attemptId });
  return {
    head: `{${head}`,
    tail: tail === '' ? '' : `,${tail}`,
    asChild: `{${asChild}}`
  };
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
