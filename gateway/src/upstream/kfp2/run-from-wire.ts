/** Runs of the v2beta1 API in the uniform model. */
import {
  countTasks,
  type ConnectionRef,
  type Json,
  type ParameterValue,
  type RunHeader,
  type RunState,
  type RunView,
  type StaticGraph,
  type TaskState,
  type TaskView
} from 'jupyterlab-kfp-model';
import { isHidden } from 'jupyterlab-kfp-model';

import type { ArgoNodes } from './argo-nodes.ts';
import { argoTasks } from './argo-tasks.ts';
import { fields, text, type Fields } from './wire-fields.ts';

const RUN_STATES: readonly RunState[] = [
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'SKIPPED',
  'CANCELING',
  'CANCELED',
  'PAUSED'
];

/** The header of a run as the API answers it. */
export function runHeader(run: Fields, ref: ConnectionRef): RunHeader {
  const word = text(run['state']);
  const state = stateOf(word, errorText(run));
  const reference = fields(run['pipeline_version_reference']);
  const error = errorText(run);
  return {
    run_id: text(run['run_id']),
    name: text(run['display_name']),
    connection: ref,
    ...(text(run['experiment_id']) === ''
      ? {}
      : {
          experiment: {
            id: text(run['experiment_id']),
            name: text(run['experiment_id'])
          }
        }),
    pipeline: {
      name: pipelineName(run),
      ...(text(reference['pipeline_id']) === ''
        ? {}
        : { pipeline_id: text(reference['pipeline_id']) }),
      ...(text(reference['pipeline_version_id']) === ''
        ? {}
        : { version_id: text(reference['pipeline_version_id']) })
    },
    state,
    ...(state === 'UNKNOWN' ? { state_raw: word } : {}),
    created_at: time(run['created_at']) ?? '',
    ...defined('scheduled_at', time(run['scheduled_at'])),
    ...defined('finished_at', time(run['finished_at'])),
    ...(run['storage_state'] === 'ARCHIVED' ? { archived: true } : {}),
    ...(text(run['recurring_run_id']) === ''
      ? {}
      : { recurring_run_id: text(run['recurring_run_id']) }),
    ...(error === undefined ? {} : { error }),
    parameters: parameters(run)
  };
}

/**
 * A whole run. Services that fill `run_details` give their tasks there; others give the nodes of their Argo workflow, and where
 * neither is to be had the run is shown without tasks and says so.
 */
export function runView(
  run: Fields,
  ref: ConnectionRef,
  graph: StaticGraph | undefined,
  detail: 'header' | 'tasks',
  nodes?: ArgoNodes
): RunView {
  const header = stoppedHeader(runHeader(run, ref), nodes);
  const isOver = header.finished_at !== undefined;
  const hasNodes =
    graph !== undefined &&
    nodes !== undefined &&
    !nodes.isOffloaded &&
    // Before the first report every task waits; afterwards no nodes mean that they were cleared away.
    !(nodes.isEmpty && isOver);
  const tasks = hasNodes
    ? argoTasks(graph, nodes)
    : Object.fromEntries(taskViews(run, graph).map(task => [task.id, task]));
  const active =
    header.state === 'PENDING' ||
    header.state === 'RUNNING' ||
    header.state === 'PAUSED';
  const failed = Object.values(tasks).find(task => task.state === 'FAILED');
  return {
    run: header,
    tasks: detail === 'tasks' ? tasks : {},
    loops: {},
    counts: countTasks(tasks, {}),
    warnings:
      detail === 'tasks' && !hasNodes && needsNodes(run)
        ? ['This service tells nothing about the tasks of this run.']
        : [],
    capabilities: {
      actions: active
        ? ['terminate', 'rerun', 'archive']
        : [
            'rerun',
            ...(header.state === 'FAILED' || header.state === 'CANCELED'
              ? (['retry'] as const)
              : []),
            header.archived === true ? 'unarchive' : 'archive',
            'delete'
          ],
      logs: true,
      artifacts: false,
      events: false
    },
    ...(graph === undefined || detail === 'header' ? {} : { graph }),
    ...(failed === undefined
      ? {}
      : {
          failure: {
            task_id: failed.id,
            task: failed.name,
            reason:
              failed.failure?.reason ?? header.error ?? 'No reason reported'
          }
        })
  };
}

/** A run that was told to stop ends FAILED on a cluster; its workflow knows better (clusters.md section 6). */
function stoppedHeader(header: RunHeader, nodes?: ArgoNodes): RunHeader {
  return header.state === 'FAILED' && nodes?.isTerminated === true
    ? { ...header, state: 'CANCELED' }
    : header;
}

/** Whether the tasks of a run can only be had from its workflow. */
export function needsNodes(run: Fields): boolean {
  return detailsOf(run).every(row => text(row['parent_task_id']) === '');
}

function detailsOf(run: Fields): readonly Fields[] {
  const details = fields(run['run_details'])['task_details'];
  return Array.isArray(details) ? (details as unknown[]).map(fields) : [];
}

function taskViews(
  run: Fields,
  graph: StaticGraph | undefined
): readonly TaskView[] {
  const rows = detailsOf(run);
  // Raw Argo nodes name no parent: their names are templates, not tasks (clusters.md section 7).
  const filled = rows.filter(
    row => text(row['parent_task_id']) !== '' && text(row['task_id']) !== ''
  );
  const root = rows.find(row => text(row['parent_task_id']) === '');
  return filled.map(row => {
    const name = text(row['display_name']);
    const parent = text(row['parent_task_id']);
    const vertex = graph?.vertices.find(
      one => one.label === name || one.key === name
    );
    const word = text(row['state']);
    const error = text(fields(row['error'])['message']);
    const pod = text(row['pod_name']);
    return {
      id: text(row['task_id']),
      path: vertex?.id ?? name,
      name,
      vertex: vertex?.id ?? name,
      kind: vertex?.kind ?? 'task',
      ...(parent === text(root?.['task_id']) ? {} : { parent }),
      state: taskState(word),
      ...defined('created_at', time(row['create_time'])),
      ...defined('started_at', time(row['start_time'])),
      ...defined('finished_at', time(row['end_time'])),
      attempts:
        pod === ''
          ? []
          : [
              {
                index: 0,
                id: pod,
                state:
                  word === 'FAILED'
                    ? 'FAILED'
                    : word === 'RUNNING'
                      ? 'RUNNING'
                      : 'SUCCEEDED',
                ...defined('started_at', time(row['start_time'])),
                ...defined('finished_at', time(row['end_time']))
              }
            ],
      ...(error === '' ? {} : { failure: { reason: error } })
    };
  });
}

function stateOf(word: string, error: string | undefined): RunState {
  if (word === '' || word === 'RUNTIME_STATE_UNSPECIFIED') {
    return 'PENDING';
  }
  if (word === 'FAILED' && error === 'terminated by user') {
    return 'CANCELED';
  }
  return RUN_STATES.find(state => state === word) ?? 'UNKNOWN';
}

function taskState(word: string): TaskState {
  switch (word) {
    case 'RUNNING':
    case 'SUCCEEDED':
    case 'FAILED':
    case 'SKIPPED':
    case 'CANCELED':
    case 'PENDING':
      return word;
    case '':
      return 'PENDING';
    default:
      return 'UNKNOWN';
  }
}

function parameters(run: Fields): readonly ParameterValue[] {
  const given = fields(fields(run['runtime_config'])['parameters']);
  return Object.entries(given).map(([name, value]) => ({
    name,
    type: typeof value,
    origin: 'given' as const,
    ...(isHidden(name, value as Json)
      ? { redacted: true }
      : { json: JSON.stringify(value as Json) })
  }));
}

function pipelineName(run: Fields): string {
  const spec = fields(run['pipeline_spec']);
  const inner = fields(spec['pipeline_spec'] ?? spec);
  return text(fields(inner['pipelineInfo'])['name']) || 'pipeline';
}

function errorText(run: Fields): string | undefined {
  const message = text(fields(run['error'])['message']);
  return message === '' ? undefined : message;
}

/** Times before 1971 mean "none" (kfp-api section 1). */
function time(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return at > 31_536_000_000 ? new Date(at).toISOString() : undefined;
}

function defined<K extends string, V>(
  key: K,
  value: V | undefined
): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
