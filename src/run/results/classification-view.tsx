import * as React from 'react';

import { useRunEnvironment } from '../environment';
import type { IClassification, IConfusionMatrix, IRocPoint } from './metrics';
import { readable } from './value-text';

/** Pixels of a chart and of the room for its axes. */
const SIZE = 260;
const AXIS = 36;
/** Categories of a matrix shown at most. */
const CATEGORIES = 50;

/** Properties of the charts. */
export interface IClassificationViewProps {
  readonly name: string;
  readonly classification: IClassification;
}

/** A ROC curve with its data as a table, and a confusion matrix that is a table. */
export function ClassificationView(
  props: IClassificationViewProps
): JSX.Element {
  const { curve, matrix } = props.classification;
  const { trans } = useRunEnvironment();
  if (curve.length === 0 && !matrix) {
    return (
      <p className="jp-KfpEmpty">
        {trans.__('The artifact holds no curve and no matrix.')}
      </p>
    );
  }
  return (
    <div className="jp-KfpCharts">
      {curve.length > 0 && <RocCurve curve={curve} />}
      {matrix && <ConfusionMatrix matrix={matrix} />}
    </div>
  );
}

function RocCurve(props: {
  readonly curve: readonly IRocPoint[];
}): JSX.Element {
  const { trans } = useRunEnvironment();
  const points = [...props.curve].sort(
    (a, b) =>
      a.falsePositiveRate - b.falsePositiveRate ||
      a.truePositiveRate - b.truePositiveRate
  );
  const side = SIZE - AXIS;
  const x = (value: number): number => AXIS + value * (side - 8);
  const y = (value: number): number => 8 + (1 - value) * (side - 8);
  const path = points
    .map(
      (point, index) =>
        `${index === 0 ? 'M' : 'L'}${x(point.falsePositiveRate)} ${y(point.truePositiveRate)}`
    )
    .join('');
  return (
    <figure className="jp-KfpChart">
      <figcaption>{trans.__('ROC curve')}</figcaption>
      <svg
        width={SIZE}
        height={SIZE}
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        role="img"
        aria-label={trans.__('ROC curve; the data follow as a table')}
      >
        <path
          className="jp-KfpChart-axis"
          d={`M${x(0)} ${y(1)}V${y(0)}H${x(1)}`}
        />
        <path
          className="jp-KfpChart-chance"
          d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`}
        />
        <path className="jp-KfpChart-curve" d={path} />
        {points.map((point, index) => (
          <circle
            key={index}
            className="jp-KfpChart-point"
            cx={x(point.falsePositiveRate)}
            cy={y(point.truePositiveRate)}
            r={3}
          >
            <title>
              {point.threshold === undefined
                ? ''
                : trans.__('threshold %1', readable(point.threshold))}
            </title>
          </circle>
        ))}
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
      </svg>
      <details>
        <summary>{trans.__('Show data')}</summary>
        <table className="jp-KfpTable">
          <thead>
            <tr>
              <th scope="col">{trans.__('Threshold')}</th>
              <th scope="col">{trans.__('False positive rate')}</th>
              <th scope="col">{trans.__('True positive rate')}</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point, index) => (
              <tr key={index}>
                <td>
                  {point.threshold === undefined
                    ? '–'
                    : readable(point.threshold)}
                </td>
                <td>{readable(point.falsePositiveRate)}</td>
                <td>{readable(point.truePositiveRate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function ConfusionMatrix(props: {
  readonly matrix: IConfusionMatrix;
}): JSX.Element {
  const { matrix } = props;
  const { trans } = useRunEnvironment();
  const names = matrix.categories.slice(0, CATEGORIES);
  const most = Math.max(1, ...matrix.rows.flat());
  return (
    <figure className="jp-KfpChart">
      <figcaption>{trans.__('Confusion matrix')}</figcaption>
      <table className="jp-KfpMatrix">
        <thead>
          <tr>
            <td>{trans.__('true \\ predicted')}</td>
            {names.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, row) => (
            <tr key={row}>
              <th scope="row">{name}</th>
              {names.map((_, column) => {
                const value = matrix.rows[row]?.[column] ?? 0;
                return (
                  <td key={column}>
                    <span
                      className="jp-KfpMatrix-shade"
                      style={{ opacity: (0.55 * value) / most }}
                      aria-hidden="true"
                    />
                    <span className="jp-KfpMatrix-number">
                      {readable(value)}
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {matrix.categories.length > CATEGORIES && (
        <p className="jp-KfpEmpty">
          {trans.__(
            '%1 categories; the first %2 are shown.',
            matrix.categories.length,
            CATEGORIES
          )}
        </p>
      )}
    </figure>
  );
}
