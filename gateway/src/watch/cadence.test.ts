import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { backoff, pauseIn, type Situation } from './cadence.ts';

/** A run on a cluster that goes on for a while, in sight. */
const SEEN: Situation = {
  attention: 'visible',
  wanted: 'no',
  isPolled: true,
  age: 60_000
};

describe('the cadence', () => {
  const rows: readonly (readonly [
    string,
    Partial<Situation>,
    number | undefined
  ])[] = [
    ['every second right after submit or an action', { age: 14_999 }, 1000],
    [
      'every second for those who are not seen, too',
      { age: 0, attention: 'hidden' },
      1000
    ],
    ['every 2 s while somebody sees it', { age: 15_000 }, 2000],
    ['every 10 s while nobody sees it', { attention: 'hidden' }, 10_000],
    ['every minute for the end alone', { attention: 'end' }, 60_000],
    ['never for what ended or is pushed', { isPolled: false }, undefined],
    ['after a failure when it is time', { retryAfter: 4000 }, 4000],
    [
      'after a failure as late, even while fresh',
      { retryAfter: 4000, age: 0 },
      4000
    ],
    ['at once when a person asks', { wanted: 'now', retryAfter: 4000 }, 0],
    [
      'four times a second for what is pushed',
      { wanted: 'soon', isPolled: false },
      250
    ],
    [
      'every 2 s for what is pushed and not seen',
      { wanted: 'soon', isPolled: false, attention: 'hidden' },
      2000
    ]
  ];
  for (const [sentence, situation, pause] of rows) {
    it(`looks ${sentence}`, () => {
      assert.equal(pauseIn({ ...SEEN, ...situation }), pause);
    });
  }

  it('backs off to a minute with jitter', () => {
    assert.deepEqual(
      [1, 2, 3, 6, 50].map(n => backoff(n, () => 0.5)),
      [2000, 4000, 8000, 60_000, 60_000]
    );
    assert.equal(
      backoff(1, () => 0),
      1500
    );
    assert.equal(
      backoff(50, () => 1),
      60_000
    );
  });
});
