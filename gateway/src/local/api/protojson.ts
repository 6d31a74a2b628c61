/**
 * protojson of requests: into plain objects with snake_case names. Answers are made in `answer-message.ts`.
 *
 * The rules (names, numbers, int64 as text) and the words of the errors are those of
 * `google.golang.org/protobuf/encoding/protojson` behind grpc-gateway.
 */
import { Code, ServiceError } from '../store/service-error.ts';
import {
  JsonSyntaxError,
  plainJson,
  position,
  readJson,
  type JsonMember,
  type JsonNode
} from './json-text.ts';

/** Type of a field. */
export type FieldType =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'double'
  | 'timestamp'
  /** google.protobuf.Struct. */
  | 'struct'
  /** google.protobuf.Value: any JSON. */
  | 'value'
  | { readonly enum: Readonly<Record<string, number>> }
  | { readonly message: MessageSpec }
  | { readonly list: FieldType }
  /** Keys are text. */
  | { readonly map: FieldType };

/** A message of the API: its fields by their snake_case names. */
export interface MessageSpec {
  /** Full name, as errors of oneof show it. */
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Names of fields of which only one may be set, by the name of the oneof. */
  readonly oneofs?: Readonly<Record<string, readonly string[]>>;
}

/** What `decodeMessage` gives: only fields that were sent, `int64` and enums as numbers and names. */
export type Decoded = Readonly<Record<string, unknown>>;

/** A failure before any KFP code ran: no `details` in the answer. */
export class GatewayError extends ServiceError {
  constructor(message: string) {
    super(Code.invalidArgument, message, message);
    this.name = 'GatewayError';
  }
}

/** Read a request body. An empty one is an empty message. Throws `GatewayError`. */
export function decodeBody(text: string, spec: MessageSpec): Decoded {
  let node: JsonNode | undefined;
  try {
    node = readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      throw new GatewayError(error.message);
    }
    throw error;
  }
  return node === undefined ? {} : new Decoder(text).message(node, spec);
}

/** Read a message from a query value. Its syntax errors have protojson's own words. */
export function decodeText(text: string, spec: MessageSpec): Decoded {
  try {
    const node = readJson(text);
    if (node === undefined) {
      throw new GatewayError(
        'proto: syntax error (line 1:1): unexpected token '
      );
    }
    return new Decoder(text).message(node, spec);
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      const where = position(text, error.at);
      throw new GatewayError(
        error.met === ''
          ? 'proto: unexpected EOF'
          : `proto: syntax error (line ${where}): invalid value ${error.met}`
      );
    }
    throw error;
  }
}

class Decoder {
  private readonly _text: string;

  constructor(text: string) {
    this._text = text;
  }

  message(node: JsonNode, spec: MessageSpec): Decoded {
    if (node.kind !== 'object') {
      throw this._unexpected(node);
    }
    const names = nameTable(spec);
    const result: Record<string, unknown> = {};
    const oneofsSet = new Set<string>();
    for (const member of node.members) {
      const name = names.get(member.name);
      const type = name === undefined ? undefined : spec.fields[name];
      if (name === undefined || type === undefined) {
        throw this._error(member.at, `unknown field ${member.rawName}`);
      }
      if (Object.hasOwn(result, name)) {
        throw this._error(member.at, `duplicate field ${member.rawName}`);
      }
      if (member.value.kind === 'null' && type !== 'value') {
        continue;
      }
      this._checkOneof(spec, name, member, oneofsSet);
      result[name] = this._value(member.value, type, name);
    }
    return result;
  }

  private _checkOneof(
    spec: MessageSpec,
    name: string,
    member: JsonMember,
    seen: Set<string>
  ): void {
    for (const [oneof, members] of Object.entries(spec.oneofs ?? {})) {
      if (members.includes(name)) {
        if (seen.has(oneof)) {
          throw this._error(
            member.at,
            `error parsing ${member.rawName}, oneof ${spec.name}.${oneof} is already set`
          );
        }
        seen.add(oneof);
      }
    }
  }

  private _value(node: JsonNode, type: FieldType, name: string): unknown {
    if (typeof type === 'object') {
      if ('message' in type) {
        return this.message(node, type.message);
      }
      if ('enum' in type) {
        return this._enum(node, type.enum, name);
      }
      if ('list' in type) {
        if (node.kind !== 'array') {
          throw this._unexpected(node);
        }
        return node.items.map(item => this._value(item, type.list, name));
      }
      if (node.kind !== 'object') {
        throw this._unexpected(node);
      }
      return Object.fromEntries(
        node.members.map(member => [
          member.name,
          this._value(member.value, type.map, name)
        ])
      );
    }
    switch (type) {
      case 'string':
        if (node.kind === 'string') {
          return node.value;
        }
        break;
      case 'bool':
        if (node.kind === 'bool') {
          return node.value;
        }
        break;
      case 'int32':
      case 'int64':
        return this._integer(node, type, name);
      case 'double': {
        const raw = scalarText(node);
        const value = raw === undefined ? NaN : Number(raw);
        if (raw !== undefined && raw !== '' && !Number.isNaN(value)) {
          return value;
        }
        break;
      }
      case 'timestamp':
        return this._timestamp(node);
      case 'struct':
        if (node.kind !== 'object') {
          throw this._unexpected(node);
        }
        return plainJson(node);
      case 'value':
        return plainJson(node);
    }
    throw this._invalid(node, type, name);
  }

  private _integer(
    node: JsonNode,
    type: 'int32' | 'int64',
    name: string
  ): number {
    const raw = scalarText(node);
    const value = raw === undefined || raw === '' ? NaN : Number(raw);
    const limit = type === 'int32' ? 2 ** 31 : 2 ** 63;
    if (!Number.isInteger(value) || value >= limit || value < -limit) {
      throw this._invalid(node, type, name);
    }
    return value;
  }

  private _enum(
    node: JsonNode,
    values: Readonly<Record<string, number>>,
    name: string
  ): string {
    if (node.kind === 'string' && Object.hasOwn(values, node.value)) {
      return node.value;
    }
    if (node.kind === 'number' && /^-?\d+$/.test(node.raw)) {
      const found = Object.entries(values).find(
        ([, number]) => number === Number(node.raw)
      );
      return found?.[0] ?? node.raw;
    }
    throw this._invalid(node, 'enum', name);
  }

  private _timestamp(node: JsonNode): number {
    if (node.kind !== 'string') {
      throw this._unexpected(node);
    }
    const at = parseTimestamp(node.value);
    if (at === undefined) {
      throw this._error(
        node.at,
        `invalid google.protobuf.Timestamp value ${node.raw}`
      );
    }
    return at;
  }

  private _invalid(node: JsonNode, type: string, name: string): GatewayError {
    return this._error(
      node.at,
      `invalid value for ${type} field ${name}: ${this._raw(node)}`
    );
  }

  private _unexpected(node: JsonNode): GatewayError {
    return new GatewayError(
      `proto: syntax error (line ${position(this._text, node.at)}): unexpected token ${this._raw(node)}`
    );
  }

  private _error(at: number, what: string): GatewayError {
    return new GatewayError(
      `proto: (line ${position(this._text, at)}): ${what}`
    );
  }

  private _raw(node: JsonNode): string {
    switch (node.kind) {
      case 'string':
      case 'number':
        return node.raw;
      case 'bool':
        return String(node.value);
      case 'null':
        return 'null';
      case 'array':
        return '[';
      case 'object':
        return '{';
    }
  }
}

function scalarText(node: JsonNode): string | undefined {
  return node.kind === 'number'
    ? node.raw
    : node.kind === 'string' && node.value.trim() === node.value
      ? node.value
      : undefined;
}

const TABLES = new WeakMap<MessageSpec, ReadonlyMap<string, string>>();

/** Both spellings of every field. */
function nameTable(spec: MessageSpec): ReadonlyMap<string, string> {
  let table = TABLES.get(spec);
  if (table === undefined) {
    const names = Object.keys(spec.fields);
    table = new Map([
      ...names.map(name => [name, name] as const),
      ...names.map(name => [camelCase(name), name] as const)
    ]);
    TABLES.set(spec, table);
  }
  return table;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds of an RFC 3339 text; `undefined` when it is none. */
export function parseTimestamp(text: string): number | undefined {
  const at = RFC3339.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

// Readers of decoded messages: the decoder has checked the types, these give the zero value where nothing was sent.

export function stringField(body: Decoded, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

export function numberField(body: Decoded, name: string): number {
  const value = body[name];
  return typeof value === 'number' ? value : 0;
}

export function boolField(body: Decoded, name: string): boolean {
  return body[name] === true;
}

/** A message or struct field; `undefined` where nothing was sent. */
export function objectField(body: Decoded, name: string): Decoded | undefined {
  const value = body[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Decoded)
    : undefined;
}

/** A repeated field of messages. */
export function listField(body: Decoded, name: string): readonly Decoded[] {
  const value = body[name];
  return Array.isArray(value) ? (value as readonly Decoded[]) : [];
}
