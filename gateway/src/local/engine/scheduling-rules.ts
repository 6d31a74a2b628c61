/** When a task runs and how a group ends, told from states alone (pipeline-execution section 5). */
import type { Json } from 'jupyterlab-kfp-model';

import type { ConditionContext } from './cel.ts';
import type { StoredArtifact } from './contract.ts';
import { hasSucceeded, type SkipReason, type TaskNode } from './task-node.ts';

/** Why no new task may start: the user stopped the run, or its deadline passed. */
export type Ending = 'terminated' | 'deadline';

/** The dependency that keeps a task from running, and how; `undefined` = all have succeeded. */
export function blockedBy(
  node: TaskNode
): { reason: SkipReason; by: TaskNode } | undefined {
  for (const key of node.spec?.dependentTasks ?? []) {
    const dependency = node.parent?.children.get(key);
    if (dependency === undefined || hasSucceeded(dependency)) {
      continue;
    }
    return {
      reason:
        dependency.state === 'FAILED' || dependency.skip === 'upstream-failed'
          ? 'upstream-failed'
          : dependency.skip === 'run-ended' || dependency.state === 'CANCELED'
            ? 'run-ended'
            : 'upstream-skipped',
      by: dependency
    };
  }
  return undefined;
}

/** How a group ends whose children are all final. */
export function groupEnd(
  node: TaskNode,
  ending: Ending | undefined
): 'SUCCEEDED' | 'FAILED' | 'CANCELED' {
  const states = new Set([...node.children.values()].map(child => child.state));
  if (
    ending === 'terminated' &&
    (states.has('CANCELED') ||
      states.has('NOT_REACHED') ||
      states.has('FAILED'))
  ) {
    return 'CANCELED';
  }
  return states.has('FAILED') || ending === 'deadline' ? 'FAILED' : 'SUCCEEDED';
}

/** How a run ends whose root is final. */
export function runEnd(root: TaskNode): 'SUCCEEDED' | 'FAILED' | 'CANCELED' {
  return root.state === 'SUCCEEDED' || root.state === 'CANCELED'
    ? root.state
    : 'FAILED';
}

/** What a condition sees: resolved inputs, without a container's own defaults. */
export function conditionContext(node: TaskNode): ConditionContext {
  return {
    inputs: {
      parameter_values: { ...node.inputs.parameters },
      artifacts: Object.fromEntries(
        Object.entries(node.inputs.artifacts).map(([name, list]) => [
          name,
          { artifacts: list.map(conditionArtifact) }
        ])
      )
    }
  };
}

function conditionArtifact(artifact: StoredArtifact): Json {
  return {
    name: artifact.name,
    uri: artifact.uri,
    metadata: { ...artifact.metadata }
  };
}

/** Why a task did not run, for a person. */
export function skipSentence(
  reason: SkipReason,
  by: TaskNode | undefined
): string {
  switch (reason) {
    case 'condition':
      return 'The condition was false.';
    case 'upstream-failed':
      return `${by?.displayName ?? 'A task before it'} failed.`;
    case 'upstream-skipped':
      return `${by?.displayName ?? 'A task before it'} was skipped.`;
    case 'run-ended':
      return 'The run ended first.';
  }
}
