/** The part of a pipeline inside a pipeline that takes nothing from tasks which are yet to run: it can be foretold now. */
import type {
  ArtifactSource,
  ComponentSpec,
  Json,
  ParameterSource,
  PipelineDocument,
  PipelineSpec,
  TaskSpec
} from 'jupyterlab-kfp-model';

import type { RunFacts } from './constants.ts';
import { TaskError } from './engine-error.ts';
import { resolveInputs } from './inputs.ts';
import {
  componentNamed,
  hasSucceeded,
  type Scope,
  type TaskNode
} from './task-node.ts';

/** A play of its own: one task, the group, with inputs that are known. */
export interface KnownPart {
  readonly document: PipelineDocument;
  readonly inputs: Scope;
}

type Source = ParameterSource | ArtifactSource;

/** Names of the inputs of a task that are not known yet. */
interface Unknown {
  readonly parameters: ReadonlySet<string>;
  readonly artifacts: ReadonlySet<string>;
}

/** What is known of a group that waits; `undefined` when that is nothing, or when a condition may leave it out. */
export function knownPart(
  node: TaskNode,
  facts: RunFacts,
  document: PipelineDocument
): KnownPart | undefined {
  const { spec, parent } = node;
  if (
    spec === undefined ||
    parent === undefined ||
    spec.triggerPolicy?.condition !== undefined
  ) {
    return undefined;
  }
  const unknown = unknownInputs(spec, source => {
    const producer =
      source.kind === 'output' ? parent.children.get(source.task) : undefined;
    return (
      source.kind !== 'output' ||
      (producer !== undefined && hasSucceeded(producer))
    );
  });
  const parts = new Parts(document.spec);
  const part = parts.of(spec, unknown);
  if (part === undefined) {
    return undefined;
  }
  try {
    const component = parts.spec.components[part.componentRef];
    const inputs = resolveInputs(
      { ...node, spec: part, component: component ?? node.component },
      facts
    );
    const given = <T>(names: Readonly<Record<string, T>>) =>
      Object.fromEntries(
        Object.keys(names).map(name => [name, { kind: 'input', name } as const])
      );
    const task: TaskSpec = {
      ...part,
      inputs: {
        parameters: given(inputs.parameters),
        artifacts: given(inputs.artifacts)
      }
    };
    return {
      inputs,
      document: {
        ...document,
        spec: {
          ...parts.spec,
          root: {
            ...(component?.inputDefinitions === undefined
              ? {}
              : { inputDefinitions: component.inputDefinitions }),
            dag: { tasks: { [node.key]: task } }
          }
        }
      }
    };
  } catch (error) {
    if (error instanceof TaskError) {
      return undefined; // its own failure, at its own time
    }
    throw error;
  }
}

/** Makes components of what is known of others. */
class Parts {
  private readonly _spec: PipelineSpec;
  private readonly _made: Record<string, ComponentSpec> = {};

  constructor(spec: PipelineSpec) {
    this._spec = spec;
  }

  get spec(): PipelineSpec {
    return {
      ...this._spec,
      components: { ...this._spec.components, ...this._made }
    };
  }

  /** A group without what depends on its unknown inputs. */
  of(task: TaskSpec, unknown: Unknown): TaskSpec | undefined {
    const component = componentNamed(this._spec, task.componentRef);
    const { iterator } = task;
    const isOpen =
      iterator !== undefined &&
      (iterator.kind === 'artifact'
        ? unknown.artifacts.has(iterator.inputArtifact)
        : 'inputParameter' in iterator.items &&
          unknown.parameters.has(iterator.items.inputParameter));
    const tasks = isOpen ? {} : this._tasks(component, unknown);
    if (Object.keys(tasks).length === 0) {
      return undefined;
    }
    const name = `${task.componentRef} (part ${Object.keys(this._made).length})`;
    const definitions = component.inputDefinitions ?? {};
    this._made[name] = {
      ...component,
      inputDefinitions: {
        parameters: without(definitions.parameters, unknown.parameters),
        artifacts: without(definitions.artifacts, unknown.artifacts)
      },
      outputDefinitions: {},
      dag: { tasks }
    };
    return {
      ...task,
      componentRef: name,
      inputs: {
        parameters: without(task.inputs.parameters, unknown.parameters),
        artifacts: without(task.inputs.artifacts, unknown.artifacts)
      },
      dependentTasks: []
    };
  }

  private _tasks(
    component: ComponentSpec,
    unknown: Unknown
  ): Readonly<Record<string, TaskSpec>> {
    const all = component.dag?.tasks ?? {};
    const whole = new Set<string>();
    const missing = (task: TaskSpec): Unknown =>
      unknownInputs(task, (source, kind) =>
        source.kind === 'output'
          ? whole.has(source.task)
          : source.kind !== 'input' || !unknown[kind].has(source.name)
      );
    for (let size = -1; size < whole.size;) {
      size = whole.size;
      for (const [key, task] of Object.entries(all)) {
        const { parameters, artifacts } = missing(task);
        if (parameters.size + artifacts.size === 0) {
          whole.add(key);
        }
      }
    }
    const kept: Record<string, TaskSpec> = {};
    for (const [key, task] of Object.entries(all)) {
      const isGroup =
        componentNamed(this._spec, task.componentRef).dag !== undefined;
      const part = whole.has(key)
        ? task
        : isGroup && task.triggerPolicy?.condition === undefined
          ? this.of(task, missing(task))
          : undefined;
      if (part !== undefined) {
        kept[key] = part;
      }
    }
    return Object.fromEntries(
      Object.entries(kept).map(([key, task]) => [
        key,
        {
          ...task,
          dependentTasks: task.dependentTasks.filter(other => whole.has(other))
        }
      ])
    );
  }
}

function unknownInputs(
  task: TaskSpec,
  isKnown: (source: Source, kind: 'parameters' | 'artifacts') => boolean
): Unknown {
  const names = (kind: 'parameters' | 'artifacts'): ReadonlySet<string> =>
    new Set(
      Object.entries<Source>(task.inputs[kind])
        .filter(
          ([, source]) =>
            source.kind === 'final-status' ||
            (source.kind === 'constant' && namesInputs(source.value)) ||
            !isKnown(source, kind)
        )
        .map(([name]) => name)
    );
  return { parameters: names('parameters'), artifacts: names('artifacts') };
}

/** Whether a constant takes in other inputs of its task, which may be unknown. */
function namesInputs(value: Json): boolean {
  return JSON.stringify(value).includes('{{$.inputs.parameters');
}

function without<T>(
  map: Readonly<Record<string, T>> | undefined,
  names: ReadonlySet<string>
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(map ?? {}).filter(([name]) => !names.has(name))
  );
}
