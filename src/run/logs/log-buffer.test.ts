import { lookClass, marked, parseAnsi } from './ansi';
import { LogBuffer } from './log-buffer';

function texts(buffer: LogBuffer): string[] {
  return buffer.lines.map(line => line.text);
}

describe('LogBuffer', () => {
  it('keeps a progress bar on one line', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('10%\r50%', 0, 0);
    buffer.append('\r100%\ndone\n', 7, 0);
    expect(texts(buffer)).toEqual(['100%', 'done']);
  });

  it('joins a line that came in two pieces', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('hel', 0, 0);
    buffer.append('lo\n', 3, 0);
    expect(texts(buffer)).toEqual(['hello']);
  });

  it('knows where in the log each line begins', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('one\ntw', 100, 0);
    buffer.append('o\nthree', 106, 0);
    buffer.append('\nfour\n', 200, 87);
    expect(buffer.lines.map(line => [line.offset, line.text])).toEqual([
      [100, 'one'],
      [104, 'two'],
      [108, 'three'],
      [113, ''],
      [200, ''],
      [201, 'four']
    ]);
  });

  it('drops the oldest lines and counts them', () => {
    const buffer = new LogBuffer({ limit: 3 });
    buffer.append('1\n2\n3\n4\n5\n', 0, 0);
    expect(texts(buffer)).toEqual(['3', '4', '5']);
    expect(buffer.dropped).toBe(2);
  });

  it('marks bytes that are missing', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('a\n', 0, 0);
    buffer.append('b\n', 50, 48);
    expect(buffer.lines.map(line => line.gap)).toEqual([
      undefined,
      48,
      undefined
    ]);
  });

  it('puts earlier lines before the others under keys of their own', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('c\nd\n', 4, 0);
    buffer.prepend('a\nb\n', 0);
    expect(texts(buffer)).toEqual(['a', 'b', 'c', 'd']);
    expect(new Set(buffer.lines.map(line => line.key)).size).toBe(4);
    expect(buffer.start).toBe(0);
  });

  it('leaves earlier lines outside that it has no room for, and knows where it begins', () => {
    const buffer = new LogBuffer({ limit: 3 });
    buffer.append('d\n', 6, 0);
    expect(buffer.takesEarlier).toBe(true);
    expect(buffer.prepend('a\nb\nc\n', 0)).toBe(2);
    expect(texts(buffer)).toEqual(['b', 'c', 'd']);
    expect(buffer.start).toBe(2);
    expect(buffer.takesEarlier).toBe(false);
    expect(buffer.prepend('a\n', 0)).toBe(0);
    expect(buffer.start).toBe(2);
  });

  it('marks what is missing between earlier lines and the others', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('d\n', 60, 0);
    buffer.prepend('a\n', 0, 58);
    expect(buffer.lines.map(({ text, gap }) => gap ?? text)).toEqual([
      'a',
      58,
      'd'
    ]);
    expect(new Set(buffer.lines.map(line => line.key)).size).toBe(3);
  });

  it('leaves half a line to the next earlier piece', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('d\n', 12, 0);
    expect(buffer.prepend('火\nb\nc\n', 4)).toBe(2); // the end of a line
    expect(texts(buffer)).toEqual(['b', 'c', 'd']);
    expect(buffer.start).toBe(8);
    expect(buffer.prepend('one 火\n', 0)).toBe(1);
    expect(texts(buffer)).toEqual(['one 火', 'b', 'c', 'd']);
    expect(buffer.start).toBe(0);
  });

  it('shows half a line where the bytes of it cannot be counted', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('c\n', 8, 0);
    buffer.prepend('\ufffda\nb\n', 3);
    expect(texts(buffer)).toEqual(['\ufffda', 'b', 'c']);
    expect(buffer.start).toBe(3);
  });

  it('cuts a line of many characters and says how many are left out', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append(`${'x'.repeat(6000)}\n`, 0, 0);
    expect(buffer.lines[0].text).toHaveLength(5000);
    expect(buffer.lines[0].cut).toBe(1000);
  });

  it('stays small and quick with a line of 10 MB that comes in pieces', () => {
    const buffer = new LogBuffer({ limit: 100 });
    const piece = 'x'.repeat(64 * 1024);
    for (let n = 0; n < 160; n += 1) {
      buffer.append(piece, n * piece.length, 0);
      expect(buffer.lines[0].text).toHaveLength(5000);
    }
    buffer.append('\nnext\n', 160 * piece.length, 0);
    expect(buffer.lines[0].cut).toBe(160 * piece.length - 5000);
    expect(buffer.lines[1].text).toBe('next');
  });

  it('shows the newest state of an endless progress bar', () => {
    const buffer = new LogBuffer({ limit: 100 });
    for (let n = 0; n < 5000; n += 1) {
      buffer.append(`\r${n} of 5000 ${'#'.repeat(n % 50)}`, 0, 0);
    }
    expect(buffer.lines).toHaveLength(1);
    expect(buffer.lines[0].text).toMatch(/^4999 of 5000 /);
    expect(buffer.lines[0].cut).toBeUndefined();
  });

  it('carries colours over line ends', () => {
    const buffer = new LogBuffer({ limit: 100 });
    buffer.append('\x1b[31mred\nstill red\x1b[0m\nplain\n', 0, 0);
    const looks = buffer.lines.map(line => line.stretches[0].look.foreground);
    expect(looks).toEqual([1, 1, undefined]);
  });
});

describe('parseAnsi', () => {
  it('removes escapes that are not looks', () => {
    const { stretches } = parseAnsi('\x1b]0;title\x07a\x1b[2Kb\x1b[1;1Hc');
    expect(stretches.map(each => each.text).join('')).toBe('abc');
  });

  it('removes every form of an escape, and what the end of a line cuts of one', () => {
    const plain = (line: string): string =>
      parseAnsi(line)
        .stretches.map(each => each.text)
        .join('');
    expect(plain('\x1b[1mbold\x1b(B\x1b[m')).toBe('bold'); // tput sgr0
    expect(plain('\x1b7a\x1b8b\x1b=c\x1b>d\x1bce')).toBe('abcde');
    expect(plain('a\x1bP1$r0m\x1b\\b\x1b_x\x1b\\c')).toBe('abc');
    expect(
      plain('\x1b]8;;https://a.org\x1b\\link\x1b]8;;\x1b\\ and more')
    ).toBe('link and more');
    expect(plain('done\x1b[3')).toBe('done');
    expect(plain('\x9b31mred\x80')).toBe('31mred');
  });

  it('brings 256 and true colours to the palette', () => {
    const { stretches } = parseAnsi('\x1b[38;5;9ma\x1b[38;2;0;255;0mb');
    expect(stretches.map(each => each.look.foreground)).toEqual([9, 10]);
  });

  it('marks what was found across looks', () => {
    const { stretches } = parseAnsi('ab\x1b[31mcd\x1b[0mef');
    const parts = marked(stretches, [
      [1, 3],
      [5, 6]
    ]);
    expect(
      parts.map(({ text, isFound }) => (isFound ? `[${text}]` : text)).join('')
    ).toBe('a[b][c]de[f]');
  });

  it('names bold and colour as classes', () => {
    const { stretches } = parseAnsi('\x1b[1;34mx');
    expect(lookClass(stretches[0].look)).toBe('jp-KfpAnsi-fg4 jp-mod-bold');
  });
});
