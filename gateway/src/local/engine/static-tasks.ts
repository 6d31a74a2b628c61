/** The tasks of a compiled pipeline before it runs, with what is known of their DAG's inputs. */
import type {
  ComponentSpec,
  ExecutorSpec,
  Json,
  PipelineDocument,
  TaskSpec
} from 'jupyterlab-kfp-model';
import { hasPlaceholder } from 'jupyterlab-kfp-model';

import type { NameSource } from './platform-fields.ts';
import { componentNamed } from './task-node.ts';

/** Values of inputs that do not depend on any task; a name that is absent is not known yet. */
export type KnownInputs = ReadonlyMap<string, Json>;

/** One task of the compiled pipeline. */
export interface StaticTask {
  /** Without `root.`. */
  readonly path: string;
  readonly key: string;
  readonly task: TaskSpec;
  readonly component: ComponentSpec;
  readonly executor?: ExecutorSpec;
  /** The component in whose DAG it stands. */
  readonly parent: ComponentSpec;
  /** What is known of the inputs of the DAG instance in which it stands. */
  readonly known: KnownInputs;
  /** Whether it stands inside a loop. */
  readonly inLoop: boolean;
}

/** A component used twice counts twice, so a small document could unfold without end. */
const MAX_TASKS = 20_000;

/** All tasks, groups too, in the order of the document. */
export function staticTasks(
  document: PipelineDocument,
  parameters: Readonly<Record<string, Json>> = {}
): readonly StaticTask[] {
  const { spec } = document;
  const found: StaticTask[] = [];
  const visit = (
    component: ComponentSpec,
    place: { readonly prefix: string; readonly inLoop: boolean },
    known: KnownInputs,
    above: readonly ComponentSpec[]
  ): void => {
    for (const [key, task] of Object.entries(component.dag?.tasks ?? {})) {
      if (found.length >= MAX_TASKS) {
        return;
      }
      const inner = componentNamed(spec, task.componentRef);
      const executor = spec.deploymentSpec.executors[inner.executorLabel ?? ''];
      const path = place.prefix === '' ? key : `${place.prefix}.${key}`;
      found.push({
        path,
        key,
        task,
        component: inner,
        ...(executor === undefined ? {} : { executor }),
        parent: component,
        known,
        inLoop: place.inLoop
      });
      if (inner.dag !== undefined && !above.includes(inner)) {
        visit(
          inner,
          {
            prefix: path,
            inLoop: place.inLoop || task.iterator !== undefined
          },
          innerInputs(task, inner, known),
          [...above, inner]
        );
      }
    }
  };
  visit(
    spec.root,
    { prefix: '', inLoop: false },
    rootInputs(document, parameters),
    [spec.root]
  );
  return found;
}

/** The value of a name, where it is known before the run; null means that nothing is wanted. */
export function knownName(
  source: NameSource | undefined,
  known: KnownInputs
): Json | undefined {
  if (source === undefined) {
    return null;
  }
  switch (source.kind) {
    case 'constant':
      return source.value;
    case 'input':
      return known.get(source.name);
    case 'output':
      return undefined;
  }
}

/** Root inputs: what was given, else the default, else null where that is allowed. */
function rootInputs(
  document: PipelineDocument,
  given: Readonly<Record<string, Json>>
): KnownInputs {
  const known = new Map<string, Json>();
  for (const [name, spec] of Object.entries(
    document.spec.root.inputDefinitions?.parameters ?? {}
  )) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    known.set(name, value ?? spec.defaultValue ?? null);
  }
  return known;
}

function innerInputs(
  task: TaskSpec,
  component: ComponentSpec,
  outer: KnownInputs
): KnownInputs {
  const known = new Map<string, Json>();
  const item = task.iterator?.itemInput;
  for (const [name, spec] of Object.entries(
    component.inputDefinitions?.parameters ?? {}
  )) {
    if (name === item) {
      continue;
    }
    const source = task.inputs.parameters[name];
    const value =
      source === undefined
        ? null
        : source.expression !== undefined
          ? undefined
          : source.kind === 'constant' && !hasPlaceholder(source.value)
            ? source.value
            : source.kind === 'input'
              ? outer.get(source.name)
              : undefined;
    if (value !== undefined) {
      known.set(name, value ?? spec.defaultValue ?? null);
    }
  }
  return known;
}
