import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { artifactFileName } from './file-names.ts';

const nameOf = (name: string, uri: string, media_type: string): string =>
  artifactFileName({ name, uri, media_type, is_folder: false });

describe('the name of a file that is downloaded', () => {
  it('ends as what it holds', () => {
    assert.equal(
      nameOf('table', '/a/table', 'text/csv; charset=utf-8'),
      'table.csv'
    );
    assert.equal(
      nameOf('model', '/a/model', 'application/octet-stream'),
      'model'
    );
  });

  it('ends as the file does, once', () => {
    assert.equal(nameOf('model', '/a/model.pt', 'application/zip'), 'model.pt');
    assert.equal(nameOf('a.csv', '/a/a.csv', 'text/csv'), 'a.csv');
    assert.equal(nameOf('data', '/a/v1.0/data', 'text/plain'), 'data.txt');
  });

  it('holds no sign that a system takes for its own', () => {
    assert.equal(nameOf('../a "b"', '/x', 'text/html'), '.._a_b_.html');
    assert.equal(
      artifactFileName({
        name: '',
        uri: '/x',
        media_type: '',
        is_folder: true
      }),
      'artifact.tar.gz'
    );
  });
});
