/** One gateway owns a data folder: two would run every task twice. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** Gives the folder back. */
export type Release = () => void;

/** How long a gateway that ends may take, in milliseconds, and how often it is asked. */
const PATIENCE = 10_000;
const POLL = 100;

const LOCK = 'owner.lock';
const OWNER = 'owner.json';

/**
 * Own a data folder. `undefined` when `isServed` says that another gateway took it and answers; throws a sentence when
 * another one keeps it and does not.
 *
 * The lock is SQLite's own on a file beside the database: the system gives it back when its holder dies, however it dies.
 */
export async function ownFolder(
  data: string,
  isServed: () => Promise<boolean>
): Promise<Release | undefined> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const until = Date.now() + PATIENCE;
  for (;;) {
    const lock = tryLock(join(data, LOCK));
    if (lock !== undefined) {
      const file = join(data, OWNER);
      writeFileSync(file, `${JSON.stringify({ pid: process.pid })}\n`);
      return () => {
        rmSync(file, { force: true });
        lock.close();
      };
    }
    if (await isServed()) {
      return undefined;
    }
    if (Date.now() > until) {
      throw new Error(
        `the folder ${data} is in use by another gateway${ownerOf(data)}. Stop that one, or use another folder (--data-dir).`
      );
    }
    await sleep(POLL);
  }
}

/** Errors of SQLite that mean: somebody has it; it is no database. */
const BUSY = 5;
const NO_DATABASE = 26;

function tryLock(file: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    const code = (error as { errcode?: number }).errcode;
    if (code === NO_DATABASE) {
      // Nobody of ours wrote that, and nothing is kept in it.
      rmSync(file, { force: true });
    } else if (code !== BUSY) {
      throw error;
    }
    return undefined;
  }
}

function ownerOf(data: string): string {
  try {
    const { pid } = JSON.parse(readFileSync(join(data, OWNER), 'utf8')) as {
      pid?: unknown;
    };
    return typeof pid === 'number' ? ` (process ${pid})` : '';
  } catch {
    return ''; // it is just beginning or ending
  }
}
