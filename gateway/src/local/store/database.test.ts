import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import {
  allMigrations,
  damagedPredecessors,
  openDatabase
} from './database.ts';
import { StoreError } from './store-error.ts';

describe('openDatabase', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-store-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes its folder, migrates once and keeps what was written', () => {
    const path = join(folder, 'a', 'b.db');
    const first = openDatabase(path);
    first.statement('INSERT INTO settings VALUES (?, ?)').run('k', 'v');
    first.close();
    const second = openDatabase(path);
    assert.deepEqual(
      { ...second.statement('SELECT * FROM settings').get() },
      { key: 'k', value: 'v' }
    );
    assert.equal(second.setAside, undefined);
    second.close();
  });

  it('numbers its migrations without a repeat', () => {
    const versions = allMigrations().map(step => step.version);
    assert.equal(new Set(versions).size, versions.length);
  });

  it('brings the database of every earlier version forward, with its rows', () => {
    const all = allMigrations();
    for (let known = 1; known < all.length; known++) {
      const path = join(folder, `v${known}.db`);
      const old = openDatabase(path, all.slice(0, known));
      old.statement('INSERT INTO settings VALUES (?, ?)').run('k', 'v');
      old.statement(`INSERT INTO documents VALUES ('d', 'ir', '{}')`).run();
      old.close();
      const now = openDatabase(path);
      assert.equal(now.setAside, undefined);
      assert.equal(
        now.db.prepare('PRAGMA user_version').get()?.['user_version'],
        all.at(-1)?.version
      );
      assert.equal(
        now.statement('SELECT value FROM settings').get()?.['value'],
        'v'
      );
      assert.equal(
        now.statement('SELECT count(*) AS n FROM tasks').get()?.['n'],
        0
      );
      now.close();
    }
  });

  it('leaves the old schema alone when a step fails', () => {
    const path = join(folder, 'x.db');
    const all = allMigrations();
    openDatabase(path, all).close();
    const broken = {
      version: 1000,
      statements: ['CREATE TABLE extra (a)', 'CREATE TABLE runs (a)']
    };
    assert.throws(() => openDatabase(path, [...all, broken]), /already exists/);
    const again = openDatabase(path, all);
    assert.equal(
      again
        .statement(
          `SELECT count(*) AS n FROM sqlite_master WHERE name = 'extra'`
        )
        .get()?.['n'],
      0
    );
    again.close();
  });

  it('notices that its file was deleted or replaced while it is open', () => {
    const path = join(folder, 'x.db');
    const database = openDatabase(path);
    assert.equal(database.isGone(), false);
    rmSync(path);
    assert.equal(database.isGone(), true);
    const second = openDatabase(path);
    assert.equal(database.isGone(), true);
    assert.equal(second.isGone(), false);
    second.close();
    database.close();
  });

  it('rolls back what failed and keeps the outer transaction', () => {
    const database = openDatabase(join(folder, 'x.db'));
    const put = (key: string) =>
      database.statement('INSERT INTO settings VALUES (?, ?)').run(key, '');
    database.transaction(() => {
      put('outer');
      assert.throws(
        () =>
          database.transaction(() => {
            put('inner');
            throw new RangeError('no');
          }),
        RangeError
      );
    });
    assert.deepEqual(
      database
        .statement('SELECT key FROM settings')
        .all()
        .map(row => row['key']),
      ['outer']
    );
    database.close();
  });

  it('sets a damaged file aside and starts anew', () => {
    const path = join(folder, 'x.db');
    writeFileSync(path, 'this is no database, but it is long enough to look');
    const database = openDatabase(path);
    assert.ok(database.setAside !== undefined && existsSync(database.setAside));
    assert.match(readFileSync(database.setAside, 'utf8'), /no database/);
    assert.deepEqual(damagedPredecessors(path), [database.setAside]);
    assert.equal(
      database.statement('SELECT count(*) AS n FROM runs').get()?.['n'],
      0
    );
    database.close();
  });

  it('sets aside a database that a kill left with broken pages', () => {
    const path = join(folder, 'x.db');
    const database = openDatabase(path);
    for (let n = 0; n < 2000; n++) {
      database
        .statement('INSERT INTO settings VALUES (?, ?)')
        .run(`k${n}`, 'x'.repeat(200));
    }
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 4096 * 3, 4096 * 60);
    writeFileSync(path, bytes);
    writeFileSync(`${path}-wal`, '');
    const anew = openDatabase(path);
    assert.ok(anew.setAside !== undefined);
    assert.equal(readFileSync(anew.setAside).length, bytes.length);
    anew.close();
  });

  it('refuses the file of a newer version and leaves it alone', () => {
    const path = join(folder, 'x.db');
    const database = openDatabase(path);
    database.db.exec('PRAGMA user_version = 9999');
    database.close();
    assert.throws(
      () => openDatabase(path),
      (error: unknown) => error instanceof StoreError && error.code === 'newer'
    );
    assert.ok(existsSync(path));
  });

  it('says that the disk is full and keeps what was there', () => {
    const database = openDatabase(join(folder, 'x.db'));
    database.statement('INSERT INTO settings VALUES (?, ?)').run('a', '');
    const pages = Number(
      database.db.prepare('PRAGMA page_count').get()?.['page_count']
    );
    database.db.exec(`PRAGMA max_page_count = ${pages}`);
    assert.throws(
      () =>
        database.transaction(() => {
          for (let n = 0; n < 1000; n++) {
            database
              .statement('INSERT INTO settings VALUES (?, ?)')
              .run(`k${n}`, 'x'.repeat(1000));
          }
        }),
      (error: unknown) =>
        error instanceof StoreError && error.code === 'disk-full'
    );
    assert.equal(
      database.statement('SELECT count(*) AS n FROM settings').get()?.['n'],
      1
    );
    database.close();
  });
});
