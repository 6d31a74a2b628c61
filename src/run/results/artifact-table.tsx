import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { usePage } from '../pager';
import { parseTable } from './delimited-table';

/** Rows of a table on one page. */
const ROWS = 100;
/** Columns of a table that are shown: those of all rows on a page stand in the document. */
const COLUMNS = 100;

/** CSV or TSV as a table, by pages. */
export function ArtifactTable(props: {
  readonly text: string;
  /** Whether the text ends in the middle. */
  readonly isCut: boolean;
}): JSX.Element {
  const { text, isCut } = props;
  const { trans } = useRunEnvironment();
  const table = React.useMemo(() => parseTable(text, isCut), [text, isCut]);
  const [page, pager] = usePage(table.rows, ROWS);
  const rows = page.map(table.cells);
  const width = Math.max(table.header.length, ...rows.map(row => row.length));
  const columns = Array.from(
    { length: Math.min(width, COLUMNS) },
    (_, index) => index
  );
  return (
    <>
      <p className="jp-KfpEmpty">
        {trans._n('%1 row', '%1 rows', table.rows.length)}
        {width > COLUMNS && (
          <>
            {' · '}
            {trans.__(
              '%1 columns; the first %2 are shown. The download has all.',
              width,
              COLUMNS
            )}
          </>
        )}
      </p>
      <div className="jp-KfpArtifact-table" tabIndex={0}>
        <table className="jp-KfpTable">
          <thead>
            <tr>
              {columns.map(column => (
                <th key={column} scope="col">
                  {table.header[column] ?? ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.map(column => (
                  <td key={column}>{row[column] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pager}
    </>
  );
}
