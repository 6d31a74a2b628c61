const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** Of two that cut the first line alike, the first is taken. */
const SEPARATORS = ['\t', ',', ';', '|'];

/** A table of text. Its rows are cut into cells when they are asked for: a file has more of them than anybody looks at. */
export interface IDelimitedTable {
  readonly header: readonly string[];
  /** Where each row begins in the text; the header is not among them. */
  readonly rows: readonly number[];
  /** The cells of a row. */
  cells(row: number): readonly string[];
}

/**
 * Read CSV or TSV (RFC 4180: quotes around cells, doubled quotes inside them, line ends in quotes).
 *
 * #### Notes
 * The separator is the sign that cuts the first line into most cells.
 *
 * @param isCut - whether the text ends in the middle: then its last line is left out.
 */
export function parseTable(text: string, isCut = false): IDelimitedTable {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const lineEnd = text.indexOf('\n');
  const firstLine = lineEnd < 0 ? text : text.slice(0, lineEnd);
  const separator = SEPARATORS.reduce((best, sign) =>
    firstLine.split(sign).length > firstLine.split(best).length ? sign : best
  );
  const [head, ...rows] = rowStarts(text, start, separator, isCut);
  const cells = (row: number): readonly string[] =>
    cellsAt(text, row, separator);
  return { header: head === undefined ? [] : cells(head), rows, cells };
}

// spread over the arguments of a call they would be too many
function rowStarts(
  text: string,
  from: number,
  separator: string,
  isCut: boolean
): number[] {
  const starts: number[] = [];
  const mark = separator.charCodeAt(0);
  let at = from;
  while (at < text.length) {
    const row = at;
    let isAtStart = true;
    for (; at < text.length; at += 1) {
      const sign = text.charCodeAt(at);
      if (sign === QUOTE && isAtStart) {
        at = closingQuote(text, at);
        isAtStart = false;
      } else if (sign === LINE_FEED) {
        break;
      } else {
        isAtStart = sign === mark;
      }
    }
    const isBlank =
      at === row || (at === row + 1 && text.charCodeAt(row) === RETURN);
    if (!isBlank && !(isCut && at >= text.length)) {
      starts.push(row);
    }
    at += 1;
  }
  return starts;
}

/** Place of the quote that ends a cell, or the end of the text. */
function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) {
    at = text.indexOf('"', at + 2);
  }
  return at < 0 ? text.length : at;
}

function cellsAt(text: string, from: number, separator: string): string[] {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    let cell = '';
    if (text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, at);
      cell = text.slice(at + 1, end).replace(/""/g, '"');
      at = Math.min(text.length, end + 1);
    }
    const rest = at;
    while (
      at < text.length &&
      text[at] !== separator &&
      text.charCodeAt(at) !== LINE_FEED
    ) {
      at += 1;
    }
    cells.push(cell + text.slice(rest, at).replace(/\r$/, ''));
    if (text[at] !== separator) {
      return cells;
    }
    at += 1;
  }
}
