/**
 * Reads what a person types for a parameter by its declared type, before anything is sent.
 *
 * Rules: numbers are JSON numbers (no NaN, no Infinity), `''` is a string, lists and structs are JSON of that kind, choices are exact.
 */
import type { PipelineInput } from '../payload/types.ts';
import type { Json } from '../spec/ir.ts';

/** Why a text is no value of its type. */
export type ParameterFault =
  | { readonly kind: 'required' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  /** `line` and `column` are 1-based, absent where the parser does not tell. */
  | {
      readonly kind: 'json';
      readonly line?: number;
      readonly column?: number;
    }
  | { readonly kind: 'list' }
  | { readonly kind: 'struct' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

export type ParameterReading =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly fault: ParameterFault };

/** Largest integer that a double holds exactly; larger ones lose digits on a cluster. */
export const MAX_EXACT_INTEGER = Number.MAX_SAFE_INTEGER;

/** Read a text as a value of an input. */
export function readParameter(
  input: PipelineInput,
  text: string
): ParameterReading {
  const { literals } = input;
  if (literals !== undefined && literals.length > 0) {
    return readChoice(input.type, literals, text);
  }
  return readTyped(input.type, text);
}

/** The text of a value as a person would type it: strings bare, everything else JSON. */
export function parameterText(type: string, json: string): string {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'string' && type === 'STRING') {
    return value;
  }
  return type === 'LIST' || type === 'STRUCT'
    ? JSON.stringify(value, undefined, 1).replace(/\n\s*/g, ' ')
    : json;
}

function readTyped(type: string, text: string): ParameterReading {
  const trimmed = text.trim();
  switch (type) {
    case 'STRING':
      return { ok: true, value: text };
    case 'NUMBER_INTEGER':
      return /^[+-]?\d+$/.test(trimmed)
        ? { ok: true, value: Number(trimmed) }
        : fault({ kind: 'integer' });
    case 'NUMBER_DOUBLE':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) &&
        Number.isFinite(Number(trimmed))
        ? { ok: true, value: Number(trimmed) }
        : fault({ kind: 'number' });
    case 'BOOLEAN':
      return /^(true|false)$/i.test(trimmed)
        ? { ok: true, value: trimmed.toLowerCase() === 'true' }
        : fault({ kind: 'boolean' });
    default:
      return readJson(type, text);
  }
}

function readJson(type: string, text: string): ParameterReading {
  if (text.trim() === '') {
    return fault({ kind: 'required' });
  }
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return fault({ kind: 'json', ...placeOf(error, text) });
  }
  if (type === 'LIST' && !Array.isArray(value)) {
    return fault({ kind: 'list' });
  }
  if (
    type === 'STRUCT' &&
    (typeof value !== 'object' || value === null || Array.isArray(value))
  ) {
    return fault({ kind: 'struct' });
  }
  return { ok: true, value };
}

function readChoice(
  type: string,
  literals: readonly string[],
  text: string
): ParameterReading {
  const chosen = literals.find(
    literal => literal === text || parameterText(type, literal) === text.trim()
  );
  return chosen === undefined
    ? fault({
        kind: 'choice',
        choices: literals.map(literal => parameterText(type, literal))
      })
    : { ok: true, value: JSON.parse(chosen) as Json };
}

function fault(found: ParameterFault): ParameterReading {
  return { ok: false, fault: found };
}

/** Engines name the place as `position 12` or as `line 1 column 13`. */
function placeOf(
  error: unknown,
  text: string
): { line?: number; column?: number } {
  const message = error instanceof Error ? error.message : '';
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named) {
    return { line: Number(named[1]), column: Number(named[2]) };
  }
  const position = /position (\d+)/.exec(message);
  const at = position
    ? Number(position[1])
    : /end of JSON|Unterminated/i.test(message)
      ? text.length
      : undefined;
  if (at === undefined) {
    return {};
  }
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
