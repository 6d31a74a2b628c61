import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import {
  isAlive,
  readAddress,
  removeAddress,
  writeAddress
} from './address-file.ts';
import { findFolders } from './folders.ts';

const NAME = 'jupyterlab-kfp-gateway.json';
const address = {
  url: 'http://127.0.0.1:1',
  token: 't',
  pid: 7,
  version: '0',
  started_at: '2026-11-24T10:00:00Z'
};

describe('the address file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-address-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what was written, readable by its owner only, and leaves no draft', () => {
    writeAddress(folder, address);
    writeAddress(folder, { ...address, pid: 8 });
    assert.deepEqual(readAddress(folder), { ...address, pid: 8 });
    assert.equal(statSync(join(folder, NAME)).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), [NAME]);
  });

  it('is set aside when it is broken, whatever stands in it', () => {
    for (const text of ['', '{', '[]', '{"url": 1, "pid": 2}']) {
      writeFileSync(join(folder, NAME), text);
      assert.equal(readAddress(folder), undefined, text);
      assert.equal(existsSync(join(folder, NAME)), false);
      assert.ok(existsSync(join(folder, `${NAME}.damaged`)));
    }
  });

  it('is removed by its own process only', () => {
    writeAddress(folder, address);
    removeAddress(folder, 99);
    assert.ok(readAddress(folder) !== undefined);
    removeAddress(folder, 7);
    assert.equal(readAddress(folder), undefined);
    removeAddress(folder, 7);
  });

  it('knows living processes', () => {
    assert.equal(isAlive(process.pid), true);
    assert.equal(isAlive(2 ** 22 + 1), false);
  });
});

describe('the folders', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-folders-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("follow Jupyter's variables, and are private", () => {
    const found = findFolders({
      JUPYTER_DATA_DIR: join(folder, 'd'),
      JUPYTER_CONFIG_DIR: join(folder, 'c'),
      JUPYTER_RUNTIME_DIR: join(folder, 'r')
    });
    assert.deepEqual(found, {
      data: join(folder, 'd/jupyterlab-kfp'),
      config: join(folder, 'c/jupyterlab-kfp'),
      runtime: join(folder, 'r')
    });
    assert.equal(statSync(found.data).mode & 0o777, 0o700);
  });

  it('keep the runtime folder below the data folder where it is not named', () => {
    const found = findFolders({
      JUPYTER_DATA_DIR: join(folder, 'd'),
      JUPYTER_CONFIG_DIR: join(folder, 'c')
    });
    assert.equal(found.runtime, join(folder, 'd/runtime'));
  });

  it('give way to flags', () => {
    const data = join(folder, 'mine');
    const found = findFolders(
      { JUPYTER_DATA_DIR: folder, JUPYTER_CONFIG_DIR: folder },
      { data }
    );
    assert.equal(found.data, data);
  });
});
