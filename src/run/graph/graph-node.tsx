import { durationText, type TaskState } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateStrokes } from '../../icons/state-icon';
import { stateClass } from '../../icons/state-shapes';
import { taskSeconds } from '../task-tree';
import { isGroupVertex, titleOf, type IBox } from './graph-layout';
import type { IBoxActions } from './graph-scene';
import type { IVertexState } from './graph-state';
import { shownName } from '../shown-name';

/** Properties of a box of the graph. */
export interface IGraphNodeProps {
  readonly box: IBox;
  /** Undefined for a pipeline that was not sent. */
  readonly state: IVertexState | undefined;
  readonly isChosen: boolean;
  /** Whether the keyboard is here. */
  readonly isCursor: boolean;
  /** Milliseconds; 0 when time stands still. */
  readonly now: number;
  readonly actions: IBoxActions;
}

/** A task or group of the picture. */
export const GraphNode = React.memo(function GraphNode(
  props: IGraphNodeProps
): JSX.Element {
  const { box, state, actions } = props;
  const { vertex } = box;
  const fold = (): void => actions.fold(box);
  const title = titleOf(vertex);
  const group = isGroupVertex(vertex);
  const sign = state?.task.state;
  const seconds = state ? taskSeconds(state.task, props.now) : null;
  const counts = group && state ? countsText(state.counts) : '';
  const right = group ? counts : seconds === null ? '' : durationText(seconds);
  const room = Math.max(
    4,
    Math.floor((box.width - 34 - right.length * 6.2 - (group ? 18 : 0)) / 6.6)
  );
  const classes = [
    'jp-KfpGraph-node',
    sign ? stateClass(sign) : 'jp-mod-draft',
    ...(box.isOpenGroup ? ['jp-mod-group'] : []),
    ...(props.isChosen ? ['jp-mod-chosen'] : []),
    ...(props.isCursor ? ['jp-mod-cursor'] : [])
  ];
  return (
    <g
      className={classes.join(' ')}
      transform={`translate(${box.x} ${box.y})`}
      data-vertex={vertex.id}
      onClick={event => {
        event.stopPropagation();
        actions.choose(vertex.id);
      }}
      onDoubleClick={() => group && fold()}
    >
      <title>{hintOf(shownName(vertex.label), vertex.condition, state)}</title>
      {group && !box.isOpenGroup && (
        <rect
          className="jp-KfpGraph-shadow"
          x={3}
          y={3}
          width={box.width}
          height={box.height}
          rx={4}
        />
      )}
      <rect
        className="jp-KfpGraph-box"
        width={box.width}
        height={box.height}
        rx={4}
      />
      {sign && (
        <g
          className={`jp-KfpState ${stateClass(sign)}`}
          transform="translate(8 8)"
        >
          <StateStrokes sign={sign} />
        </g>
      )}
      <text className="jp-KfpGraph-label" x={sign ? 30 : 10} y={20}>
        {cut(title, room)}
      </text>
      {right && (
        <text
          className="jp-KfpGraph-time"
          x={box.width - (group ? 26 : 8)}
          y={20}
          textAnchor="end"
        >
          {right}
        </text>
      )}
      {group && (
        <g
          className="jp-KfpGraph-fold"
          transform={`translate(${box.width - 22} 8)`}
          onClick={event => {
            event.stopPropagation();
            fold();
          }}
        >
          <rect x={-4} y={-4} width={24} height={24} rx={2} />
          <path d={box.isOpenGroup ? 'M4 8h8' : 'M4 8h8M8 4v8'} />
        </g>
      )}
    </g>
  );
}, isSameNode);

// a new picture of the run makes new states for all; most of them say the same
function isSameNode(a: IGraphNodeProps, b: IGraphNodeProps): boolean {
  return (
    a.box === b.box &&
    a.isChosen === b.isChosen &&
    a.isCursor === b.isCursor &&
    a.now === b.now &&
    a.state?.task === b.state?.task &&
    a.state?.round === b.state?.round &&
    a.state?.rounds.length === b.state?.rounds.length &&
    countsText(a.state?.counts ?? []) === countsText(b.state?.counts ?? [])
  );
}

const MARKS: Readonly<Record<TaskState, string>> = {
  SUCCEEDED: '✓',
  CACHED: '⧉',
  FAILED: '⊗',
  RUNNING: '◐',
  RETRYING: '↻',
  PENDING: '·',
  SKIPPED: '⊘',
  NOT_REACHED: '◌',
  CANCELED: '■',
  UNKNOWN: '?'
};

function countsText(counts: IVertexState['counts']): string {
  return counts
    .slice(0, 4)
    .map(([state, count]) => `${count} ${MARKS[state]}`)
    .join(' ');
}

function hintOf(
  label: string,
  condition: string | undefined,
  state: IVertexState | undefined
): string {
  return [label, condition ?? '', state?.task.reason ?? '']
    .filter(Boolean)
    .join('\n');
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
