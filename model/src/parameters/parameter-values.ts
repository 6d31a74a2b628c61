/** The parameters of a run with where each value came from. */
import type { ParameterValue } from '../run/view.ts';
import type { Json, PipelineSpec } from '../spec/ir.ts';
import { isHidden } from './secret-names.ts';

/** Parameters in the order of the pipeline: given, default or missing; secrets without their value. */
export function parameterValues(
  spec: PipelineSpec,
  given: Readonly<Record<string, Json>>
): readonly ParameterValue[] {
  const declared = spec.root.inputDefinitions?.parameters ?? {};
  return Object.entries(declared).map(([name, definition]) => {
    const isGiven = Object.hasOwn(given, name);
    const value = isGiven ? given[name] : definition.defaultValue;
    const base = { name, type: definition.parameterType };
    if (value === undefined) {
      return { ...base, origin: 'missing' };
    }
    const origin = isGiven ? ('given' as const) : ('default' as const);
    return isHidden(name, value)
      ? { ...base, origin, redacted: true }
      : { ...base, origin, json: JSON.stringify(value) };
  });
}
