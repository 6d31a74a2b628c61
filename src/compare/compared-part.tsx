import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { useRunEnvironment } from '../run/environment';
import { usePart } from '../run/pager';
import { stateWord } from '../run/words';
import type { IComparedRow } from './comparison';

/** Rows shown at once. */
const PAGE = 100;

/** One part of a comparison: a row per thing, a column per run. */
export function ComparedPart(props: {
  readonly title?: string;
  readonly rows: readonly IComparedRow[];
  readonly isDifferingOnly: boolean;
}): JSX.Element | null {
  const { title, rows, isDifferingOnly } = props;
  const { trans } = useRunEnvironment();
  const [part, more] = usePart(
    isDifferingOnly ? rows.filter(row => row.differs) : rows,
    PAGE
  );
  if (rows.length === 0) {
    return null;
  }
  const columns = rows[0].values.length + 1;
  return (
    <tbody>
      {title && (
        <tr className="jp-KfpCompare-part">
          <th scope="rowgroup" colSpan={columns}>
            {title}
          </th>
        </tr>
      )}
      {title && part.length === 0 && (
        <tr>
          <td colSpan={columns}>{trans.__('All the same.')}</td>
        </tr>
      )}
      {part.map(row => (
        <tr key={row.name} className={row.differs ? 'jp-mod-differs' : ''}>
          <th scope="row">
            {row.name}
            {row.isLowerBetter !== undefined && (
              <span className="jp-KfpCompare-hint">
                {row.isLowerBetter
                  ? trans.__('lower is better')
                  : trans.__('higher is better')}
              </span>
            )}
          </th>
          {row.values.map((value, index) => (
            <td key={index} className="jp-KfpTable-number">
              <Value row={row} index={index} value={value} />
            </td>
          ))}
        </tr>
      ))}
      {more && (
        <tr>
          <td colSpan={columns}>{more}</td>
        </tr>
      )}
    </tbody>
  );
}

function Value(props: {
  readonly row: IComparedRow;
  readonly index: number;
  readonly value: string | null;
}): JSX.Element {
  const { row, index, value } = props;
  const { trans } = useRunEnvironment();
  const state = row.states?.[index];
  return (
    <>
      {state && (
        <span className="jp-KfpCompare-task">
          <StateIcon sign={state} size={14} /> {stateWord(state, trans)}{' '}
        </span>
      )}
      {value ??
        (state ? null : <span className="jp-KfpCompare-none">{'–'}</span>)}
      {row.best === index && (
        <span className="jp-KfpSweep-best">
          <span aria-hidden="true">★ </span>
          {trans.__('best')}
        </span>
      )}
    </>
  );
}
