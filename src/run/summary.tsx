import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { useRunEnvironment, useRunNow } from './environment';
import { FailureCard } from './failure-card';
import { headlines } from './headline';
import { PendingCard } from './pending-card';
import type { RunModel } from './run-model';
import { leavesOf, taskSeconds, taskTree } from './task-tree';
import { taskStateWord } from './words';
import { Duration, Name } from './name';
import { shownName } from './shown-name';

/** Active tasks shown at most. */
const ACTIVE = 5;
/** Results shown in the one line. */
const RESULTS = 5;

/** Properties of the default body. */
export interface ISummaryProps {
  readonly model: RunModel;
  readonly view: RunView;
}

/** What matters most in the state the run is in: the active tasks, why it waits, why it failed, or what came out. */
export function Summary(props: ISummaryProps): JSX.Element | null {
  const { view } = props;
  switch (view.run.state) {
    case 'PENDING':
    case 'RUNNING':
    case 'CANCELING':
    case 'PAUSED':
    case 'UNKNOWN':
      return (
        <>
          <PendingCard {...props} />
          <ActiveTasks {...props} />
        </>
      );
    case 'FAILED':
      return <FailureCard {...props} />;
    case 'SUCCEEDED':
      return <ResultLine {...props} />;
    case 'SKIPPED':
    case 'CANCELED':
      return null;
  }
}

function ActiveTasks(props: ISummaryProps): JSX.Element | null {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const leaves = React.useMemo(
    () => leavesOf(taskTree(view)),
    [view.tasks, view.graph, view.run.state]
  );
  const active = leaves.filter(
    task => task.state === 'RUNNING' || task.state === 'RETRYING'
  );
  const now = useRunNow(model, active.length > 0);
  if (active.length === 0) {
    return null;
  }
  return (
    <ul className="jp-KfpActive" aria-label={trans.__('Active tasks')}>
      {active.slice(0, ACTIVE).map(task => {
        const seconds = taskSeconds(task, now);
        return (
          <li key={task.id} className="jp-KfpActive-row">
            <button
              type="button"
              className="jp-KfpActive-button"
              onClick={() => model.choose({ tab: 'logs', task: task.id })}
            >
              <StateIcon sign={task.state} size={14} />
              <span className="jp-KfpActive-name">
                <Name>{task.name}</Name>
              </span>
              <span className="jp-KfpActive-state">
                {taskStateWord(task, trans)}
              </span>
              <span className="jp-KfpActive-time">
                {seconds !== null && !model.isStale && (
                  <Duration seconds={seconds} />
                )}
              </span>
              <span className="jp-KfpActive-reason">{task.reason}</span>
            </button>
          </li>
        );
      })}
      {active.length > ACTIVE && (
        <li className="jp-KfpActive-more">
          {trans.__('and %1 more', active.length - ACTIVE)}
        </li>
      )}
    </ul>
  );
}

function ResultLine(props: ISummaryProps): JSX.Element | null {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const results = React.useMemo(() => headlines(view), [view]);
  if (results.length === 0) {
    return null;
  }
  return (
    <div className="jp-KfpHeadline">
      <dl className="jp-KfpHeadline-list">
        {results.slice(0, RESULTS).map(each => (
          <div
            key={each.id}
            className={`jp-KfpHeadline-item jp-mod-${each.kind}`}
          >
            <dt title={shownName(each.path)}>
              <Name>{each.name}</Name>
            </dt>
            <dd title={each.value}>{each.value}</dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        className="jp-KfpButton"
        onClick={() => model.choose({ tab: 'results' })}
      >
        {results.length > RESULTS
          ? trans.__('All %1 results', results.length)
          : trans.__('All results')}
      </button>
    </div>
  );
}
