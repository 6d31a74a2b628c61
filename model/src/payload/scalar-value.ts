/**
 * Values as a payload stores them: scalars as they are, everything else as cut JSON text.
 */
import { looksSecret, REDACTED } from '../parameters/secret-names.ts';
import type { Json } from '../spec/ir.ts';
import { cut } from './cut-text.ts';
import { PAYLOAD_LIMITS } from './limits.ts';

/**
 * A value given as JSON text; secret-like ones become dots.
 *
 * Numbers that JavaScript cannot hold exactly stay text, so that no digit is made up.
 */
export function scalarValue(
  name: string,
  json: string
): string | number | boolean {
  let value: Json;
  try {
    value = JSON.parse(json) as Json;
  } catch {
    // A view made from an older payload holds cut JSON text: shown, never read.
    return looksSecret(name, json) ? REDACTED : cut(json, PAYLOAD_LIMITS.value);
  }
  if (looksSecret(name, value)) {
    return REDACTED;
  }
  switch (typeof value) {
    case 'string':
      return cut(value, PAYLOAD_LIMITS.value);
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) &&
        (!Number.isInteger(value) || Number.isSafeInteger(value))
        ? value
        : cut(json, PAYLOAD_LIMITS.value);
    default:
      return cut(json, PAYLOAD_LIMITS.value);
  }
}
