/**
 * Strict reading of protojson: unknown fields, wrong kinds and doubled fields are errors, camelCase and snake_case are accepted.
 *
 * The result is a plain object with camelCase names; an absent field, and one that is null, is absent.
 */
import type { Json } from './ir.ts';
import { nameMap } from './name-map.ts';
import { MESSAGES, ONE_OF } from './proto-schema.ts';

/** A message after decoding. */
export type Decoded = Readonly<Record<string, unknown>>;

/** What is wrong with a document, and where: `root.dag.tasks.train: unknown field "x"`. */
export class DecodeError extends Error {
  readonly path: string;

  constructor(path: string, problem: string) {
    super(path === '' ? problem : `${path}: ${problem}`);
    this.name = 'DecodeError';
    this.path = path;
  }
}

/** What to do with fields that the message does not have. */
export type UnknownFields = 'refuse' | 'drop';

/**
 * Read a message.
 *
 * @throws DecodeError for the first thing that does not fit.
 */
export function decodeMessage(
  message: string,
  json: unknown,
  unknown: UnknownFields = 'refuse',
  path = ''
): Decoded {
  const schema = MESSAGES[message];
  if (schema === undefined) {
    throw new DecodeError(path, `no message is called ${message}`);
  }
  if (!isObject(json)) {
    throw new DecodeError(path, `expected an object, got ${kindOf(json)}`);
  }
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = Object.hasOwn(schema, name) ? name : camelCase(name);
    const type = Object.hasOwn(schema, field) ? schema[field] : undefined;
    const here = path === '' ? name : `${path}.${name}`;
    if (type === undefined) {
      if (unknown === 'drop') {
        continue;
      }
      throw new DecodeError(path, `unknown field "${name}"`);
    }
    if (value === undefined || (value === null && type !== 'value')) {
      continue;
    }
    if (Object.hasOwn(fields, field)) {
      throw new DecodeError(path, `field "${field}" is given twice`);
    }
    fields[field] = decodeField(type, value, unknown, here);
  }
  for (const group of ONE_OF[message] ?? []) {
    const given = group.filter(name => Object.hasOwn(fields, name));
    if (given.length > 1) {
      throw new DecodeError(path, `only one of ${given.join(', ')} may be set`);
    }
  }
  return fields;
}

/** Tell whether a value is an object that is neither null nor a list. */
export function isObject(
  value: unknown
): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tell whether a value is JSON all the way down, with finite numbers. */
export function isJson(value: unknown): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return (
        value === null ||
        (Array.isArray(value)
          ? value.every(isJson)
          : Object.values(value).every(isJson))
      );
    default:
      return false;
  }
}

function decodeField(
  type: string,
  value: unknown,
  unknown: UnknownFields,
  path: string
): unknown {
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) {
      throw new DecodeError(path, `expected a list, got ${kindOf(value)}`);
    }
    return value.map((item: unknown, index) =>
      decodeField(type.slice(2), item, unknown, `${path}[${index}]`)
    );
  }
  if (type.startsWith('{}')) {
    if (!isObject(value)) {
      throw new DecodeError(path, `expected an object, got ${kindOf(value)}`);
    }
    return nameMap(
      Object.entries(value).map(
        ([name, item]) =>
          [
            name,
            decodeField(type.slice(2), item, unknown, `${path}.${name}`)
          ] as const
      )
    );
  }
  if (type.startsWith('enum:')) {
    return decodeEnum(type.slice('enum:'.length).split('|'), value, path);
  }
  switch (type) {
    case 'string':
      if (typeof value !== 'string') {
        throw new DecodeError(path, `expected text, got ${kindOf(value)}`);
      }
      return value;
    case 'bool':
      if (typeof value !== 'boolean') {
        throw new DecodeError(
          path,
          `expected true or false, got ${kindOf(value)}`
        );
      }
      return value;
    case 'int':
    case 'double':
      return decodeNumber(type, value, path);
    case 'duration':
      return decodeDuration(value, path);
    case 'value':
      if (!isJson(value)) {
        throw new DecodeError(path, 'expected a JSON value');
      }
      return value;
    case 'struct':
      if (!isObject(value) || !isJson(value)) {
        throw new DecodeError(path, `expected an object, got ${kindOf(value)}`);
      }
      return value;
    default:
      return decodeMessage(type, value, unknown, path);
  }
}

function decodeEnum(
  names: readonly string[],
  value: unknown,
  path: string
): string {
  const name = typeof value === 'number' ? names[value] : value;
  if (typeof name !== 'string' || !names.includes(name)) {
    throw new DecodeError(path, `unknown word ${JSON.stringify(value)}`);
  }
  return name;
}

/** protojson takes numbers as text too. */
function decodeNumber(
  type: 'int' | 'double',
  value: unknown,
  path: string
): number {
  const number =
    typeof value === 'string' && /^[-+0-9.eE]+$/.test(value)
      ? Number(value)
      : value;
  if (
    typeof number !== 'number' ||
    !Number.isFinite(number) ||
    (type === 'int' && !Number.isInteger(number))
  ) {
    throw new DecodeError(path, `expected a number, got ${kindOf(value)}`);
  }
  return number;
}

/** A duration is text such as `3.5s`; the result is in seconds. */
function decodeDuration(value: unknown, path: string): number {
  const match =
    typeof value === 'string'
      ? /^(-?\d{1,12}(?:\.\d{1,9})?)s$/.exec(value)
      : null;
  if (match === null) {
    throw new DecodeError(path, 'expected a duration such as "30s"');
  }
  return Number(match[1]);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) =>
    letter.toUpperCase()
  );
}

function kindOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
