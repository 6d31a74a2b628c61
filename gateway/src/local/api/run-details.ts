/** Task instances as `run_details.task_details` (deviation D1: one entry per instance, all fields filled). */
import type { TaskState } from 'jupyterlab-kfp-model';

import type { StoredArtifact, TaskRecord } from '../engine/contract.ts';
import { message, NO_TIME, timestamp } from './protojson.ts';

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

export function taskDetails(
  tasks: readonly TaskRecord[]
): readonly Record<string, unknown>[] {
  const children = new Map<string, TaskRecord[]>();
  for (const task of tasks) {
    if (task.parentId !== undefined) {
      const list = children.get(task.parentId);
      if (list === undefined) {
        children.set(task.parentId, [task]);
      } else {
        list.push(task);
      }
    }
  }
  return tasks.map((task, index) =>
    detail(task, index + 1, children.get(task.taskId) ?? [])
  );
}

function detail(
  task: TaskRecord,
  executionId: number,
  children: readonly TaskRecord[]
): Record<string, unknown> {
  const last = task.attempts.at(-1);
  const failed = task.attempts
    .filter(attempt => attempt.state === 'FAILED')
    .map(attempt => attempt.attemptId);
  return message({
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
        : message({ main_job: last.attemptId, failed_main_jobs: failed }),
    execution_id: String(executionId),
    error:
      task.error === undefined
        ? undefined
        : { code: FAILURE_CODE, message: task.error.message },
    inputs: artifacts(task.inputs.artifacts),
    outputs: artifacts(task.outputs.artifacts),
    parent_task_id: task.parentId,
    pod_name: last?.attemptId,
    state_history: history(task),
    child_tasks: children.map(child =>
      message({
        task_id: child.taskId,
        pod_name: child.attempts.at(-1)?.attemptId
      })
    )
  });
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
