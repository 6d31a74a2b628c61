import { type RunView, type TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { useRunEnvironment } from './environment';
import { usePage } from './pager';
import type { RunModel } from './run-model';
import { taskSeconds } from './task-tree';
import { taskStateWord, taskTitle } from './words';
import { Duration } from './name';

/** Rounds on one page. */
const PAGE = 50;

/** The rounds of a loop, failed ones first: choose one to see it in the graph. */
export function Rounds(props: {
  readonly model: RunModel;
  readonly view: RunView;
  readonly loop: TaskView;
  readonly now: number;
}): JSX.Element | null {
  const { model, view, loop, now } = props;
  const { trans } = useRunEnvironment();
  const rounds = React.useMemo(
    () =>
      Object.values(view.tasks)
        .filter(task => task.parent === loop.id && task.kind === 'iteration')
        .sort(
          (a, b) =>
            Number(b.state === 'FAILED') - Number(a.state === 'FAILED') ||
            (a.iteration ?? 0) - (b.iteration ?? 0)
        ),
    [view.tasks, loop.id]
  );
  const [page, pager] = usePage(rounds, PAGE);
  if (rounds.length === 0) {
    return null;
  }
  const shown = model.choices.rounds[loop.vertex];
  return (
    <>
      <h4>{trans.__('Rounds')}</h4>
      <ul className="jp-KfpRounds">
        {page.map(round => {
          const seconds = taskSeconds(round, now);
          return (
            <li key={round.id}>
              <button
                type="button"
                className="jp-KfpActive-button"
                aria-pressed={round.iteration === shown}
                onClick={() =>
                  model.choose({
                    tab: 'graph',
                    rounds: {
                      ...model.choices.rounds,
                      [loop.vertex]: round.iteration ?? 0
                    }
                  })
                }
              >
                <StateIcon sign={round.state} size={14} />
                <span className="jp-KfpActive-name">
                  {taskTitle(round, trans)}
                </span>
                <span className="jp-KfpActive-state">
                  {taskStateWord(round, trans)}
                </span>
                <span className="jp-KfpActive-time">
                  {seconds !== null && !Number.isNaN(seconds) && (
                    <Duration seconds={seconds} />
                  )}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {pager}
    </>
  );
}
