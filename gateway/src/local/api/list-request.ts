/** The query of a list route: numbers, order and KFP's filter language. */
import type {
  FilterOperation,
  ListRequest,
  Predicate
} from '../store/list-query.ts';
import {
  invalidInput,
  ServiceError,
  unknownApiVersion
} from '../store/service-error.ts';
import { FILTERS } from './messages.ts';
import {
  decodeText,
  GatewayError,
  listField,
  objectField,
  stringField,
  type Decoded
} from './protojson.ts';

/** Query parameters; repeated ones come as lists, of which Go takes the last. */
export type Query = Readonly<Record<string, unknown>>;

/** A text parameter, '' when absent. */
export function queryText(query: Query, name: string): string {
  const value = query[name];
  const one: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof one === 'string' ? one : '';
}

/** An int32 parameter, 0 when absent. Throws as grpc-gateway does. */
export function queryInt(query: Query, name: string): number {
  const text = queryText(query, name);
  if (text === '') {
    if (Object.hasOwn(query, name)) {
      throw numberError(name, text, 'invalid syntax');
    }
    return 0;
  }
  if (!/^[+-]?\d+$/.test(text)) {
    throw numberError(name, text, 'invalid syntax');
  }
  const value = Number(text);
  if (value > 2 ** 31 - 1 || value < -(2 ** 31)) {
    throw numberError(name, text, 'value out of range');
  }
  return value;
}

function numberError(name: string, text: string, why: string): GatewayError {
  return new GatewayError(
    `parsing field "${name}": strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`
  );
}

/** A bool parameter in Go's spellings. */
export function queryBool(query: Query, name: string): boolean {
  const text = queryText(query, name);
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) {
    return true;
  }
  if (['', '0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) {
    return false;
  }
  throw new GatewayError(
    `parsing field "${name}": strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`
  );
}

/**
 * Read the query of a list. Numbers fail at once; the filter fails when `options` of the result is called,
 * because each list puts its own words before that failure.
 */
export function listRequest(
  query: Query,
  api: 'v1' | 'v2'
): { readonly options: () => ListRequest; readonly summary: string } {
  const pageSize = queryInt(query, 'page_size');
  const pageToken = queryText(query, 'page_token');
  const sortBy = queryText(query, 'sort_by');
  const filter = queryText(query, 'filter');
  return {
    // The pipeline lists print what they were asked (`apiserver/server/pipeline_server.go`).
    summary: `pageToken: ${pageToken}, pageSize: ${pageSize}, sortBy: ${sortBy}, filter: ${filter}`,
    options: () => {
      if (pageSize < 0) {
        throw invalidInput(
          `The page size should be greater than 0. Got ${pageSize}`
        );
      }
      return {
        pageSize,
        pageToken,
        sortBy,
        filterText: filter,
        predicates: filter === '' ? [] : readFilter(filter, api)
      };
    }
  };
}

/** Read KFP's filter text. The server URL-decodes it once more (`apiserver/server/list_request_util.go`). */
export function readFilter(
  given: string,
  api: 'v1' | 'v2'
): readonly Predicate[] {
  const text = unescape(given);
  let filter: Decoded;
  try {
    filter = decodeText(text, FILTERS[api]);
  } catch (error) {
    if (error instanceof GatewayError) {
      throw invalidInput(
        `failed to parse valid filter from ${JSON.stringify(text)}: ${error.message}`
      );
    }
    throw error;
  }
  return listField(filter, 'predicates').map(item => readPredicate(item, api));
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidInput(
      `failed to parse valid filter from ${JSON.stringify(text)}`
    );
  }
}

const OPERATIONS: readonly FilterOperation[] = [
  'EQUALS',
  'NOT_EQUALS',
  'GREATER_THAN',
  'GREATER_THAN_EQUALS',
  'LESS_THAN',
  'LESS_THAN_EQUALS',
  'IN',
  'IS_SUBSTRING'
];

const SCALARS = [
  ['int_value', 'int32'],
  ['long_value', 'int64'],
  ['string_value', 'string']
] as const;

const LISTS = [
  ['int_values', 'int32'],
  ['long_values', 'int64'],
  ['string_values', 'string']
] as const;

function readPredicate(item: Decoded, api: 'v1' | 'v2'): Predicate {
  const word = stringField(item, api === 'v1' ? 'op' : 'operation');
  const operation = OPERATIONS.find(known => known === word);
  if (operation === undefined) {
    throw unknownApiVersion(
      'Error using Filter.Predicate.Operation with go_client.Predicate_Operation'
    );
  }
  const key = stringField(item, 'key');
  const [value, type] = readValue(item);
  if (key === '') {
    throw invalidInput(
      `Predicate key cannot be empty for operation ${operation} and value ${shown(value)}`
    );
  }
  if (value.kind === 'list' && operation !== 'IN') {
    throw invalidInput(
      `cannot use scalar operator ${operation} on array type []${type}`
    );
  }
  if (value.kind !== 'list' && operation === 'IN') {
    throw invalidInput(`cannot use IN operator with scalar type ${type}`);
  }
  if (operation === 'IS_SUBSTRING' && type !== 'string') {
    throw invalidInput(
      `cannot use non string value type ${type} with operator IS_SUBSTRING`
    );
  }
  return { operation, key, value };
}

function readValue(item: Decoded): readonly [Predicate['value'], string] {
  for (const [field, type] of SCALARS) {
    const value = item[field];
    if (typeof value === 'string' || typeof value === 'number') {
      return [{ kind: 'scalar', value }, type];
    }
  }
  const at = item['timestamp_value'];
  if (typeof at === 'number') {
    return [{ kind: 'time', at }, 'int64'];
  }
  for (const [field, type] of LISTS) {
    const list = objectField(item, field);
    if (list !== undefined) {
      const values = Array.isArray(list['values']) ? list['values'] : [];
      return [
        { kind: 'list', values: values as readonly (string | number)[] },
        type
      ];
    }
  }
  throw unknownApiVersion('Error using Filter.Predicate.Value with <nil>');
}

function shown(value: Predicate['value']): string {
  return value.kind === 'list'
    ? `[${value.values.join(' ')}]`
    : String(value.kind === 'time' ? value.at / 1000 : value.value);
}

/** Run a list; failures of its options get `optionsWrapper`, those of reading the page bring their own. */
export function wrapListOptions<T>(optionsWrapper: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (
      error instanceof ServiceError &&
      !error.message.startsWith('Failed to')
    ) {
      throw error.wrap(optionsWrapper);
    }
    throw error;
  }
}
