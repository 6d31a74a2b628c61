/**
 * The tree of task instances of one run, as the scheduler holds it.
 *
 * A group (sub-pipeline, condition, loop round) is a DAG instance of its own with its own inputs; nothing is flat.
 */
import type {
  ComponentSpec,
  ExecutorSpec,
  Json,
  PipelineSpec,
  RetryPolicy,
  TaskKind,
  TaskSpec,
  TaskState
} from 'jupyterlab-kfp-model';
import { isFinalTaskState } from 'jupyterlab-kfp-model';

import type { AttemptRecord, StoredArtifact, TaskRecord } from './contract.ts';

/** Values a task works with. */
export interface Scope {
  parameters: Record<string, Json>;
  artifacts: Record<string, readonly StoredArtifact[]>;
}

/** One task instance. Only the scheduler changes it. */
export interface TaskNode {
  readonly taskId: string;
  readonly runId: string;
  /** Number in its run, part of the folder's name. */
  readonly number: number;
  readonly key: string;
  readonly path: string;
  readonly vertex?: string;
  readonly displayName: string;
  readonly kind: TaskKind | 'root';
  readonly parent?: TaskNode;
  readonly iteration?: number;
  /** Absent for the root and for rounds of loops, whose loop has it. */
  readonly spec?: TaskSpec;
  readonly component: ComponentSpec;
  readonly componentName: string;
  readonly executor?: ExecutorSpec;
  readonly retry?: RetryPolicy;
  readonly createdAt: string;
  state: TaskState;
  reason?: string;
  /** Why it never ran, when it did not. */
  skip?: SkipReason;
  startedAt?: string;
  finishedAt?: string;
  error?: { message: string; code: string; exitCode?: number };
  inputs: Scope;
  outputs: Scope;
  attempts: AttemptRecord[];
  /** Attempts before this index belong to earlier generations (retry of the run). */
  generation: number;
  cachedFrom?: { runId: string; taskId: string };
  isolation?: 'process' | 'namespace' | 'container';
  /** Tasks of this DAG instance by key; rounds of a loop by index. */
  readonly children: Map<string, TaskNode>;
  /** Children that are not final yet. */
  open: number;
  /** Dependencies that are not final yet. */
  waitingFor: number;
  items?: readonly LoopItem[];
  /** Index of the next round to open. */
  nextIteration: number;
}

export type LoopItem =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'artifact'; readonly artifact: StoredArtifact };

export type SkipReason =
  'condition' | 'upstream-failed' | 'upstream-skipped' | 'run-ended';

/** An empty scope. */
export function emptyScope(): Scope {
  return {
    parameters: Object.create(null) as Record<string, Json>,
    artifacts: Object.create(null) as Record<string, readonly StoredArtifact[]>
  };
}

/** Whether the node holds other tasks. */
export function isGroup(node: TaskNode): boolean {
  return node.executor === undefined;
}

export function isFinal(node: TaskNode): boolean {
  return isFinalTaskState(node.state);
}

/** Whether outputs of this task may be read. */
export function hasSucceeded(node: TaskNode): boolean {
  return node.state === 'SUCCEEDED' || node.state === 'CACHED';
}

/** Find a component; checks at creation have made sure that it exists. */
export function componentNamed(
  spec: PipelineSpec,
  name: string
): ComponentSpec {
  const component = spec.components[name];
  if (component === undefined) {
    throw new Error(`component spec for "${name}" not found`);
  }
  return component;
}

/** The node as the rest of the service sees it. */
export function recordOf(node: TaskNode): TaskRecord {
  return {
    taskId: node.taskId,
    runId: node.runId,
    ...(node.parent === undefined ? {} : { parentId: node.parent.taskId }),
    path: node.path,
    key: node.key,
    displayName: node.displayName,
    kind: node.kind,
    ...optional('vertex', node.vertex),
    ...optional('iteration', node.iteration),
    ...optional('iterationCount', node.items?.length),
    state: node.state,
    ...optional('reason', node.reason),
    createdAt: node.createdAt,
    ...optional('startedAt', node.startedAt),
    ...optional('finishedAt', node.finishedAt),
    ...optional(
      'maxAttempts',
      node.retry === undefined || isGroup(node)
        ? undefined
        : node.generation + node.retry.maxRetryCount + 1
    ),
    ...optional('cachedFrom', node.cachedFrom),
    ...optional('error', node.error),
    inputs: node.inputs,
    outputs: node.outputs,
    ...optional(
      'image',
      node.executor?.kind === 'container'
        ? node.executor.container.image
        : undefined
    ),
    ...optional('isolation', node.isolation),
    attempts: node.attempts
  };
}

function optional<K extends string, V>(
  key: K,
  value: V | undefined
): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
