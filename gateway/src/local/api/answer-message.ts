/**
 * Messages of answers by the rules of `google.golang.org/protobuf/encoding/protojson` behind grpc-gateway: zero values are
 * left out, times are whole seconds.
 */

/** Whole seconds in UTC, as every time in an answer. */
export function timestamp(at: number): string {
  return new Date(Math.floor(at / 1000) * 1000)
    .toISOString()
    .replace('.000Z', 'Z');
}

/** What Go prints for a time that was never set. */
export const NO_TIME = '0001-01-01T00:00:00Z';

/**
 * An answer's message: fields with protojson's zero values ('' 0 false, empty list, undefined) are left out.
 * Maps and messages are taken as they are: leave an empty map out by passing `undefined`.
 */
export function message(
  fields: Readonly<Record<string, unknown>>
): Record<string, unknown> {
  // A plain loop: an answer about a run of a thousand tasks has some ten thousand of these.
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    if (
      value !== undefined &&
      value !== '' &&
      value !== 0 &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0)
    ) {
      kept[name] = value;
    }
  }
  return kept;
}

/** A map field: absent when empty. */
export function mapField<T>(
  map: Readonly<Record<string, T>>
): Readonly<Record<string, T>> | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}
