import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { useRunEnvironment } from '../run/environment';
import { usePart } from '../run/pager';
import { stateWord } from '../run/words';
import type { IComparedRow } from './comparison';
import type { IRunOrder } from './run-order';
import { Name } from '../run/name';

/** Rows shown at once. */
const PAGE = 100;

/** One part of a comparison: a row per thing, a column per run. */
export function ComparedPart(props: {
  readonly id: string;
  readonly title?: string;
  readonly rows: readonly IComparedRow[];
  readonly isDifferingOnly: boolean;
  /** By which row the runs are in order. */
  readonly order: IRunOrder | null;
  readonly onOrder: (row: string) => void;
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
          <th scope="row" aria-sort={sortOf(props.order, rowId(props.id, row))}>
            <button
              type="button"
              className="jp-KfpPlainButton jp-KfpCompare-sort"
              title={trans.__('Put the runs in the order of %1', row.name)}
              onClick={() => props.onOrder(rowId(props.id, row))}
            >
              <Name>{row.name}</Name>
              <span className="jp-KfpCompare-arrow" aria-hidden="true">
                {
                  { ascending: ' →', descending: ' ←', none: '' }[
                    sortOf(props.order, rowId(props.id, row))
                  ]
                }
              </span>
            </button>
            {row.isLowerBetter !== undefined && (
              <span className="jp-KfpCompare-hint">
                {row.isLowerBetter
                  ? trans.__('lower is better')
                  : trans.__('higher is better')}
              </span>
            )}
          </th>
          {row.values.map((value, index) => (
            <td
              key={index}
              className={
                row.keys
                  ? 'jp-KfpTable-number'
                  : 'jp-KfpTable-number jp-mod-text'
              }
            >
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

/** What tells a row from all others of a comparison. */
export function rowId(part: string, row: IComparedRow): string {
  return `${part}/${row.name}`;
}

function sortOf(
  order: IRunOrder | null,
  row: string
): 'ascending' | 'descending' | 'none' {
  return order?.row !== row
    ? 'none'
    : order.isDescending
      ? 'descending'
      : 'ascending';
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
          <StateIcon sign={state} size={14} />{' '}
          <span className="jp-KfpCompare-word">
            {stateWord(state, trans)}
          </span>{' '}
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
