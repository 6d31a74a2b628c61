import { cut } from 'jupyterlab-kfp-model';

/** What no value is worth. */
export const WRONG = Symbol('wrong');

/** What a value of unknown origin is worth: itself, brought into its limits; `WRONG` when it has not the shape. */
export type Reader = (value: unknown) => unknown;

/** A text of at most so many characters. */
export function text(limit: number): Reader {
  return value => (typeof value === 'string' ? cut(value, limit) : WRONG);
}

/** Any finite number. */
export const number: Reader = value =>
  typeof value === 'number' && Number.isFinite(value) ? value : WRONG;

/** How many there are of something. */
export const count: Reader = value =>
  number(value) === WRONG
    ? WRONG
    : Math.min(Math.max(0, Math.trunc(Number(value))), 1e7);

/** True or false. */
export const flag: Reader = value =>
  typeof value === 'boolean' ? value : WRONG;

/** A value as payloads store it. */
export function scalar(limit: number): Reader {
  return value =>
    typeof value === 'string'
      ? cut(value, limit)
      : typeof value === 'number' || typeof value === 'boolean'
        ? value
        : WRONG;
}

/** A text of a form. */
export function matching(form: RegExp): Reader {
  return value =>
    typeof value === 'string' && form.test(value) ? value : WRONG;
}

/** Absent, or of a shape. JSON null counts as a wrong shape. */
export function maybe(read: Reader): Reader {
  return value => (value === undefined ? undefined : read(value));
}

/** A list of things of one shape, of which so many are read. */
export function listOf(read: Reader, most: number): Reader {
  return value => {
    if (!Array.isArray(value)) {
      return WRONG;
    }
    const items = value.slice(0, most).map(read);
    return items.includes(WRONG) ? WRONG : items;
  };
}

/** A map by name to things of one shape, of which so many are read; names that are too long are left out. */
export function mapOf(
  read: Reader,
  limits: { readonly most: number; readonly name: number }
): Reader {
  return value => {
    if (!isRecord(value)) {
      return WRONG;
    }
    const items = Object.entries(value)
      .filter(([name]) => name.length <= limits.name)
      .slice(0, limits.most)
      .map(([name, each]) => [name, read(each)] as const);
    return items.some(([, each]) => each === WRONG)
      ? WRONG
      : Object.fromEntries(items);
  };
}

/** An object with these members of its own; what else it has stays as it is. */
export function shape(members: Readonly<Record<string, Reader>>): Reader {
  return value => {
    if (!isRecord(value)) {
      return WRONG;
    }
    const known = Object.entries(members).map(
      ([name, read]) =>
        [name, read(hasOwn(value, name) ? value[name] : undefined)] as const
    );
    return known.some(([, each]) => each === WRONG)
      ? WRONG
      : {
          ...value,
          ...Object.fromEntries(known.filter(([, each]) => each !== undefined))
        };
  };
}

/** Whether an object has a member of its own: `toString` of a forged name is none. */
export function hasOwn(value: object, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(value, name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
