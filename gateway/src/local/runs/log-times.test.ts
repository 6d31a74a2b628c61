import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { timesIn } from './log-times.ts';

describe('times of a log', () => {
  it('are read in order, without a line that is not whole yet', () => {
    assert.deepEqual(timesIn('0 1000\n12 2000\n40 30'), [
      [0, 1000],
      [12, 2000]
    ]);
  });

  it('forget what was written again', () => {
    assert.deepEqual(timesIn('0 1000\n12 2000\n40 3000\n12 9000\n'), [
      [0, 1000],
      [12, 9000]
    ]);
  });

  it('are empty for an empty or broken file', () => {
    assert.deepEqual(timesIn(''), []);
    assert.deepEqual(timesIn('what is this\n'), []);
  });
});
