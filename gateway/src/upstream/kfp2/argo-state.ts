/** The state of one task out of its driver and the rest (the table of clusters.md section 7.4). */
import type { TaskState } from 'jupyterlab-kfp-model';

import type { ArgoNode } from './argo-nodes.ts';

/** State of a task with the reason in plain words. */
export interface ArgoState {
  readonly state: TaskState;
  readonly reason?: string;
  readonly failure?: { readonly reason: string; readonly exit_code?: number };
}

/** What is known when the rest of a task is judged. */
interface Surroundings {
  /** Whether the enclosing group still runs. */
  readonly scopeRuns: boolean;
  /** Whether the run was told to stop. */
  readonly isTerminated: boolean;
}

const STOPPED = /Step exceeded its deadline|terminated|Stopped with strategy/;
const FAILED = ['Failed', 'Error'];
const NOT_REACHED: ArgoState = { state: 'NOT_REACHED', reason: 'not reached' };

/**
 * Judge a task.
 *
 * @param driver its driver, where there is one
 * @param rest the node that does the work: a group, an importer, or the pod of a container task
 * @param outer the node of the task itself, which for container tasks is around the pod
 */
export function argoState(
  driver: ArgoNode | undefined,
  rest: ArgoNode | undefined,
  outer: ArgoNode | undefined,
  around: Surroundings
): ArgoState {
  if (driver === undefined && outer === undefined) {
    return around.scopeRuns ? { state: 'PENDING' } : NOT_REACHED;
  }
  if (driver !== undefined) {
    if (driver.phase === 'Omitted') {
      return {
        state: 'NOT_REACHED',
        reason: 'a task before it failed or was skipped'
      };
    }
    if (FAILED.includes(driver.phase)) {
      return ended(driver, around, 'preparing the task failed');
    }
    if (driver.phase !== 'Succeeded') {
      return {
        state: 'PENDING',
        reason: driver.message === '' ? 'preparing' : driver.message
      };
    }
    if (driver.outputs['condition'] === 'false') {
      return { state: 'SKIPPED', reason: 'its condition is false' };
    }
    if (driver.outputs['cached-decision'] === 'true') {
      return { state: 'CACHED' };
    }
  }
  if (rest === undefined) {
    return outer === undefined
      ? around.scopeRuns
        ? { state: 'PENDING' }
        : NOT_REACHED
      : phaseState(outer, around);
  }
  return phaseState(rest, around);
}

/** State of a node by its own phase. */
export function phaseState(node: ArgoNode, around: Surroundings): ArgoState {
  switch (node.phase) {
    case '':
    case 'Pending':
      return {
        state: 'PENDING',
        ...(node.message === '' ? {} : { reason: node.message })
      };
    case 'Running':
      return { state: 'RUNNING' };
    case 'Succeeded':
      return { state: 'SUCCEEDED' };
    case 'Skipped':
      return { state: 'SKIPPED', reason: 'its condition is false' };
    case 'Omitted':
      return {
        state: 'NOT_REACHED',
        reason: 'a task before it failed or was skipped'
      };
    case 'Failed':
    case 'Error':
      return ended(node, around, 'the task failed');
    default:
      return { state: 'UNKNOWN', reason: node.phase };
  }
}

function ended(
  node: ArgoNode,
  around: Surroundings,
  otherwise: string
): ArgoState {
  if (around.isTerminated || STOPPED.test(node.message)) {
    return { state: 'CANCELED' };
  }
  const code = /\(exit code (\d+)\)/.exec(node.message)?.[1];
  const reason = /OOMKilled/.test(node.message)
    ? 'the task ran out of memory (OOMKilled)'
    : node.message || otherwise;
  return {
    state: 'FAILED',
    failure: {
      reason,
      ...(code === undefined ? {} : { exit_code: Number(code) })
    }
  };
}
