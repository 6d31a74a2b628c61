import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mediaTypeOfBytes } from './media-type.ts';

const typeOf = (content: string | number[]): string =>
  mediaTypeOfBytes(Buffer.from(content as string)).split(';')[0] ?? '';

describe('the media type of bytes', () => {
  it('is that of an image by its first bytes', () => {
    assert.equal(typeOf([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'image/png');
    assert.equal(typeOf([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg');
    assert.equal(typeOf('GIF89a...'), 'image/gif');
    assert.equal(typeOf('RIFFxxxxWEBP'), 'image/webp');
    assert.equal(
      typeOf('<?xml version="1.0"?>\n<svg xmlns="x"/>'),
      'image/svg+xml'
    );
  });

  it('tells JSON, tables, pages and prose apart', () => {
    assert.equal(typeOf('{"a": 1}'), 'application/json');
    assert.equal(typeOf(' [1, 2]'), 'application/json');
    assert.equal(typeOf('a,b\r\n1,2\r\n'), 'text/csv');
    assert.equal(typeOf('a\tb\n1\t2\n'), 'text/tab-separated-values');
    assert.equal(typeOf('a;b\n1,5;2\n'), 'text/csv');
    assert.equal(typeOf('<!DOCTYPE html><p>'), 'text/html');
    assert.equal(
      typeOf('Yes, it works.\nReally, it does, well.'),
      'text/plain'
    );
    assert.equal(typeOf(''), 'text/plain');
  });

  it('is that of a table whose first row is longer than what is looked at', () => {
    const head = Buffer.from('column,'.repeat(20_000)).subarray(0, 65_536);
    assert.equal(mediaTypeOfBytes(head), 'text/csv; charset=utf-8');
    const words = Buffer.from('a word, '.repeat(20)).toString();
    assert.equal(typeOf(words), 'text/plain');
  });

  it('is unknown for bytes that are no text', () => {
    assert.equal(typeOf([0x80, 0x81]), 'application/octet-stream');
    assert.equal(typeOf('a\u0000b'), 'application/octet-stream');
  });

  it('stands a character that the end of the look cuts', () => {
    assert.equal(
      mediaTypeOfBytes(Buffer.from('火'.repeat(30_000)).subarray(0, 65_536)),
      'text/plain; charset=utf-8'
    );
  });
});
