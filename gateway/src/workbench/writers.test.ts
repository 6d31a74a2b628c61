import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Writers } from './writers.ts';

const MINUTE = 60_000;

describe('Writers', () => {
  it('lets only the first page write, as often as it asks', () => {
    const writers = new Writers();
    const may = (page: string): boolean =>
      writers.claim({ what: 'a run in a notebook', page }, 0);
    assert.deepEqual(['a', 'b', 'a', 'b'].map(may), [true, false, true, false]);
  });

  it('keeps documents apart', () => {
    const writers = new Writers();
    assert.ok(writers.claim({ what: 'one', page: 'a' }, 0));
    assert.ok(writers.claim({ what: 'other', page: 'b' }, 0));
  });

  it('lets another page write when the first one has been silent for long', () => {
    const writers = new Writers();
    const may = (page: string, minute: number): boolean =>
      writers.claim({ what: 'a run', page }, minute * MINUTE);
    assert.ok(may('a', 0));
    assert.ok(may('a', 5));
    assert.equal(may('b', 14), false);
    assert.ok(may('b', 16));
  });
});
