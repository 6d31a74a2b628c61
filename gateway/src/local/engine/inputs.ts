/** Where the inputs of a task come from (pipeline-execution sections 3.1 and 4). */
import type {
  ArtifactSource,
  Json,
  ParameterSource,
  ParameterSpec,
  TaskSpec
} from 'jupyterlab-kfp-model';

import { evaluateSelector } from './cel.ts';
import { fillConstant, type RunFacts } from './constants.ts';
import type { StoredArtifact } from './contract.ts';
import { TaskError } from './engine-error.ts';
import {
  emptyScope,
  hasSucceeded,
  isFinal,
  isGroup,
  type Scope,
  type TaskNode
} from './task-node.ts';
import { typedValue } from './typed-value.ts';

/** Resolve all inputs of a task whose dependencies are final. Throws `TaskError`. */
export function resolveInputs(node: TaskNode, facts: RunFacts): Scope {
  const { spec, parent } = node;
  if (spec === undefined || parent === undefined) {
    return node.inputs;
  }
  const scope = emptyScope();
  const sources = new Sources(node, spec, parent, facts);
  const definitions = node.component.inputDefinitions ?? {};
  const itemInput = spec.iterator?.itemInput;
  for (const [name, definition] of Object.entries(
    definitions.parameters ?? {}
  )) {
    if (name === itemInput) {
      continue;
    }
    const given = sources.value(name);
    const optional = definition.isOptional === true;
    if (given === undefined || (given === null && optional)) {
      const value = missingValue(node, name, definition);
      if (value !== undefined) {
        scope.parameters[name] = value;
      }
      continue;
    }
    if (given === null) {
      throw new TaskError(
        nothingChosen(spec.inputs.parameters[name], parent) ??
          `the resolved input parameter is null: ${name}`
      );
    }
    scope.parameters[name] = typedValue(name, definition, given);
  }
  for (const [name, definition] of Object.entries(
    definitions.artifacts ?? {}
  )) {
    if (name === itemInput) {
      continue;
    }
    const source = spec.inputs.artifacts[name];
    const found = source && artifactsOf(source, parent);
    if (found !== undefined) {
      scope.artifacts[name] = found;
    } else if (definition.isOptional !== true) {
      throw new TaskError(
        nothingChosen(source, parent) ??
          `no value for the input artifact "${name}"`
      );
    }
  }
  return scope;
}

/** What an input is when nothing was given for it; `undefined` = absent. */
function missingValue(
  node: TaskNode,
  name: string,
  { parameterType, defaultValue, isOptional }: ParameterSpec
): Json | undefined {
  if (isOptional === true) {
    // Containers get their own defaults just before they start: a condition does not see them.
    return isGroup(node) ? (defaultValue ?? null) : undefined;
  }
  if (defaultValue !== undefined) {
    return defaultValue;
  }
  if (
    parameterType === 'TASK_FINAL_STATUS' ||
    parameterType === 'TASK_CONFIG'
  ) {
    return undefined;
  }
  throw new TaskError(
    `neither value nor default value provided for non-optional parameter "${name}"`
  );
}

/** The words for an output of a group that none of its tasks gave: all branches were skipped, or none was taken. */
function nothingChosen(
  source: ParameterSource | ArtifactSource | undefined,
  parent: TaskNode
): string | undefined {
  if (source?.kind !== 'output') {
    return undefined;
  }
  const producer = parent.children.get(source.task);
  return producer?.component.dag === undefined
    ? undefined
    : `processing OneOf: No successful task found for output key "${source.key}" in parent task "${source.task}"`;
}

/** Parameter values of one task; a constant may refer to its neighbours. */
class Sources {
  private readonly _node: TaskNode;
  private readonly _spec: TaskSpec;
  private readonly _parent: TaskNode;
  private readonly _facts: RunFacts;
  private readonly _open = new Set<string>();

  constructor(
    node: TaskNode,
    spec: TaskSpec,
    parent: TaskNode,
    facts: RunFacts
  ) {
    this._node = node;
    this._spec = spec;
    this._parent = parent;
    this._facts = facts;
  }

  /** The value given for an input; `undefined` = nothing was given. */
  value(name: string): Json | undefined {
    const source = this._spec.inputs.parameters[name];
    if (source === undefined || this._open.has(name)) {
      return undefined;
    }
    this._open.add(name);
    const value = this._plain(source);
    this._open.delete(name);
    return source.expression === undefined || value === undefined
      ? value
      : evaluateSelector(source.expression, value);
  }

  private _plain(source: ParameterSource): Json | undefined {
    switch (source.kind) {
      case 'constant':
        return fillConstant(source.value, this._facts, this._node, name =>
          this.value(name)
        );
      case 'input':
        return parentParameter(this._parent, source.name);
      case 'output': {
        const producer = sibling(this._parent, source.task);
        if (!hasSucceeded(producer)) {
          return undefined;
        }
        return producer.outputs.parameters[source.key] ?? null;
      }
      case 'final-status':
        return finalStatus(sibling(this._parent, source.task), this._facts);
    }
  }
}

function parentParameter(parent: TaskNode, name: string): Json | undefined {
  const value = parent.inputs.parameters[name];
  if (value === undefined) {
    const declared = parent.component.inputDefinitions?.parameters?.[name];
    if (declared === undefined) {
      throw new TaskError(`parent DAG does not have input parameter ${name}`);
    }
    return undefined;
  }
  return value;
}

function artifactsOf(
  source: ArtifactSource,
  parent: TaskNode
): readonly StoredArtifact[] | undefined {
  if (source.kind === 'input') {
    return parent.inputs.artifacts[source.name];
  }
  const producer = sibling(parent, source.task);
  return hasSucceeded(producer)
    ? producer.outputs.artifacts[source.key]
    : undefined;
}

/** A task of the same DAG instance. */
export function sibling(parent: TaskNode, key: string): TaskNode {
  const node = parent.children.get(key);
  if (node === undefined) {
    throw new TaskError(`unknown producer task "${key}" in DAG`);
  }
  return node;
}

/** What an exit task is told about its group; the words are MLMD's, which the cluster's own tests assert. */
function finalStatus(producer: TaskNode, facts: RunFacts): Json {
  const state = hasSucceeded(producer)
    ? 'COMPLETE'
    : producer.state === 'FAILED'
      ? 'FAILED'
      : 'CANCELED';
  return {
    state,
    error:
      state === 'FAILED'
        ? { code: 1, message: firstFailure(producer) ?? 'task failed' }
        : {},
    pipelineJobResourceName: facts.resourceName,
    pipelineTaskName: producer.key
  };
}

/** The message of the leaf that failed first below a node. */
export function firstFailure(node: TaskNode): string | undefined {
  return firstFailed(node)?.error?.message;
}

/** The task below (or at) a node that failed first by its end. */
export function firstFailed(node: TaskNode): TaskNode | undefined {
  let first: TaskNode | undefined =
    node.state === 'FAILED' && node.error !== undefined ? node : undefined;
  if (node.children.size > 0) {
    let below: TaskNode | undefined;
    for (const child of node.children.values()) {
      if (!isFinal(child)) {
        continue;
      }
      const found = firstFailed(child);
      if (
        found !== undefined &&
        (below === undefined ||
          (found.finishedAt ?? '') < (below.finishedAt ?? ''))
      ) {
        below = found;
      }
    }
    first = below ?? first;
  }
  return first;
}
