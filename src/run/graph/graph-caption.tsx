import { durationText, type Vertex } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { shownName } from '../shown-name';
import { taskSeconds } from '../task-tree';
import { kindWord, stateWord, taskStateWord } from '../words';
import { isGroupVertex, titleOf } from './graph-layout';
import type { IVertexState } from './graph-state';

/** Everything about the box where the keyboard is, in words and not cut: its box has no room for that. */
export function GraphCaption(props: {
  readonly vertex: Vertex;
  readonly state: IVertexState | undefined;
  /** Milliseconds; 0 when time stands still. */
  readonly now: number;
}): JSX.Element {
  const { vertex, state } = props;
  const { trans } = useRunEnvironment();
  const seconds =
    state && props.now > 0 ? taskSeconds(state.task, props.now) : null;
  const hasHappened =
    state !== undefined &&
    state.task.state !== 'SKIPPED' &&
    state.task.state !== 'NOT_REACHED';
  const title = titleOf(vertex);
  const names = [vertex.condition ?? '', vertex.label]
    .map(shownName)
    .filter(name => !title.endsWith(name));
  const parts = [
    isGroupVertex(vertex) ? kindWord(vertex.kind, trans) : '',
    state ? taskStateWord(state.task, trans) : '',
    seconds !== null && !Number.isNaN(seconds) ? durationText(seconds) : '',
    state?.round === undefined
      ? ''
      : trans.__(
          'round %1 of %2',
          state.rounds.indexOf(state.round) + 1,
          state.rounds.length
        ),
    ...(hasHappened ? state.counts : []).map(
      ([each, count]) => `${count} ${stateWord(each, trans)}`
    ),
    state?.task.reason ?? ''
  ];
  return (
    <p className="jp-KfpGraph-caption">
      <bdi className="jp-KfpGraph-name">{title}</bdi>
      {names.map(name => (
        <bdi key={name}>{name}</bdi>
      ))}
      {parts.filter(Boolean).map((part, index) => (
        <span key={index}>{part}</span>
      ))}
    </p>
  );
}
