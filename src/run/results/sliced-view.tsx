import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { ClassificationView } from './classification-view';
import type { ISlice } from './metrics';
import { shownName } from '../shown-name';

/** Slices offered at most. */
const SLICES = 100;

/** Properties of the view. */
export interface ISlicedViewProps {
  readonly name: string;
  readonly slices: readonly ISlice[];
}

/** The charts of one slice of the data, and a choice of the slice where there are several. */
export function SlicedView(props: ISlicedViewProps): JSX.Element {
  const { name, slices } = props;
  const { trans } = useRunEnvironment();
  const [chosen, setChosen] = React.useState(0);
  const slice = slices[chosen];
  const offered = slices.slice(0, SLICES);
  if (!slice) {
    return (
      <p className="jp-KfpEmpty">{trans.__('The artifact holds no slices.')}</p>
    );
  }
  return (
    <>
      {(slices.length > 1 || slice.name) && (
        <label className="jp-KfpArtifact-slice">
          {trans.__('Slice')}{' '}
          <select
            className="jp-KfpSelect"
            value={chosen}
            onChange={event => setChosen(Number(event.target.value))}
          >
            {offered.map((each, index) => (
              <option key={index} value={index}>
                {shownName(each.name)}
              </option>
            ))}
          </select>
          {slices.length > SLICES && (
            <span className="jp-KfpDetail-quiet">
              {' '}
              {trans.__(
                '%1 slices; the first %2 can be chosen.',
                slices.length,
                SLICES
              )}
            </span>
          )}
        </label>
      )}
      <ClassificationView name={name} classification={slice.classification} />
    </>
  );
}
