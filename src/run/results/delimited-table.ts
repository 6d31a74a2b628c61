/** A table of text. */
export interface IDelimitedTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Read CSV or TSV (RFC 4180: quotes around cells, doubled quotes inside them, line ends in quotes).
 *
 * #### Notes
 * The separator is the tab when the first line has one, else the comma.
 */
export function parseTable(text: string): IDelimitedTable {
  const firstLine = text.slice(0, text.search(/\r?\n|$/));
  const separator = firstLine.includes('\t') ? '\t' : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (row.length > 1 || row[0] !== '') {
      rows.push(row);
    }
    row = [];
  };
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (isQuoted) {
      if (sign !== '"') {
        cell += sign;
      } else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else {
        isQuoted = false;
      }
    } else if (sign === '"' && cell === '') {
      isQuoted = true;
    } else if (sign === separator) {
      endCell();
    } else if (sign === '\n') {
      endRow();
    } else if (sign !== '\r') {
      cell += sign;
    }
  }
  if (cell !== '' || row.length > 0) {
    endRow();
  }
  const [header = [], ...body] = rows;
  return { header, rows: body };
}
