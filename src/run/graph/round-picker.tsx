import * as React from 'react';

import { PICKER, type IBox } from './graph-layout';
import type { IBoxActions } from './graph-scene';
import type { IVertexState } from './graph-state';

/** Steps through the rounds of an open loop. It stands across the lower border, where no task can be, above the lines. */
export function RoundPicker(props: {
  readonly box: IBox;
  readonly state: IVertexState;
  readonly actions: IBoxActions;
}): JSX.Element {
  const { box, state, actions } = props;
  const { id } = box.vertex;
  const at = state.rounds.indexOf(state.round ?? 0) + 1;
  const arrow = (step: number, x: number, d: string): JSX.Element => (
    <g
      className="jp-KfpGraph-round"
      transform={`translate(${x} 0)`}
      onClick={event => {
        event.stopPropagation();
        actions.round(id, step);
      }}
    >
      <rect width={18} height={PICKER} rx={2} />
      <path d={d} />
    </g>
  );
  return (
    <g
      transform={`translate(${box.x + box.width / 2 - 48} ${box.y + box.height - PICKER / 2})`}
      onClick={event => {
        event.stopPropagation();
        actions.choose(id);
      }}
    >
      <rect className="jp-KfpGraph-picker" width={96} height={PICKER} rx={3} />
      {arrow(-1, 0, 'M11 5L7 9l4 4')}
      <text className="jp-KfpGraph-time" x={48} y={13} textAnchor="middle">
        {`${at} / ${state.rounds.length}`}
      </text>
      {arrow(1, 78, 'M7 5l4 4-4 4')}
    </g>
  );
}
