/** One table read as objects: by id, by another column, in pages. */
import type { Database } from './database.ts';
import {
  listRows,
  type Condition,
  type ListPage,
  type ListRequest,
  type ListSpec,
  type SqlRow
} from './list-query.ts';
import { notFound } from './service-error.ts';

/**
 * Reads the rows of one table. The stores extend it by what they change.
 *
 * `Row` is what a row becomes outside this folder.
 */
export class Table<Row> {
  protected readonly database: Database;
  private readonly _spec: ListSpec;
  private readonly _read: (row: SqlRow) => Row;

  constructor(database: Database, spec: ListSpec, read: (row: SqlRow) => Row) {
    this.database = database;
    this._spec = spec;
    this._read = read;
  }

  /** The row of this id. Throws 404. */
  get(id: string): Row {
    const found = this.find(id);
    if (found === undefined) {
      throw notFound(this._spec.model, id);
    }
    return found;
  }

  /** The row of this id; `undefined` when there is none. */
  find(id: string): Row | undefined {
    return this.first('id = ?', id);
  }

  /** One page of the rows that fulfil the request and the scope. */
  list(request: ListRequest, scope: readonly Condition[] = []): ListPage<Row> {
    const page = listRows(this.database, this._spec, request, scope);
    return { ...page, rows: page.rows.map(this._read) };
  }

  /** The first row of `SELECT … WHERE rest`. */
  protected first(rest: string, ...values: string[]): Row | undefined {
    const row = this.database
      .statement(`SELECT * FROM ${this._spec.table} WHERE ${rest}`)
      .get(...values);
    return row === undefined ? undefined : this._read(row);
  }

  /** All rows of `SELECT … WHERE rest`. */
  protected all(rest: string, ...values: string[]): readonly Row[] {
    return this.database
      .statement(`SELECT * FROM ${this._spec.table} WHERE ${rest}`)
      .all(...values)
      .map(this._read);
  }
}
