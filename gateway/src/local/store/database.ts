/**
 * The one database of the local service: opening, migrating, transactions, and what happens when the file is no good.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { executionMigrations } from './schema-execution.ts';
import { resourceMigrations } from './schema-resources.ts';
import { asStoreError, StoreError, storeErrorCode } from './store-error.ts';

/** One step of the schema. Versions are unique over all modules and are applied in order. */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

/** An open database. */
export interface Database {
  readonly db: DatabaseSync;
  /** A prepared statement, kept for the next use of the same text. */
  statement(sql: string): StatementSync;
  /**
   * Run `fn` in one transaction, inside the current one if there is one (as a savepoint).
   * Errors of SQLite come out as `StoreError`; every error rolls back.
   */
  transaction<T>(fn: () => T): T;
  /** Where a damaged predecessor was put, when that happened while opening. */
  readonly setAside?: string;
  /** Whether the file was deleted or replaced while it is open: what is written from now on is lost. */
  isGone(): boolean;
  close(): void;
}

/** Statements beyond this number are prepared anew; list queries with filters make new texts. */
const MAX_STATEMENTS = 256;

/**
 * Open the database at `path`, creating or migrating it as needed.
 *
 * A damaged file is renamed (with its journal files) to `<path>.damaged-<time>`, never deleted, and a new one is made.
 * Throws `StoreError` when the file was written by a newer version, the disk is full, or the place cannot be written.
 */
export function openDatabase(
  path: string,
  migrations: readonly Migration[] = allMigrations()
): Database {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(
      'io',
      `The folder ${dirname(path)} cannot be made.`,
      error
    );
  }
  const hadJournal = existsSync(`${path}-wal`);
  try {
    return new OpenDatabase(path, openFile(path, hadJournal, migrations));
  } catch (error) {
    const code =
      error instanceof StoreError ? error.code : storeErrorCode(error);
    if (code !== 'damaged') {
      throw asStoreError(error);
    }
    const setAside = setDamagedAside(path);
    try {
      return new OpenDatabase(
        path,
        openFile(path, false, migrations),
        setAside
      );
    } catch (second) {
      throw asStoreError(second);
    }
  }
}

/** Damaged databases that stand beside `path`: nobody deletes them but a person. */
export function damagedPredecessors(path: string): readonly string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .filter(name => name.startsWith(`${basename(path)}.damaged-`))
    .filter(name => !/-(wal|shm)$/.test(name))
    .map(name => join(folder, name))
    .sort();
}

/** All migrations of this version, in order. */
export function allMigrations(): readonly Migration[] {
  return [...resourceMigrations, ...executionMigrations].sort(
    (a, b) => a.version - b.version
  );
}

function openFile(
  path: string,
  hadJournal: boolean,
  migrations: readonly Migration[]
): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5000 });
  try {
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec('PRAGMA foreign_keys = ON');
    // A journal left behind means that the last process was killed: worth a look at every page. After a clean end it is not.
    if (hadJournal) {
      const answer = db.prepare('PRAGMA quick_check(1)').get();
      if (answer?.['quick_check'] !== 'ok') {
        throw new StoreError('damaged', 'The database failed its check.');
      }
    }
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(db: DatabaseSync, migrations: readonly Migration[]): void {
  const row = db.prepare('PRAGMA user_version').get();
  const current = Number(row?.['user_version'] ?? 0);
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new StoreError(
      'newer',
      `The database of the local service has schema ${current}, this version knows ${newest}: it was written by a newer jupyterlab-kfp.`
    );
  }
  for (const step of migrations) {
    if (step.version <= current) {
      continue;
    }
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const statement of step.statements) {
        db.exec(statement);
      }
      db.exec(`PRAGMA user_version = ${step.version}`);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) {
        db.exec('ROLLBACK');
      }
      throw error;
    }
  }
}

function setDamagedAside(path: string): string {
  const stamp = new Date().toISOString().replace(/[-:.]/g, '');
  let target = `${path}.damaged-${stamp}`;
  for (let n = 1; existsSync(target); n++) {
    target = `${path}.damaged-${stamp}-${n}`;
  }
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) {
      renameSync(path + suffix, target + suffix);
    }
  }
  return target;
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

class OpenDatabase implements Database {
  readonly db: DatabaseSync;
  readonly setAside?: string;
  private readonly _path: string;
  private readonly _inode: number | undefined;
  private readonly _statements = new Map<string, StatementSync>();
  private _depth = 0;

  constructor(path: string, db: DatabaseSync, setAside?: string) {
    this._path = path;
    this._inode = inodeOf(path);
    this.db = db;
    if (setAside !== undefined) {
      this.setAside = setAside;
    }
  }

  statement(sql: string): StatementSync {
    let prepared = this._statements.get(sql);
    if (prepared === undefined) {
      prepared = this.db.prepare(sql);
      if (this._statements.size >= MAX_STATEMENTS) {
        const oldest = this._statements.keys().next();
        if (!oldest.done) {
          this._statements.delete(oldest.value);
        }
      }
      this._statements.set(sql, prepared);
    }
    return prepared;
  }

  transaction<T>(fn: () => T): T {
    const depth = this._depth;
    const [begin, commit, rollback] =
      depth === 0
        ? ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']
        : [
            `SAVEPOINT s${depth}`,
            `RELEASE s${depth}`,
            `ROLLBACK TO s${depth}; RELEASE s${depth}`
          ];
    try {
      this.db.exec(begin);
    } catch (error) {
      throw asStoreError(error);
    }
    this._depth = depth + 1;
    try {
      const result = fn();
      this.db.exec(commit);
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.db.isTransaction) {
        this.db.exec(rollback);
      }
      throw asStoreError(error);
    } finally {
      this._depth = depth;
    }
  }

  isGone(): boolean {
    // SQLite goes on writing to a file that has no name any more, without an error.
    return inodeOf(this._path) !== this._inode;
  }

  close(): void {
    this._statements.clear();
    if (this.db.isOpen) {
      this.db.close();
    }
  }
}
