import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { usePage } from '../pager';
import type { IRocPoint } from './metrics';
import { readable } from './value-text';

/** Pixels of a chart and of the room for its axes. */
const SIZE = 260;
const AXIS = 42;
const SIDE = SIZE - AXIS;
/** Ways to draw a curve, as the sheet of styles has them. */
const LOOKS = 10;
/** Curves drawn at most. */
const MOST = 10;

/** Points of a curve that are marked and tell their threshold; the line goes through all. */
const POINTS = 40;
/** Rows of the table shown at once. */
const ROWS = 100;

/** A curve with the name of what it is of. */
export interface IRocCurve {
  readonly name: string;
  readonly points: readonly IRocPoint[];
}

/** Curves in one picture, each told apart by colour and dashes and named below, with their data as a table. */
export function RocChart(props: {
  readonly curves: readonly IRocCurve[];
}): JSX.Element {
  const { trans } = useRunEnvironment();
  const [showsData, setShowsData] = React.useState(false);
  const curves = props.curves.slice(0, MOST).map(({ name, points }) => ({
    name,
    points: [...points].sort(
      (a, b) =>
        a.falsePositiveRate - b.falsePositiveRate ||
        a.truePositiveRate - b.truePositiveRate
    )
  }));
  const isOne = curves.length === 1;
  return (
    <figure className="jp-KfpChart">
      <figcaption>
        {isOne ? trans.__('ROC curve') : trans.__('ROC curves')}
      </figcaption>
      <svg
        width={SIZE}
        height={SIZE}
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        role="img"
        aria-label={
          isOne
            ? trans.__('ROC curve; the data follow as a table')
            : trans.__(
                'ROC curves of %1; the data follow as a table',
                curves.map(({ name }) => name).join(', ')
              )
        }
      >
        <Axes />
        {curves.map((curve, index) => (
          <Curve key={index} curve={curve} look={index % LOOKS} />
        ))}
      </svg>
      {!isOne && (
        <ul className="jp-KfpChart-legend">
          {curves.map(({ name }, index) => (
            <li key={index}>
              <svg width={28} height={10} aria-hidden="true">
                <path
                  className={`jp-KfpChart-curve jp-mod-look${index % LOOKS}`}
                  d="M1 5H27"
                />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      )}
      {props.curves.length > MOST && (
        <p className="jp-KfpEmpty">
          {trans.__(
            '%1 curves; the first %2 are shown.',
            props.curves.length,
            MOST
          )}
        </p>
      )}
      <details
        open={showsData}
        onToggle={event => setShowsData(event.currentTarget.open)}
      >
        <summary>{trans.__('Show data')}</summary>
        {showsData && <DataTable curves={curves} />}
      </details>
    </figure>
  );
}

function x(value: number): number {
  return AXIS + value * (SIDE - 8);
}

function y(value: number): number {
  return 8 + (1 - value) * (SIDE - 8);
}

function Curve(props: {
  readonly curve: IRocCurve;
  readonly look: number;
}): JSX.Element {
  const { curve, look } = props;
  const { trans } = useRunEnvironment();
  const path = curve.points
    .map(
      (point, index) =>
        `${index === 0 ? 'M' : 'L'}${x(point.falsePositiveRate)} ${y(point.truePositiveRate)}`
    )
    .join('');
  return (
    <>
      <path className={`jp-KfpChart-curve jp-mod-look${look}`} d={path} />
      {some(curve.points, POINTS).map((point, index) => (
        <circle
          key={index}
          className={`jp-KfpChart-point jp-mod-look${look}`}
          cx={x(point.falsePositiveRate)}
          cy={y(point.truePositiveRate)}
          r={3}
        >
          <title>
            {[
              curve.name,
              point.threshold === undefined
                ? ''
                : trans.__('threshold %1', readable(point.threshold))
            ]
              .filter(Boolean)
              .join('\n')}
          </title>
        </circle>
      ))}
    </>
  );
}

function Axes(): JSX.Element {
  const { trans } = useRunEnvironment();
  return (
    <>
      <path
        className="jp-KfpChart-axis"
        d={`M${x(0)} ${y(1)}V${y(0)}H${x(1)}`}
      />
      <path
        className="jp-KfpChart-chance"
        d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`}
      />
      <text
        className="jp-KfpChart-text"
        x={x(0.5)}
        y={SIZE - 8}
        textAnchor="middle"
      >
        {trans.__('false positive rate')}
      </text>
      <text
        className="jp-KfpChart-text"
        transform={`translate(12 ${y(0.5)}) rotate(-90)`}
        textAnchor="middle"
      >
        {trans.__('true positive rate')}
      </text>
      {[0, 0.5, 1].map(tick => (
        <React.Fragment key={tick}>
          <text
            className="jp-KfpChart-text"
            x={x(tick)}
            y={y(0) + 14}
            textAnchor="middle"
          >
            {tick}
          </text>
          <text
            className="jp-KfpChart-text"
            x={AXIS - 5}
            y={y(tick) + 4}
            textAnchor="end"
          >
            {tick}
          </text>
        </React.Fragment>
      ))}
    </>
  );
}

function DataTable(props: {
  readonly curves: readonly IRocCurve[];
}): JSX.Element {
  const { curves } = props;
  const { trans } = useRunEnvironment();
  const rows = React.useMemo(
    () =>
      curves.flatMap(({ name, points }) =>
        points.map(point => ({ name, ...point }))
      ),
    [curves]
  );
  const [page, pager] = usePage(rows, ROWS);
  return (
    <>
      <table className="jp-KfpTable">
        <thead>
          <tr>
            {curves.length > 1 && <th scope="col">{trans.__('Run')}</th>}
            <th scope="col">{trans.__('Threshold')}</th>
            <th scope="col">{trans.__('False positive rate')}</th>
            <th scope="col">{trans.__('True positive rate')}</th>
          </tr>
        </thead>
        <tbody>
          {page.map((row, index) => (
            <tr key={index}>
              {curves.length > 1 && <th scope="row">{row.name}</th>}
              <td>
                {row.threshold === undefined ? '–' : readable(row.threshold)}
              </td>
              <td>{readable(row.falsePositiveRate)}</td>
              <td>{readable(row.truePositiveRate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pager}
    </>
  );
}

/** At most so many of the items, the first and the last among them. */
function some<T>(items: readonly T[], most: number): readonly T[] {
  return items.length <= most
    ? items
    : Array.from(
        { length: most },
        (_, index) =>
          items[Math.round((index * (items.length - 1)) / (most - 1))]
      );
}
