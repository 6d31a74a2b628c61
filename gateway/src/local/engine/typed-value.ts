/** Types of parameters at the boundary of a task (KFP's driver: `resolveInputs`). */
import type { Json, ParameterSpec, ParameterType } from 'jupyterlab-kfp-model';
import { jsonEqual, valueKind, valueText } from 'jupyterlab-kfp-model';

import { TaskError } from './engine-error.ts';

const KINDS: Partial<Record<ParameterType, string>> = {
  NUMBER_DOUBLE: 'number',
  NUMBER_INTEGER: 'number',
  BOOLEAN: 'bool',
  LIST: 'list',
  STRUCT: 'struct'
};

/** Check a value against its declaration; into STRING everything becomes text. */
export function typedValue(
  name: string,
  spec: ParameterSpec,
  value: Json
): Json {
  const typed =
    spec.parameterType === 'STRING' && value !== null
      ? valueText(value)
      : value;
  const expected = KINDS[spec.parameterType];
  if (expected !== undefined) {
    if (typed === null) {
      throw new TaskError(`got null for input parameter "${name}"`);
    }
    if (valueKind(typed) !== expected) {
      throw new TaskError(
        `input parameter "${name}" type mismatch: expect ${spec.parameterType}, got ${valueKind(typed)}`
      );
    }
  }
  const literals = spec.literals;
  if (
    literals !== undefined &&
    literals.length > 0 &&
    !literals.some(literal => jsonEqual(literal, typed))
  ) {
    throw new TaskError(
      `input parameter "${name}" value ${valueText(typed)} does not match any of the allowed literal values: [${literals.map(valueText).join(', ')}]`
    );
  }
  return typed;
}
