import * as React from 'react';

import { stateClass } from '../../icons/state-shapes';
import type { IPicture } from './graph-layout';
import type { IVertexState } from './graph-state';

/** Largest size of the overview in pixels. */
const ROOM = { width: 132, height: 96 } as const;

/** Properties of the overview. */
export interface IOverviewProps {
  readonly picture: IPicture;
  readonly states: ReadonlyMap<string, IVertexState>;
  /** The frame around what is in sight; moved without drawing. */
  readonly frame: React.RefObject<SVGRectElement>;
  /** Show the surroundings of a point of the picture. */
  readonly onGo: (x: number, y: number) => void;
}

/** The whole picture very small, with a frame around what is in sight. Press or drag to go there. */
export const Overview = React.memo(function Overview(
  props: IOverviewProps
): JSX.Element {
  const { picture, states } = props;
  const scale = Math.min(
    ROOM.width / picture.width,
    ROOM.height / picture.height
  );
  const byState = new Map<string, string>();
  for (const box of picture.boxes) {
    const state = states.get(box.vertex.id)?.task.state;
    const name = box.isOpenGroup
      ? 'jp-mod-group'
      : state
        ? stateClass(state)
        : '';
    byState.set(
      name,
      `${byState.get(name) ?? ''}M${box.x} ${box.y}h${box.width}v${box.height}h${-box.width}z`
    );
  }
  const go = (event: React.PointerEvent<SVGSVGElement>): void => {
    if (event.buttons === 1) {
      const field = event.currentTarget.getBoundingClientRect();
      props.onGo(
        ((event.clientX - field.left) / field.width) * picture.width,
        ((event.clientY - field.top) / field.height) * picture.height
      );
    }
  };
  return (
    <svg
      className="jp-KfpGraph-overview"
      aria-hidden="true"
      width={Math.max(12, picture.width * scale)}
      height={Math.max(12, picture.height * scale)}
      viewBox={`0 0 ${picture.width} ${picture.height}`}
      preserveAspectRatio="none"
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      {[...byState].map(([name, d]) => (
        <path key={name} className={`jp-KfpGraph-mark ${name}`} d={d} />
      ))}
      <rect ref={props.frame} className="jp-KfpGraph-frame" />
    </svg>
  );
});
