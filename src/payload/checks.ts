/** Tells whether a value of unknown origin has a shape. */
export type Check = (value: unknown) => boolean;

/** Any text. */
export const text: Check = value => typeof value === 'string';
/** Any finite number. */
export const number: Check = value =>
  typeof value === 'number' && Number.isFinite(value);
/** True or false. */
export const flag: Check = value => typeof value === 'boolean';
/** A value as payloads store it. */
export const scalar: Check = value =>
  text(value) || typeof value === 'number' || flag(value);

/** A text of a form. */
export function matching(form: RegExp): Check {
  return value => typeof value === 'string' && form.test(value);
}

/** Absent, or of a shape. JSON null counts as a wrong shape. */
export function maybe(check: Check): Check {
  return value => value === undefined || check(value);
}

/** A list of things of one shape. */
export function listOf(check: Check, least = 0, most = Infinity): Check {
  return value =>
    Array.isArray(value) &&
    value.length >= least &&
    value.length <= most &&
    value.every(check);
}

/** A map by name to things of one shape. */
export function mapOf(check: Check): Check {
  return value => isRecord(value) && Object.values(value).every(check);
}

/** An object with these members of its own; what else it has stays unlooked at. */
export function shape(members: Readonly<Record<string, Check>>): Check {
  return value =>
    isRecord(value) &&
    Object.entries(members).every(([name, check]) =>
      check(hasOwn(value, name) ? value[name] : undefined)
    );
}

/** Whether an object has a member of its own: `toString` of a forged name is none. */
export function hasOwn(value: object, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(value, name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
