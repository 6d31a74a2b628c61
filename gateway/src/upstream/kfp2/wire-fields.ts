/** Reads answers of a service, whatever they hold. */

/** A JSON object of the wire. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object; empty where there is none. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** A text; empty where there is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
