/** Why the store could not do what was asked; `io` stands for everything without a better word. */
export type StoreErrorCode =
  'disk-full' | 'damaged' | 'gone' | 'newer' | 'busy' | 'io';

/** A definite failure of the database, with a sentence for a person. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}

const PRIMARY_CODES: Readonly<Record<number, StoreErrorCode>> = {
  5: 'busy',
  6: 'busy',
  10: 'io',
  11: 'damaged',
  13: 'disk-full',
  14: 'gone',
  26: 'damaged'
};

/** SQLITE_READONLY_DBMOVED: the file was renamed or deleted under an open connection. */
const READONLY_DBMOVED = 1032;

const SENTENCES: Readonly<Record<StoreErrorCode, string>> = {
  'disk-full':
    'The disk is full: the local service could not write its database. Free some space and try again.',
  damaged: 'The database of the local service is damaged.',
  gone: 'The database of the local service is gone from its folder. Restart the local service.',
  newer: 'The database was written by a newer version.',
  busy: 'Another process holds the database of the local service.',
  io: 'The database of the local service could not be read or written.'
};

/** The failure with this code, in its own sentence. */
export function storeError(code: StoreErrorCode): StoreError {
  return new StoreError(code, SENTENCES[code]);
}

/** The code of an SQLite error, or `undefined` for an error of another origin or a mistake in SQL. */
export function storeErrorCode(error: unknown): StoreErrorCode | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) {
    return undefined;
  }
  const errcode = error.errcode;
  if (typeof errcode !== 'number') {
    return undefined;
  }
  if (errcode === READONLY_DBMOVED) {
    return 'gone';
  }
  return PRIMARY_CODES[errcode & 0xff];
}

/** Turn an SQLite error into a `StoreError`; anything else comes back unchanged. */
export function asStoreError(error: unknown): unknown {
  const code = storeErrorCode(error);
  return code === undefined
    ? error
    : new StoreError(code, SENTENCES[code], error);
}
