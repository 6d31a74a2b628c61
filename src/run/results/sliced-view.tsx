import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { ClassificationView } from './classification-view';
import type { ISlice } from './metrics';
import { shownName } from '../shown-name';

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
            {slices.map((each, index) => (
              <option key={index} value={index}>
                {shownName(each.name)}
              </option>
            ))}
          </select>
        </label>
      )}
      <ClassificationView name={name} classification={slice.classification} />
    </>
  );
}
