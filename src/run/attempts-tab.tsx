import {
  durationText,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { useRunEnvironment, useRunNow } from './environment';
import { EventList } from './event-list';
import { Name } from './name';
import { usePart } from './pager';
import type { RunModel } from './run-model';
import { hasEvents, taskOf } from './task-detail';
import { inSentence } from './shown-name';
import { leavesOf, taskSeconds, taskTree } from './task-tree';
import { clockSeconds, dateTime, stateWord } from './words';

/** Attempts on one page of the table. */
const PAGE = 100;

/** Every attempt of every task, those that ended badly with their exit code and message. */
export function AttemptsTab(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const attempts = leavesOf(taskTree(view)).flatMap(task =>
    task.attempts.map(attempt => ({ task, attempt }))
  );
  const [part, more] = usePart(attempts, PAGE);
  const now = useRunNow(model, !model.isFinal);
  if (attempts.length === 0) {
    return (
      <p className="jp-KfpEmpty">{trans.__('No task has been tried yet.')}</p>
    );
  }
  const task = taskOf(view, model.choices.task);
  return (
    <div className="jp-KfpInputs">
      {task && hasEvents(task) && (
        <section className="jp-KfpAttempts-events">
          <h3>{trans.__('Events of %1', inSentence(task.path))}</h3>
          <EventList task={task} />
        </section>
      )}
      <table className="jp-KfpTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('Task')}</th>
            <th scope="col">{trans.__('Attempt')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Start')}</th>
            <th scope="col">{trans.__('Duration')}</th>
            <th scope="col">{trans.__('Exit code')}</th>
            <th scope="col">{trans.__('Message')}</th>
          </tr>
        </thead>
        <tbody>
          {part.map(({ task, attempt }) => (
            <tr key={`${task.id}/${attempt.id}`}>
              <th scope="row">
                <LogLink model={model} view={view} task={task} />
              </th>
              <td className="jp-KfpTable-number">
                {of(attempt.index + 1, task)}
              </td>
              <td className="jp-KfpTable-state">
                <StateIcon sign={attempt.state} size={14} />{' '}
                {stateWord(attempt.state, trans)}
              </td>
              <td
                className="jp-KfpTable-number"
                title={dateTime(attempt.started_at)}
              >
                {attempt.started_at && clockSeconds(attempt.started_at)}
              </td>
              <td className="jp-KfpTable-number">{spent(attempt, now)}</td>
              <td className="jp-KfpTable-number">{attempt.exit_code ?? ''}</td>
              <td className="jp-KfpTable-value jp-mod-long">
                {attempt.message ?? ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more}
    </div>
  );
}

function LogLink(props: {
  readonly model: RunModel;
  readonly view: RunView;
  readonly task: TaskView;
}): JSX.Element {
  const { model, view, task } = props;
  const { trans } = useRunEnvironment();
  return model.isWatching && view.capabilities.logs ? (
    <button
      type="button"
      className="jp-KfpTextButton"
      title={trans.__('Open the logs of %1', inSentence(task.path))}
      onClick={() => model.choose({ tab: 'logs', task: task.id })}
    >
      <Name>{task.path}</Name>
    </button>
  ) : (
    <Name>{task.path}</Name>
  );
}

function of(attempt: number, task: TaskView): string {
  return task.max_attempts ? `${attempt} / ${task.max_attempts}` : `${attempt}`;
}

function spent(
  attempt: Pick<TaskView, 'state' | 'started_at' | 'finished_at'>,
  now: number
): string {
  const seconds = taskSeconds(attempt, now);
  return seconds === null ? '' : durationText(seconds);
}
