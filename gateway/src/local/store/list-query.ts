/**
 * Lists of stored resources: filter, sort, page; one implementation for all of them.
 *
 * Follows `backend/src/apiserver/list` and `/filter`: keyset paging with the first row of the next page in the token, ties by id in
 * the same direction, `total_size` over all matches.
 */
import type { SQLInputValue } from 'node:sqlite';

import type { Database } from './database.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import { invalidInput } from './service-error.ts';

/** KFP's filter operations by name. */
export type FilterOperation =
  | 'EQUALS'
  | 'NOT_EQUALS'
  | 'GREATER_THAN'
  | 'GREATER_THAN_EQUALS'
  | 'LESS_THAN'
  | 'LESS_THAN_EQUALS'
  | 'IN'
  | 'IS_SUBSTRING';

/** A condition that has passed the grammar; keys are checked against the list's fields here. */
export interface Predicate {
  readonly operation: FilterOperation;
  readonly key: string;
  /** A time in milliseconds, or plain values. */
  readonly value:
    | { readonly kind: 'time'; readonly at: number }
    | { readonly kind: 'scalar'; readonly value: string | number }
    | {
        readonly kind: 'list';
        readonly values: readonly (string | number)[];
      };
}

/** A column that lists may be filtered and sorted by. */
export interface ListField {
  /** SQL expression over the row. */
  readonly column: string;
  /** `time`: milliseconds in the column, seconds in filters. */
  readonly kind: 'text' | 'number' | 'time';
  /** KFP's column name, where sorting works only while there is one page (its token needs a value it does not have). */
  readonly unpageable?: string;
}

/** What can be listed, and how. */
export interface ListSpec {
  /** KFP's word in messages: Run, Experiment, Pipeline, PipelineVersion, Job. */
  readonly model: string;
  readonly table: string;
  readonly fields: Readonly<Record<string, ListField>>;
  readonly taggable?: boolean;
  /** Prefix and SQL for sort keys like `metric:accuracy`; the text after the prefix is bound as a value. */
  readonly sortPrefix?: { readonly prefix: string; readonly column: string };
}

/** A request for one page, with its grammar checked. */
export interface ListRequest {
  readonly pageSize: number;
  readonly pageToken: string;
  readonly sortBy: string;
  /** The filter's text, for the page token. */
  readonly filterText: string;
  readonly predicates: readonly Predicate[];
}

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly nextPageToken: string;
}

/** A row as SQLite gives it. */
export type SqlRow = Record<string, unknown>;

const DEFAULT_PAGE = 20;
const MAX_PAGE = 200;

interface Sort {
  readonly name: string;
  readonly column: string;
  readonly bound: readonly SQLInputValue[];
  readonly descending: boolean;
  readonly unpageable?: string;
}

/** Read one page. `scope` limits the list beforehand, for example to a pipeline. */
export function listRows(
  database: Database,
  spec: ListSpec,
  request: ListRequest,
  scope: readonly Condition[] = []
): ListPage<SqlRow> {
  if (request.pageSize < 0) {
    throw invalidInput(
      `The page size should be greater than 0. Got ${request.pageSize}`
    );
  }
  const size = Math.min(request.pageSize || DEFAULT_PAGE, MAX_PAGE);
  const token =
    request.pageToken === '' ? undefined : decodePageToken(request.pageToken);
  const sort = readSort(spec, token?.sort ?? request.sortBy);
  if (token !== undefined) {
    const sameSort =
      request.sortBy === '' ||
      sortText(readSort(spec, request.sortBy)) === sortText(sort);
    const sameFilter =
      request.filterText === '' || request.filterText === token.filter;
    if (!sameSort || !sameFilter) {
      throw invalidInput(
        'page token does not match the supplied sort by and/or filtering criteria. Either specify the same criteria or leave the latter empty if page token is specified'
      );
    }
  }
  const conditions = [
    ...scope,
    ...request.predicates.map(predicate => condition(spec, predicate))
  ];
  const where = joined(conditions);
  const total = Number(
    database
      .statement(`SELECT count(*) AS n FROM ${spec.table} ${where.sql}`)
      .get(...where.values)?.['n'] ?? 0
  );
  const direction = sort.descending ? 'DESC' : 'ASC';
  const compare = sort.descending ? '<=' : '>=';
  const after: Condition[] =
    token === undefined
      ? []
      : [
          {
            sql: `(${sort.column}, id) ${compare} (?, ?)`,
            values: [...sort.bound, token.value, token.id]
          }
        ];
  const page = joined([...conditions, ...after]);
  // The page is found in an index, and only its rows are read whole.
  const rows = database
    .statement(
      `SELECT whole.*, page.sort_value FROM
         (SELECT id AS page_id, ${sort.column} AS sort_value FROM ${spec.table} ${page.sql}
          ORDER BY sort_value ${direction}, id ${direction} LIMIT ?) AS page
       JOIN ${spec.table} AS whole ON whole.id = page.page_id
       ORDER BY page.sort_value ${direction}, whole.id ${direction}`
    )
    .all(...sort.bound, ...page.values, size + 1);
  const next = rows.length > size ? rows[size] : undefined;
  let nextPageToken = '';
  if (next !== undefined) {
    const value = next['sort_value'];
    if (
      sort.unpageable !== undefined ||
      (typeof value !== 'string' && typeof value !== 'number')
    ) {
      throw invalidInput(
        `cannot sort by field "${sort.unpageable ?? sort.name}" on type "${spec.model}"`
      ).wrap(`Failed to list ${spec.model.toLowerCase()}s`);
    }
    nextPageToken = encodePageToken({
      sort: sortText(sort),
      value,
      id: String(next['id']),
      filter: token?.filter ?? request.filterText
    });
  }
  return { rows: rows.slice(0, size), total, nextPageToken };
}

/** A WHERE term with its values. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** The scope of rows that belong to something; `undefined` asks for all. */
export function within(
  column: string,
  id: string | undefined
): readonly Condition[] {
  return id === undefined ? [] : [{ sql: `${column} = ?`, values: [id] }];
}

function joined(conditions: readonly Condition[]): Condition {
  return {
    sql:
      conditions.length === 0
        ? ''
        : `WHERE ${conditions.map(term => term.sql).join(' AND ')}`,
    values: conditions.flatMap(term => term.values)
  };
}

function readSort(spec: ListSpec, text: string): Sort {
  const words = text.split(' ').filter(word => word !== '');
  const [given, direction, ...rest] = words;
  const order = direction?.toLowerCase();
  if (
    rest.length > 0 ||
    (order !== undefined && order !== 'asc' && order !== 'desc')
  ) {
    throw invalidInput(
      `Received invalid sort by format "${text}". Supported format: "field_name", "field_name desc", or "field_name asc"`
    );
  }
  const name = given ?? 'created_at';
  const descending = order === 'desc';
  const prefix = spec.sortPrefix;
  if (prefix !== undefined && name.startsWith(prefix.prefix)) {
    const rest = name.slice(prefix.prefix.length);
    return {
      name: rest,
      column: prefix.column,
      bound: [rest],
      descending
    };
  }
  const field = ownField(spec, name.toLowerCase());
  if (field === undefined) {
    throw invalidInput(
      `Invalid sorting field: "${name}" on listable type ${spec.model}`
    );
  }
  return {
    name: name.toLowerCase(),
    column: field.column,
    bound: [],
    descending,
    ...(field.unpageable === undefined ? {} : { unpageable: field.unpageable })
  };
}

function sortText(sort: Sort): string {
  const name = sort.bound.length > 0 ? `metric:${sort.name}` : sort.name;
  return sort.descending ? `${name} desc` : name;
}

function ownField(spec: ListSpec, key: string): ListField | undefined {
  return Object.hasOwn(spec.fields, key) ? spec.fields[key] : undefined;
}

function condition(spec: ListSpec, predicate: Predicate): Condition {
  if (spec.taggable === true && predicate.key.startsWith('tags.')) {
    return tagCondition(predicate);
  }
  const field = ownField(spec, predicate.key);
  if (field === undefined) {
    throw invalidInput(
      `no support for filtering on unrecognized field "${predicate.key}"`
    );
  }
  const { value, operation } = predicate;
  if (value.kind === 'list') {
    const values = value.values.map(item => plain(field, item));
    return {
      sql: `${column(field)} IN (${values.map(() => '?').join(', ')})`,
      values
    };
  }
  if (operation === 'IS_SUBSTRING') {
    const text = value.kind === 'time' ? String(value.at) : String(value.value);
    return { sql: `${column(field)} LIKE ?`, values: [`%${text}%`] };
  }
  if (value.kind === 'time' && field.kind === 'time') {
    return timeCondition(field.column, operation, value.at);
  }
  const plainValue =
    value.kind === 'time' ? value.at / 1000 : plain(field, value.value);
  return {
    sql: `${column(field)} ${OPERATORS[operation]} ?`,
    values: [plainValue]
  };
}

const OPERATORS: Readonly<Record<FilterOperation, string>> = {
  EQUALS: '=',
  NOT_EQUALS: '<>',
  GREATER_THAN: '>',
  GREATER_THAN_EQUALS: '>=',
  LESS_THAN: '<',
  LESS_THAN_EQUALS: '<=',
  IN: 'IN',
  IS_SUBSTRING: 'LIKE'
};

/** KFP compares whole seconds; the column holds milliseconds. Written as ranges, so that the index serves. */
function timeCondition(
  name: string,
  operation: FilterOperation,
  at: number
): Condition {
  const from = Math.floor(at / 1000) * 1000;
  const to = from + 1000;
  switch (operation) {
    case 'EQUALS':
      return { sql: `(${name} >= ? AND ${name} < ?)`, values: [from, to] };
    case 'NOT_EQUALS':
      return { sql: `(${name} < ? OR ${name} >= ?)`, values: [from, to] };
    case 'GREATER_THAN':
      return { sql: `${name} >= ?`, values: [to] };
    case 'GREATER_THAN_EQUALS':
      return { sql: `${name} >= ?`, values: [from] };
    case 'LESS_THAN':
      return { sql: `${name} < ?`, values: [from] };
    default:
      return { sql: `${name} < ?`, values: [to] };
  }
}

function column(field: ListField): string {
  return field.kind === 'time' ? `(${field.column} / 1000)` : field.column;
}

/** MySQL reads a text beside a number column as the number it begins with, or 0. */
function plain(field: ListField, value: string | number): string | number {
  if (field.kind === 'text') {
    return String(value);
  }
  if (typeof value === 'number') {
    return value;
  }
  const number = Number.parseFloat(value);
  return Number.isFinite(number) ? number : 0;
}

function tagCondition(predicate: Predicate): Condition {
  if (predicate.operation !== 'EQUALS' || predicate.value.kind !== 'scalar') {
    throw invalidInput(
      `only EQUALS operation is supported for tag filtering, got ${predicate.operation} for key "${predicate.key}"`
    );
  }
  return {
    sql: 'EXISTS (SELECT 1 FROM json_each(tags) WHERE key = ? AND value = ? COLLATE NOCASE)',
    values: [predicate.key.slice('tags.'.length), String(predicate.value.value)]
  };
}
