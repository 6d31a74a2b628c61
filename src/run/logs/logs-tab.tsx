import type { LogStream, RunView, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import type { RunModel } from '../run-model';
import type { IRunStore } from '../run-store';
import { firstFailure, leavesOf, taskTree } from '../task-tree';
import { taskStateWord } from '../words';
import { LogPanel } from './log-panel';
import type { ILogTaste } from './log-tools';
import { shownName } from '../shown-name';

const PLAIN: ILogTaste = {
  isWrapping: false,
  isTimed: false,
  isPattern: false
};

/** Properties of the Logs tab. */
export interface ILogsTabProps {
  readonly model: RunModel;
  readonly view: RunView;
}

/** The log of one attempt of one task, with a choice of both. */
export function LogsTab(props: ILogsTabProps): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const { store } = model;
  const tasks = React.useMemo(
    () => leavesOf(taskTree(view)).filter(task => task.attempts.length > 0),
    [view.tasks, view.graph, view.run.state]
  );
  const task =
    tasks.find(each => each.id === model.choices.task) ??
    mostTelling(view, tasks);
  const [attempt, setAttempt] = React.useState(-1);
  const [stream, setStream] = React.useState<LogStream>('main');
  const [taste, setTaste] = React.useState<ILogTaste>(PLAIN);
  React.useEffect(() => setAttempt(-1), [task?.id]);

  if (!store || !model.isWatching) {
    return (
      <p className="jp-KfpEmpty">
        {trans.__('Logs are shown when the run is connected.')}
      </p>
    );
  }
  if (!task) {
    return (
      <p className="jp-KfpEmpty">
        {trans.__('No task has written a log yet.')}
      </p>
    );
  }
  // not every service, and not every task, has a driver
  const shownStream = task.driver === undefined ? 'main' : stream;
  const shown = attempt < 0 ? task.attempts.length - 1 : attempt;
  return (
    <div className="jp-KfpLogs">
      <LogPanel
        key={`${task.id}/${shown}/${shownStream}`}
        store={store as IRunStore}
        task={task}
        attempt={task.attempts[shown]?.index ?? shown}
        stream={shownStream}
        isRunning={task.attempts[shown]?.state === 'RUNNING'}
        taste={taste}
        onTaste={next => setTaste(known => ({ ...known, ...next }))}
      >
        <select
          className="jp-KfpSelect"
          aria-label={trans.__('Task')}
          value={task.id}
          onChange={event => model.choose({ task: event.target.value })}
        >
          {tasks.map(each => (
            <option key={each.id} value={each.id}>
              {`${shownName(each.path)} (${taskStateWord(each, trans)})`}
            </option>
          ))}
        </select>
        {task.attempts.length > 1 && (
          <select
            className="jp-KfpSelect"
            aria-label={trans.__('Attempt')}
            value={shown}
            onChange={event => setAttempt(Number(event.target.value))}
          >
            {task.attempts.map((each, index) => (
              <option key={each.id} value={index}>
                {trans.__('Attempt %1', each.index + 1)}
              </option>
            ))}
          </select>
        )}
        {task.driver !== undefined && (
          <select
            className="jp-KfpSelect"
            aria-label={trans.__('Stream')}
            value={shownStream}
            onChange={event =>
              setStream(event.target.value === 'driver' ? 'driver' : 'main')
            }
          >
            <option value="main">{trans.__('main')}</option>
            <option value="driver">{trans.__('driver')}</option>
          </select>
        )}
      </LogPanel>
    </div>
  );
}

// the first failure, else what runs, else what ran last
function mostTelling(
  view: RunView,
  tasks: readonly TaskView[]
): TaskView | undefined {
  const failed = firstFailure(view);
  return (
    tasks.find(task => task.id === failed?.id) ??
    tasks.find(task => task.state === 'RUNNING') ??
    tasks[tasks.length - 1]
  );
}
