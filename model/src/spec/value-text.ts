/**
 * JSON values as text: the one place that prints them for commands, placeholders, STRING inputs and people.
 *
 * Integral numbers print without `.0`, no exponent between 1e-6 and 1e21 (which is what JavaScript prints), keys of structs sorted.
 */
import type { Json } from './ir.ts';

/** Print a number: shortest decimal that reads back as the same double. `-0` prints as `0`. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '0' : String(value);
}

/** Compact JSON with sorted keys; equal values give equal text. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number') {
    return numberText(value);
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  if (isList(value)) {
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  return `{${Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`)
    .join(',')}}`;
}

/** The text a STRING input, a placeholder or an f-string gets: text as is, null empty, the rest as JSON. */
export function valueText(value: Json): string {
  if (value === null) {
    return '';
  }
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** Exact JSON equality; `8` equals `8.0`, the order of keys does not count. */
export function jsonEqual(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** The word KFP uses for the kind of a value in its messages. */
export function valueKind(
  value: Json
): 'null' | 'string' | 'number' | 'bool' | 'list' | 'struct' {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) {
        return 'null';
      }
      return isList(value) ? 'list' : 'struct';
  }
}

function isList(value: readonly Json[] | object): value is readonly Json[] {
  return Array.isArray(value);
}
