import * as React from 'react';

import { stateClass } from '../../icons/state-shapes';
import { touches, type IRect } from './camera';
import { linePath, type IBox, type ILine, type IPicture } from './graph-layout';
import { GraphNode } from './graph-node';
import type { IVertexState } from './graph-state';
import { RoundPicker } from './round-picker';

/** What can be done to a box. The functions never change, so a box is only drawn anew when it is another one. */
export interface IBoxActions {
  choose(id: string): void;
  fold(box: IBox): void;
  round(id: string, step: number): void;
}

/** Properties of what lies under the camera. */
export interface IGraphSceneProps {
  readonly picture: IPicture;
  readonly states: ReadonlyMap<string, IVertexState>;
  readonly chosen: string;
  /** Where the keyboard is; empty when it is elsewhere. */
  readonly cursor: string;
  /** Milliseconds; 0 when time stands still. */
  readonly now: number;
  /** The part of the picture to draw. */
  readonly part: IRect;
  readonly actions: IBoxActions;
  /** Id of the arrow head, unique in the page. */
  readonly arrow: string;
}

/** The boxes and lines of a graph that are in sight or near it. */
export const GraphScene = React.memo(function GraphScene(
  props: IGraphSceneProps
): JSX.Element {
  const { picture, states, part } = props;
  const boxes = picture.boxes.filter(box => touches(box, part));
  const node = (box: IBox): JSX.Element => {
    const state = states.get(box.vertex.id);
    const isMoving =
      state?.task.state === 'RUNNING' || state?.task.state === 'RETRYING';
    return (
      <GraphNode
        key={box.vertex.id}
        box={box}
        state={state}
        isChosen={box.vertex.id === props.chosen}
        isCursor={box.vertex.id === props.cursor}
        now={isMoving ? props.now : 1}
        actions={props.actions}
      />
    );
  };
  return (
    <>
      {boxes.filter(box => box.isOpenGroup).map(node)}
      {picture.frames
        .filter(frame => touches(frame, part))
        .map(frame => (
          <rect
            key={`${frame.x} ${frame.y}`}
            className="jp-KfpGraph-block"
            x={frame.x}
            y={frame.y}
            width={frame.width}
            height={frame.height}
            rx={4}
          />
        ))}
      {picture.lines
        .filter(line => line.points.length > 1)
        .filter(line => touches(frameOf(line), part))
        .map(line => (
          <path
            key={`${line.from} ${line.to}`}
            className={`jp-KfpGraph-line ${lineClass(states, line)}`}
            d={linePath(line)}
            markerEnd={`url(#${props.arrow})`}
          />
        ))}
      {boxes.map(box => {
        const state = states.get(box.vertex.id);
        return box.isOpenGroup && state && state.rounds.length > 0 ? (
          <RoundPicker
            key={box.vertex.id}
            box={box}
            state={state}
            actions={props.actions}
          />
        ) : null;
      })}
      {boxes.filter(box => !box.isOpenGroup).map(node)}
    </>
  );
});

const frames = new WeakMap<ILine, IRect>();

function frameOf(line: ILine): IRect {
  const known = frames.get(line);
  if (known) {
    return known;
  }
  const xs = line.points.map(point => point.x);
  const ys = line.points.map(point => point.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  const frame = {
    x,
    y,
    width: Math.max(...xs) - x,
    height: Math.max(...ys) - y
  };
  frames.set(line, frame);
  return frame;
}

// a line is quiet until what it leads to has begun; it is dotted towards what will not happen
function lineClass(
  states: ReadonlyMap<string, IVertexState>,
  line: ILine
): string {
  const state = states.get(line.to)?.task.state;
  return state === 'SKIPPED' || state === 'NOT_REACHED'
    ? stateClass(state)
    : state === undefined || state === 'PENDING'
      ? ''
      : 'jp-mod-passed';
}
