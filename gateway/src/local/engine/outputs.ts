/** What a DAG instance and a loop give to those after them (pipeline-execution sections 4.5 and 7). */
import type { Json, OutputSelector } from 'jupyterlab-kfp-model';

import type { StoredArtifact } from './contract.ts';
import { TaskError } from './engine-error.ts';
import {
  emptyScope,
  hasSucceeded,
  type Scope,
  type TaskNode
} from './task-node.ts';

/**
 * Nested `Collected` parameters stay lists of lists, as KFP's proto and `kfp.local` have it; the cluster's code flattens them.
 */
const NEST_COLLECTED_PARAMETERS = true;

/** Outputs of a DAG instance whose tasks are all final. Throws `TaskError` for a OneOf with several values. */
export function dagOutputs(node: TaskNode): Scope {
  const scope = emptyScope();
  const outputs = node.component.dag?.outputs;
  for (const [name, output] of Object.entries(outputs?.parameters ?? {})) {
    const selectors = output.kind === 'one' ? [output.from] : output.from;
    const found = selectors
      .map(selector => producer(node, selector)?.outputs.parameters)
      .map((values, index) => values?.[selectors[index]?.outputKey ?? ''])
      .filter((value): value is Json => value !== undefined && value !== null);
    const value = only(found, name, node);
    if (value !== undefined) {
      scope.parameters[name] = value;
    }
  }
  for (const [name, output] of Object.entries(outputs?.artifacts ?? {})) {
    const found = output.artifactSelectors
      .map(selector => {
        return producer(node, selector)?.outputs.artifacts[selector.outputKey];
      })
      .filter(
        (value): value is readonly StoredArtifact[] =>
          value !== undefined && value.length > 0
      );
    const value = only(found, name, node);
    if (value !== undefined) {
      scope.artifacts[name] = value;
    }
  }
  return scope;
}

function producer(
  node: TaskNode,
  selector: OutputSelector
): TaskNode | undefined {
  const task = node.children.get(selector.producerSubtask);
  return task !== undefined && hasSucceeded(task) ? task : undefined;
}

function only<T>(
  found: readonly T[],
  name: string,
  node: TaskNode
): T | undefined {
  if (found.length > 1) {
    throw new TaskError(
      `processing OneOf: several tasks gave output key "${name}" in parent task "${node.key}"`,
      'output'
    );
  }
  return found[0];
}

/** Outputs of a loop: per output the values of its rounds in order; rounds without a value are left out. */
export function loopOutputs(node: TaskNode): Scope {
  const scope = emptyScope();
  const rounds = [...node.children.values()].sort(
    (a, b) => (a.iteration ?? 0) - (b.iteration ?? 0)
  );
  const definitions = node.component.outputDefinitions ?? {};
  for (const name of Object.keys(definitions.parameters ?? {})) {
    const values = rounds
      .filter(hasSucceeded)
      .map(round => round.outputs.parameters[name])
      .filter((value): value is Json => value !== undefined && value !== null);
    scope.parameters[name] = NEST_COLLECTED_PARAMETERS
      ? values
      : values.flat(1);
  }
  for (const name of Object.keys(definitions.artifacts ?? {})) {
    scope.artifacts[name] = rounds
      .filter(hasSucceeded)
      .flatMap(round => round.outputs.artifacts[name] ?? []);
  }
  return scope;
}
