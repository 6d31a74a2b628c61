import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { coverOf } from './cover-values.ts';

describe('coverOf', () => {
  it('covers the secrets of a run wherever they stand in a value', () => {
    const cover = coverOf({ api_token: 'hunter2-hunter2', rows: 3 });
    assert.equal(cover('hunter2-hunter2'), '••••');
    assert.deepEqual(cover({ a: ['Bearer hunter2-hunter2', 3, null] }), {
      a: ['Bearer ••••', 3, null]
    });
  });

  it('leaves everything as it is without a secret, and short words that stand everywhere', () => {
    const value = { a: ['one'] };
    assert.equal(coverOf({ rows: 3, name: 'one' })(value), value);
    assert.deepEqual(coverOf({ password: 'one' })(value), value);
  });
});
