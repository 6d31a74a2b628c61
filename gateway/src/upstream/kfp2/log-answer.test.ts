import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { logPiece } from './log-answer.ts';

describe('the pieces of a log that a cluster gives whole', () => {
  it('cut no character in two', () => {
    const log = Buffer.from('ab火cd🔥\n');
    for (let limit = 4; limit < 8; limit += 1) {
      let text = '';
      let from = 0;
      for (let more = true; more;) {
        const piece = logPiece(log, { from, limit }, false);
        assert.equal(piece.offset, from);
        text += piece.text;
        from = piece.next;
        more = !piece.end;
      }
      assert.equal(text, 'ab火cd🔥\n');
    }
  });

  it('leave the beginning of a character to the next look while the log grows', () => {
    const log = Buffer.from('ab火').subarray(0, 4);
    const asked = { from: 0, limit: 100 };
    assert.deepEqual(logPiece(log, asked, true), {
      offset: 0,
      text: 'ab',
      next: 2,
      size: 4,
      end: false
    });
    assert.equal(logPiece(log, asked, false).text, 'ab\ufffd');
  });
});
