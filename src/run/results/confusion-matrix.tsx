import * as React from 'react';

import { useRunEnvironment } from '../environment';
import type { IConfusionMatrix } from './metrics';
import { readable } from './value-text';

/** Categories of a matrix shown at most. */
const CATEGORIES = 50;

/** A confusion matrix as the table that it is: names at both sides, each number with its shade. */
export function ConfusionMatrix(props: {
  readonly matrix: IConfusionMatrix;
  /** What stands above it. */
  readonly title?: string;
}): JSX.Element {
  const { matrix } = props;
  const { trans } = useRunEnvironment();
  const names = matrix.categories.slice(0, CATEGORIES);
  const most = Math.max(1, ...matrix.rows.flat());
  return (
    <figure className="jp-KfpChart">
      <figcaption>{props.title ?? trans.__('Confusion matrix')}</figcaption>
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
