/** The items of a loop. */
import type { Json } from 'jupyterlab-kfp-model';
import { valueKind } from 'jupyterlab-kfp-model';

import { TaskError } from './engine-error.ts';
import {
  emptyScope,
  type LoopItem,
  type Scope,
  type TaskNode
} from './task-node.ts';
import { typedValue } from './typed-value.ts';

/** Rounds of one loop. */
export const MAX_ITERATIONS = 10_000;

/** Find the items of a loop from its resolved inputs. Throws `TaskError`. */
export function loopItems(node: TaskNode): readonly LoopItem[] {
  const iterator = node.spec?.iterator;
  if (iterator === undefined) {
    throw new Error(`${node.path} is no loop`);
  }
  const items =
    iterator.kind === 'artifact'
      ? (node.inputs.artifacts[iterator.inputArtifact] ?? []).map(
          artifact => ({ kind: 'artifact', artifact }) as const
        )
      : listOf(
          'raw' in iterator.items
            ? iterator.items.raw
            : (node.inputs.parameters[iterator.items.inputParameter] ?? null)
        ).map(value => ({ kind: 'value', value }) as const);
  if (items.length > MAX_ITERATIONS) {
    throw new TaskError(
      `loop ${node.key} has ${items.length.toLocaleString('en')} items, the limit is ${MAX_ITERATIONS.toLocaleString('en')}`,
      'loop'
    );
  }
  return items;
}

function listOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) {
    return value as readonly Json[];
  }
  if (typeof value === 'string') {
    try {
      const parsed = JSON.parse(value) as Json;
      if (Array.isArray(parsed)) {
        return parsed as readonly Json[];
      }
    } catch {
      // Said below, in the words for every value that is no list.
    }
  }
  throw new TaskError(
    `value of type ${valueKind(value)} cannot be iterated`,
    'loop'
  );
}

/** Inputs of one round: everything the loop has, and the item. */
export function roundInputs(loop: TaskNode, item: LoopItem): Scope {
  const scope = emptyScope();
  Object.assign(scope.parameters, loop.inputs.parameters);
  Object.assign(scope.artifacts, loop.inputs.artifacts);
  const name = loop.spec?.iterator?.itemInput ?? '';
  if (item.kind === 'artifact') {
    scope.artifacts[name] = [item.artifact];
  } else {
    const definition = loop.component.inputDefinitions?.parameters?.[name];
    scope.parameters[name] =
      definition === undefined || item.value === null
        ? item.value
        : typedValue(name, definition, item.value);
  }
  return scope;
}
