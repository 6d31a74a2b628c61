/** Task instances in the shape of KFP 3.0, read only (deviations D5 and D7). */
import type { FastifyInstance } from 'fastify';
import type { Json, TaskState } from 'jupyterlab-kfp-model';

import type { StoredArtifact, TaskRecord } from '../engine/contract.ts';
import { invalidInput, notFound, wrapping } from '../store/service-error.ts';
import { artifactToWire } from './artifacts-3.ts';
import { queryInt, queryText } from './list-request.ts';
import { mapField, message, timestamp } from './answer-message.ts';
import { pathText, queryOf, type RouteContext } from './route-context.ts';
import { answers } from './route-schema.ts';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 200;

/** 3.0 has no word for a task that has not started: `state` is absent then. */
const STATES: Readonly<Record<TaskState, string>> = {
  PENDING: '',
  RUNNING: 'RUNNING',
  RETRYING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  CACHED: 'CACHED',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
  NOT_REACHED: 'SKIPPED',
  CANCELED: 'FAILED',
  UNKNOWN: ''
};

export function taskRoutes(
  app: FastifyInstance,
  { store, engine }: RouteContext
): void {
  const base = '/apis/v2beta1/runs/:run/tasks';
  app.get(base, answers('ListTasks'), async request => {
    const query = queryOf(request);
    const runId = pathText(request, 'run');
    wrapping('Failed to list tasks', () => store.runs.get(runId));
    const parent = queryText(query, 'parent_id');
    const all = engine.tasks(runId);
    const rows =
      parent === '' ? all : all.filter(task => task.parentId === parent);
    const page = pageOf(rows, query);
    return message({
      tasks: page.rows.map(task => taskToWire(task, all)),
      total_size: rows.length,
      next_page_token: page.next
    });
  });
  app.get(`${base}/:task`, answers('GetTask'), async request => {
    const id = pathText(request, 'task');
    const all = engine.tasks(pathText(request, 'run'));
    const found = all.find(task => task.taskId === id);
    if (found === undefined) {
      throw notFound('Task', id).wrap('Failed to get a task');
    }
    return taskToWire(found, all);
  });
}

/** Cut a page out of rows that are held in memory; the token is the number of the first row. */
export function pageOf<T>(
  rows: readonly T[],
  query: Readonly<Record<string, unknown>>
): { readonly rows: readonly T[]; readonly next: string } {
  const given = queryInt(query, 'page_size');
  if (given < 0) {
    throw invalidInput(`The page size should be greater than 0. Got ${given}`);
  }
  const size = Math.min(given || DEFAULT_PAGE, MAX_PAGE);
  const token = queryText(query, 'page_token');
  const from =
    token === '' ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) {
    throw invalidInput('Invalid page token');
  }
  const next = from + size;
  return {
    rows: rows.slice(from, next),
    next: next < rows.length ? Buffer.from(String(next)).toString('base64') : ''
  };
}

/** A task instance; `all` are the tasks of its run. */
export function taskToWire(
  task: TaskRecord,
  all: readonly TaskRecord[]
): Record<string, unknown> {
  const state = STATES[task.state];
  return message({
    name: task.key,
    display_name: task.displayName,
    task_id: task.taskId,
    run_id: task.runId,
    pods: task.attempts.map(attempt => ({
      name: attempt.attemptId,
      type: 'EXECUTOR'
    })),
    create_time: time(task.createdAt),
    start_time: time(task.startedAt),
    end_time: time(task.finishedAt),
    state,
    status_metadata:
      task.reason === undefined ? undefined : { message: task.reason },
    state_history: [
      ...(task.startedAt === undefined
        ? []
        : [{ update_time: time(task.startedAt), state: 'RUNNING' }]),
      ...(task.finishedAt === undefined
        ? []
        : [message({ update_time: time(task.finishedAt), state })])
    ],
    type: TYPES[task.kind],
    type_attributes: mapField(
      message({
        iteration_index:
          task.iteration === undefined ? undefined : String(task.iteration),
        iteration_count:
          task.iterationCount === undefined
            ? undefined
            : String(task.iterationCount)
      })
    ),
    error:
      task.error === undefined
        ? undefined
        : { code: 2, message: task.error.message },
    parent_task_id: task.parentId,
    child_tasks: all
      .filter(child => child.parentId === task.taskId)
      .map(child => ({ task_id: child.taskId, name: child.key })),
    inputs: valuesToWire(task.inputs),
    outputs: valuesToWire(task.outputs),
    scope_path: task.path.split('.')
  });
}

function time(text: string | undefined): string {
  return text === undefined ? '' : timestamp(Date.parse(text));
}

/** Words of 3.0's `PipelineTask.TaskType`. */
const TYPES: Readonly<Record<TaskRecord['kind'], string>> = {
  root: 'ROOT',
  task: 'RUNTIME',
  dag: 'DAG',
  iteration: 'DAG',
  condition: 'CONDITION',
  loop: 'LOOP',
  // The task that runs at the end; its handler is a sub-pipeline here.
  exit: 'RUNTIME',
  importer: 'IMPORTER'
};

function valuesToWire(values: {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly artifacts: Readonly<Record<string, readonly StoredArtifact[]>>;
}): Record<string, unknown> | undefined {
  return mapField(
    message({
      parameters: Object.entries(values.parameters).map(([name, value]) => ({
        parameter_key: name,
        value
      })),
      artifacts: Object.entries(values.artifacts)
        .filter(([, list]) => list.length > 0)
        .map(([name, list]) => ({
          artifact_key: name,
          artifacts: list.map(artifactToWire)
        }))
    })
  );
}
