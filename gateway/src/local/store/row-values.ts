/** Reading columns of SQLite rows into the types that the schema promises. */
import type { SqlRow } from './list-query.ts';

/** A TEXT column. */
export function text(row: SqlRow, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') {
    throw new TypeError(`Column ${name} holds no text.`);
  }
  return value;
}

/** An INTEGER or REAL column. */
export function number(row: SqlRow, name: string): number {
  const value = row[name];
  if (typeof value !== 'number') {
    throw new TypeError(`Column ${name} holds no number.`);
  }
  return value;
}

/** A TEXT column with JSON that this package wrote itself; `T` is the shape it was written from. */
export function json<T>(row: SqlRow, name: string): T {
  return JSON.parse(text(row, name)) as T;
}
