/** Tells whether a value of unknown origin has a shape. */
export type Check = (value: unknown) => boolean;

/** Any text. */
export const text: Check = value => typeof value === 'string';

/** Absent, or of a shape. JSON null counts as a wrong shape. */
export function maybe(check: Check): Check {
  return value => value === undefined || check(value);
}

/** A list of things of one shape. */
export function listOf(check: Check): Check {
  return value => Array.isArray(value) && value.every(check);
}

/** An object with these members of its own; what else it has stays unlooked at. */
export function shape(members: Readonly<Record<string, Check>>): Check {
  return value =>
    isRecord(value) &&
    Object.entries(members).every(([name, check]) =>
      check(
        Object.prototype.hasOwnProperty.call(value, name)
          ? value[name]
          : undefined
      )
    );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
