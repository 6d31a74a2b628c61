import {
  isFinalTaskState,
  type InputValue,
  type OutputValue,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { CachedFrom } from './cached-from';
import { useRunEnvironment, useRunNow } from './environment';
import { EventList } from './event-list';
import { TaskValue } from './results/task-value';
import { Rounds } from './rounds';
import type { RunModel } from './run-model';
import { taskTree, type ITaskNode } from './task-tree';
import { taskDurationText } from './tasks/task-rows';
import {
  dateTime,
  kindWord,
  taskStateWord,
  taskTitle,
  typeWord
} from './words';
import { Name } from './name';
import { inSentence, shownName } from './shown-name';

/** Properties of the details of a task. */
export interface ITaskDetailProps {
  readonly model: RunModel;
  readonly view: RunView;
  readonly task: TaskView;
}

/** Everything about one task: state, times, why, attempts, what went in and what came out. */
export function TaskDetail(props: ITaskDetailProps): JSX.Element {
  const { model, view, task } = props;
  const { trans } = useRunEnvironment();
  const now = useRunNow(model, !isFinalTaskState(task.state));
  // of the first failure more is known: its log was read
  const failure =
    view.failure?.task_id === task.id ? view.failure : task.failure;
  const facts: [string, React.ReactNode][] = [
    [trans.__('Started'), dateTime(task.started_at)],
    [trans.__('Duration'), taskDurationText(task, now)],
    [trans.__('Image'), task.image],
    [trans.__('Isolation'), task.isolation],
    [
      trans.__('Taken from'),
      task.cached_from && <CachedFrom model={model} view={view} task={task} />
    ]
  ];
  return (
    <section
      className="jp-KfpDetail"
      tabIndex={-1}
      data-kfp-detail={task.id}
      aria-label={trans.__('Details of %1', inSentence(taskTitle(task, trans)))}
    >
      <header className="jp-KfpDetail-header">
        <StateIcon sign={task.state} />
        <h3 title={shownName(task.path)}>
          <Name>{taskTitle(task, trans)}</Name>
        </h3>
        <span className="jp-KfpDetail-state">{taskStateWord(task, trans)}</span>
        <span className="jp-KfpRun-space" />
        {model.isWatching &&
          view.capabilities.logs &&
          task.attempts.length > 0 && (
            <button
              type="button"
              className="jp-KfpButton"
              onClick={() => model.choose({ tab: 'logs', task: task.id })}
            >
              {trans.__('Logs')}
            </button>
          )}
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          aria-label={trans.__('Close the details')}
          onClick={() => model.choose({ task: '' })}
        >
          <span aria-hidden="true">×</span>
        </button>
      </header>
      {task.reason && <p className="jp-KfpDetail-reason">{task.reason}</p>}
      {failure && failure.reason !== task.reason && (
        <p className="jp-KfpCard-reason">{failure.reason}</p>
      )}
      <dl className="jp-KfpFacts">
        <Fact name={trans.__('Kind')} value={kindWord(task.kind, trans)} />
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {task.kind === 'loop' && (
        <Rounds model={model} view={view} loop={task} now={now} />
      )}
      <Values {...props} side="inputs" />
      <Values {...props} side="outputs" />
      {hasEvents(task) && (
        <>
          <h4>{trans.__('Events')}</h4>
          <EventList task={task} />
        </>
      )}
    </section>
  );
}

/** Whether there is something to tell of a task besides its state. */
export function hasEvents(task: TaskView): boolean {
  return (
    task.created_at !== undefined ||
    task.attempts.length > 0 ||
    task.finished_at !== undefined
  );
}

/** A task by id, real or not created yet; null when there is none. */
export function taskOf(view: RunView, id: string): TaskView | null {
  const known = view.tasks[id];
  if (known || !id.startsWith('vertex:')) {
    return known ?? null;
  }
  const find = (nodes: readonly ITaskNode[]): TaskView | null => {
    for (const node of nodes) {
      const found = node.task.id === id ? node.task : find(node.children);
      if (found) {
        return found;
      }
    }
    return null;
  };
  return find(taskTree(view));
}

function Fact(props: {
  readonly name: string;
  readonly value: React.ReactNode;
}): JSX.Element | null {
  return props.value ? (
    <div className="jp-KfpFacts-fact">
      <dt>{props.name}</dt>
      <dd>
        <bdi>{props.value}</bdi>
      </dd>
    </div>
  ) : null;
}

function Values(
  props: ITaskDetailProps & { readonly side: 'inputs' | 'outputs' }
): JSX.Element | null {
  const { model, task, side } = props;
  const { trans } = useRunEnvironment();
  const values: readonly (InputValue | OutputValue)[] = task[side] ?? [];
  if (values.length === 0) {
    return null;
  }
  return (
    <>
      <h4>{side === 'inputs' ? trans.__('Inputs') : trans.__('Outputs')}</h4>
      <dl className="jp-KfpFacts">
        {values.map((value, index) => (
          <div
            key={`${value.kind}/${value.name}/${index}`}
            className="jp-KfpFacts-fact"
          >
            <dt title={typeWord(value.type, trans)}>
              <Name>{value.name}</Name>
            </dt>
            <dd>
              {value.kind === 'artifact' ? (
                <span className="jp-KfpDetail-quiet">
                  {value.uri ?? typeWord(value.type, trans)}
                </span>
              ) : (
                <TaskValue
                  model={model}
                  taskId={task.id}
                  side={side}
                  value={value}
                />
              )}
              {'producer' in value && value.producer && (
                <span className="jp-KfpDetail-quiet">
                  {' '}
                  ← <Name>{value.producer}</Name>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
