import {
  durationText,
  isFinalTaskState,
  type OutputValue,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { copyText } from './clipboard';
import { useNow, useRunEnvironment } from './environment';
import { FailureCard } from './failure-card';
import { reportOf } from './report';
import { shortValue } from './results/value-text';
import type { RunModel } from './run-model';
import { leavesOf, taskSeconds, taskTree } from './task-tree';
import { taskStateWord } from './words';

/** Active tasks shown at most. */
const ACTIVE = 5;
/** Results shown in the one line. */
const RESULTS = 5;
/** Milliseconds of waiting after which the reason is shown. */
const PATIENCE = 10_000;

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

function PendingCard(props: ISummaryProps): JSX.Element | null {
  const { view } = props;
  const { trans, host } = useRunEnvironment();
  const { waiting } = view;
  const now = useNow(waiting !== undefined && !props.model.isStale);
  if (!waiting) {
    return null;
  }
  const seconds = Math.max(0, (now - Date.parse(waiting.since)) / 1000);
  if (seconds * 1000 < PATIENCE) {
    return null;
  }
  const connection = view.run.connection.profile;
  return (
    <div className="jp-KfpCard jp-mod-pending">
      <p className="jp-KfpCard-title">
        {waiting.task
          ? trans.__('%1 has waited %2.', waiting.task, durationText(seconds))
          : trans.__('The run has waited %1.', durationText(seconds))}
      </p>
      <p className="jp-KfpCard-text">{waiting.reason}</p>
      <div className="jp-KfpCard-actions">
        {!view.capabilities.events &&
          view.run.connection.flavour !== 'local' &&
          host.openDoctor && (
            <button
              type="button"
              className="jp-KfpButton"
              onClick={() => host.openDoctor?.(connection)}
            >
              {trans.__('Open doctor')}
            </button>
          )}
        <button
          type="button"
          className="jp-KfpButton"
          onClick={() => copyText(reportOf(view))}
        >
          {trans.__('Copy report')}
        </button>
      </div>
    </div>
  );
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
  const now = useNow(active.length > 0 && !model.isStale);
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
              <span className="jp-KfpActive-name">{task.name}</span>
              <span className="jp-KfpActive-state">
                {taskStateWord(task, trans)}
              </span>
              <span className="jp-KfpActive-time">
                {seconds !== null && !model.isStale && durationText(seconds)}
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
  const results = React.useMemo(() => headlineResults(view), [view]);
  if (results.length === 0) {
    return null;
  }
  return (
    <div className="jp-KfpHeadline">
      <dl className="jp-KfpHeadline-list">
        {results.slice(0, RESULTS).map(({ task, output }) => (
          <div
            key={`${task.id}/${output.name}`}
            className="jp-KfpHeadline-item"
          >
            <dt title={`${task.path}.${output.name}`}>{output.name}</dt>
            <dd>
              {output.kind === 'artifact'
                ? output.type.replace(/^system\./, '')
                : shortValue(output.json)}
            </dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        className="jp-KfpButton"
        onClick={() => model.choose({ tab: 'results' })}
      >
        {trans.__('All results')}
      </button>
    </div>
  );
}

/** A result with the task that made it. */
export interface ITaskOutput {
  readonly task: TaskView;
  readonly output: OutputValue;
}

/** The results of a run, metrics first, then values, then artifacts; those of the last tasks first. */
export function headlineResults(view: RunView): readonly ITaskOutput[] {
  const rank = { metric: 0, param: 1, artifact: 2 } as const;
  const all = leavesOf(taskTree(view))
    .filter(task => isFinalTaskState(task.state))
    .reverse()
    .flatMap(task => (task.outputs ?? []).map(output => ({ task, output })));
  return all.sort((a, b) => rank[a.output.kind] - rank[b.output.kind]);
}
