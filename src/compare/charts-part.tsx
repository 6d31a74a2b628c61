import * as React from 'react';

import { useRunEnvironment } from '../run/environment';
import { ConfusionMatrix } from '../run/results/confusion-matrix';
import { RocChart } from '../run/results/roc-chart';
import { useWholeMetadata } from '../run/results/use-whole-metadata';
import type { RunModel } from '../run/run-model';
import { comparedSlices, type IComparedArtifact } from './compared-artifacts';
import { Name } from '../run/name';
import { shownName } from '../run/shown-name';

/** Properties of the charts. */
export interface IChartsPartProps {
  readonly artifacts: readonly IComparedArtifact[];
  readonly models: readonly RunModel[];
  /** Names of the runs in their order. */
  readonly names: readonly string[];
}

/** The curves of all runs in one picture, and their matrices side by side. */
export function ChartsPart(props: IChartsPartProps): JSX.Element | null {
  const { artifacts, models, names } = props;
  const { trans } = useRunEnvironment();
  return artifacts.length === 0 ? null : (
    <section className="jp-KfpCompare-section">
      <h3>{trans.__('Curves and matrices')}</h3>
      {artifacts.map(artifact => (
        <Charts
          key={artifact.name}
          artifact={artifact}
          models={models}
          names={names}
        />
      ))}
    </section>
  );
}

function Charts(props: {
  readonly artifact: IComparedArtifact;
  readonly models: readonly RunModel[];
  readonly names: readonly string[];
}): JSX.Element {
  const { artifact, models, names } = props;
  const { trans } = useRunEnvironment();
  const { outputs, problem } = useWholeMetadata(
    artifact.outputs.map(
      (output, run) =>
        output && {
          store: models[run]?.store ?? null,
          taskId: artifact.tasks[run],
          output
        }
    )
  );
  const slices = React.useMemo(
    () => comparedSlices(outputs),
    [outputs.map(output => output?.metadata).join('\n')]
  );
  const [chosen, setChosen] = React.useState('');
  const slice = slices.find(each => each.name === chosen) ?? slices[0];
  const all = (slice?.classifications ?? []).map((classification, run) => ({
    name: names[run],
    classification
  }));
  const curves = all.flatMap(({ name, classification }) =>
    classification && classification.curve.length > 0
      ? [{ name, points: classification.curve }]
      : []
  );
  return (
    <section aria-label={shownName(artifact.name)}>
      <h4>
        <Name>{artifact.name}</Name>
      </h4>
      {slices.length > 1 && (
        <label className="jp-KfpArtifact-slice">
          {trans.__('Slice')}{' '}
          <select
            className="jp-KfpSelect"
            value={slice.name}
            onChange={event => setChosen(event.target.value)}
          >
            {slices.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {problem && <p className="jp-KfpEmpty">{problem}</p>}
      <div className="jp-KfpCharts">
        {curves.length > 0 && <RocChart curves={curves} />}
        {all.map(
          ({ name, classification }, run) =>
            classification?.matrix && (
              <ConfusionMatrix
                key={run}
                title={trans.__('Confusion matrix of %1', name)}
                matrix={classification.matrix}
              />
            )
        )}
      </div>
    </section>
  );
}
