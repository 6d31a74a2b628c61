import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunView, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../../icons/state-icon';
import { CachedFrom } from '../cached-from';
import { useRunEnvironment } from '../environment';
import { titleOf } from '../graph/graph-layout';
import { shortValue } from '../results/value-text';
import type { RunModel } from '../run-model';
import {
  clockSeconds,
  dateTime,
  kindWord,
  taskStateWord,
  taskTitle,
  typeWord
} from '../words';
import { vertexOf } from '../task-tree';
import { taskDurationText, type ITaskRow } from './task-rows';
import { Name } from '../name';
import { shownName } from '../shown-name';

/** Pixels of a row: the smallest target that fingers and eyes accept. */
export const ROW = 26;

/** Properties of a row. */
export interface ITaskRowProps {
  readonly model: RunModel;
  readonly view: RunView;
  readonly row: ITaskRow;
  readonly index: number;
  readonly top: number;
  readonly isChosen: boolean;
  readonly isCurrent: boolean;
  readonly now: number;
  readonly onChoose: () => void;
  readonly onFold: (isOpen: boolean) => void;
}

/** A task in the grid, or a group that folds. */
export function TaskRow(props: ITaskRowProps): JSX.Element {
  const { row } = props;
  const { task } = row;
  const { trans } = useRunEnvironment();
  const first = task.outputs?.[0];
  return (
    <div
      className="jp-KfpGrid-row"
      role="row"
      aria-level={row.depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-rowindex={props.index + 2}
      aria-selected={props.isChosen}
      aria-expanded={row.isGroup ? row.isOpen : undefined}
      tabIndex={props.isCurrent ? 0 : -1}
      data-kfp-cursor={props.isCurrent ? task.id : undefined}
      style={{ transform: `translateY(${props.top}px)`, height: ROW }}
      onClick={props.onChoose}
    >
      <div
        role="gridcell"
        className="jp-KfpGrid-cell jp-mod-name"
        style={{ paddingInlineStart: 8 + row.depth * 16 }}
      >
        {row.isGroup ? (
          <span
            className={`jp-KfpGrid-twist ${row.isOpen ? 'jp-mod-open' : ''}`}
            aria-hidden="true"
            onClick={event => {
              event.stopPropagation();
              props.onFold(!row.isOpen);
            }}
          />
        ) : (
          <span className="jp-KfpGrid-twist jp-mod-leaf" aria-hidden="true" />
        )}
        <span className="jp-KfpGrid-text" title={shownName(task.path)}>
          <Name>{taskTitle(task, trans)}</Name>
        </span>
        {row.isGroup && (
          <span className="jp-KfpGrid-kind">
            {kindOf(props.view, task, trans)}
          </span>
        )}
      </div>
      <div role="gridcell" className="jp-KfpGrid-cell">
        <StateIcon sign={task.state} size={14} />
        <span className="jp-KfpGrid-text" title={taskStateWord(task, trans)}>
          {taskStateWord(task, trans)}
        </span>
      </div>
      <div
        role="gridcell"
        className="jp-KfpGrid-cell"
        title={dateTime(task.started_at)}
      >
        {task.started_at && clockSeconds(task.started_at)}
      </div>
      <div role="gridcell" className="jp-KfpGrid-cell">
        <bdi>{taskDurationText(task, props.now)}</bdi>
      </div>
      <div role="gridcell" className="jp-KfpGrid-cell">
        {task.attempts.length > 0 ? task.attempts.length : ''}
      </div>
      <div role="gridcell" className="jp-KfpGrid-cell">
        <CachedFrom
          model={props.model}
          view={props.view}
          task={task}
          isStop={false}
        />
      </div>
      <div role="gridcell" className="jp-KfpGrid-cell">
        <span className="jp-KfpGrid-text">
          {first &&
            `${shownName(first.name)} = ${first.kind === 'artifact' ? typeWord(first.type, trans) : shortValue(first.json)}`}
        </span>
      </div>
    </div>
  );
}

// a round with its index, as its path has it; a condition with what it asks
function kindOf(
  view: RunView,
  task: TaskView,
  trans: TranslationBundle
): string {
  if (task.iteration !== undefined) {
    return `[${task.iteration}]`;
  }
  const vertex =
    task.kind === 'condition' ? vertexOf(view, task.vertex) : undefined;
  return vertex?.condition === undefined
    ? kindWord(task.kind, trans)
    : titleOf(vertex);
}
