import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { ConfusionMatrix } from './confusion-matrix';
import type { IClassification } from './metrics';
import { RocChart } from './roc-chart';

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
      {curve.length > 0 && (
        <RocChart curves={[{ name: props.name, points: curve }]} />
      )}
      {matrix && <ConfusionMatrix matrix={matrix} />}
    </div>
  );
}
