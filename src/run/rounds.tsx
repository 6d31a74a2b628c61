import {
  durationText,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { taskSeconds } from './task-tree';
import { taskStateWord } from './words';

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
  const [page, setPage] = React.useState(0);
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
  if (rounds.length === 0) {
    return null;
  }
  const pages = Math.ceil(rounds.length / PAGE);
  const shown = model.choices.rounds[loop.vertex];
  return (
    <>
      <h4>{trans.__('Rounds')}</h4>
      <ul className="jp-KfpRounds">
        {rounds.slice(page * PAGE, (page + 1) * PAGE).map(round => {
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
                  {trans.__('Round %1', (round.iteration ?? 0) + 1)}
                </span>
                <span className="jp-KfpActive-state">
                  {taskStateWord(round, trans)}
                </span>
                <span className="jp-KfpActive-time">
                  {seconds !== null &&
                    !Number.isNaN(seconds) &&
                    durationText(seconds)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {pages > 1 && (
        <div className="jp-KfpPager">
          <button
            type="button"
            className="jp-KfpButton"
            disabled={page === 0}
            onClick={() => setPage(page - 1)}
          >
            {trans.__('Previous')}
          </button>
          <span>{trans.__('%1 of %2', page + 1, pages)}</span>
          <button
            type="button"
            className="jp-KfpButton"
            disabled={page + 1 >= pages}
            onClick={() => setPage(page + 1)}
          >
            {trans.__('Next')}
          </button>
        </div>
      )}
    </>
  );
}
