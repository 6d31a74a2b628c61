import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { bytesToLineStart } from './line-start.ts';

describe('the tail of a log', () => {
  const tailOf = (text: string): string => {
    const bytes = Buffer.from(text);
    return bytes.subarray(bytesToLineStart(bytes)).toString();
  };

  it('begins with a whole line', () => {
    assert.equal(tailOf('lf a line\nnext\nlast'), 'next\nlast');
  });

  it('begins in the line where there is no other', () => {
    assert.equal(tailOf('all of one line'), 'all of one line');
    assert.equal(tailOf('end of one line\n'), 'end of one line\n');
    assert.equal(tailOf(''), '');
  });

  it('counts bytes, not characters', () => {
    const cut = Buffer.from('火 and so on\nnext').subarray(1);
    assert.equal(cut.subarray(bytesToLineStart(cut)).toString(), 'next');
  });
});
