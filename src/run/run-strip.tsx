import {
  isFinalRunState,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { stateClass } from '../icons/state-shapes';
import { useRunEnvironment, useRunNow } from './environment';
import { opened } from './reveal';
import type { RunModel } from './run-model';
import { leavesOf, taskSeconds, taskTree } from './task-tree';
import { countsSentence, taskStateWord } from './words';
import { Duration, Name } from './name';
import { shownName } from './shown-name';

/** Chips shown at most; more would only be cut off. */
const CHIPS = 12;

/** The order in which states stand in the bar: what is done comes first. */
const ORDER = [
  'SUCCEEDED',
  'CACHED',
  'FAILED',
  'CANCELED',
  'RETRYING',
  'RUNNING',
  'UNKNOWN',
  'PENDING',
  'NOT_REACHED',
  'SKIPPED'
] as const;

/** The tasks of a run on one line: a bar of all, and a chip for each of the first. */
export function RunStrip(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element | null {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const leaves = React.useMemo(
    () => leavesOf(taskTree(view)),
    [view.tasks, view.graph, view.run.state]
  );
  const now = useRunNow(model, !isFinalRunState(view.run.state));
  if (leaves.length === 0) {
    return null;
  }
  const byState = new Map<string, number>();
  leaves.forEach(task =>
    byState.set(task.state, (byState.get(task.state) ?? 0) + 1)
  );
  return (
    <div className="jp-KfpStrip">
      <div
        className="jp-KfpStrip-bar"
        role="img"
        aria-label={countsSentence(
          view.counts,
          isFinalRunState(view.run.state),
          trans
        )}
      >
        {ORDER.filter(state => byState.has(state)).map(state => (
          <span
            key={state}
            className={`jp-KfpStrip-part ${stateClass(state)}`}
            style={{ flexGrow: byState.get(state) }}
          />
        ))}
      </div>
      <div className="jp-KfpStrip-chips">
        {chosen(leaves).map(task => (
          <Chip
            key={task.id}
            task={task}
            now={model.isStale ? 0 : now}
            onOpen={() => model.choose(opened(model, task))}
          />
        ))}
        {leaves.length > CHIPS && (
          <span className="jp-KfpStrip-more">
            {trans.__('and %1 more', leaves.length - CHIPS)}
          </span>
        )}
      </div>
    </div>
  );
}

/** Where not all have room, what needs eyes goes first: what failed, then what moves; the rest in its order. */
function chosen(leaves: readonly TaskView[]): readonly TaskView[] {
  if (leaves.length <= CHIPS) {
    return leaves;
  }
  const first: TaskView[] = [];
  for (const states of [['FAILED'], ['RETRYING', 'RUNNING']]) {
    for (const task of leaves) {
      if (first.length < CHIPS && states.includes(task.state)) {
        first.push(task);
      }
    }
  }
  const known = new Set(first);
  for (const task of leaves) {
    if (first.length >= CHIPS) {
      break;
    }
    if (!known.has(task)) {
      first.push(task);
    }
  }
  return first;
}

function Chip(props: {
  readonly task: TaskView;
  readonly now: number;
  readonly onOpen: () => void;
}): JSX.Element {
  const { task } = props;
  const { trans } = useRunEnvironment();
  const word = taskStateWord(task, trans);
  const isMoving = task.state === 'RUNNING' || task.state === 'RETRYING';
  const seconds =
    isMoving && props.now > 0 ? taskSeconds(task, props.now) : null;
  const beside =
    task.state === 'CACHED' ? (
      trans.__('cached')
    ) : seconds === null ? (
      ''
    ) : (
      <Duration seconds={seconds} />
    );
  return (
    <button
      type="button"
      className="jp-KfpStrip-chip"
      tabIndex={-1}
      title={shownName(`${task.path}: ${word}`)}
      onClick={props.onOpen}
    >
      <StateIcon sign={task.state} size={14} />
      <span className="jp-KfpStrip-name">
        <Name>{task.name}</Name>
      </span>
      {beside && <span className="jp-KfpStrip-beside">{beside}</span>}
    </button>
  );
}
