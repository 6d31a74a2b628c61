import { useVirtualizer } from '@tanstack/react-virtual';
import {
  isFinalRunState,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment, useRunNow } from '../environment';
import type { RunModel } from '../run-model';
import { taskTree } from '../task-tree';
import { ROW, TaskRow } from './task-row';
import { taskRows, type ITaskRow, type TaskOrder } from './task-rows';

/** Properties of the Tasks tab. */
export interface ITasksTabProps {
  readonly model: RunModel;
  readonly view: RunView;
}

/** All tasks as a tree in a grid: the equal of the graph for reading, sorting and the keyboard. */
export function TasksTab(props: ITasksTabProps): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const { filter, folds, task: chosen } = model.choices;
  // the model is drawn a frame later, and a field must show what is typed at once
  const [typed, setTyped] = React.useState(filter);
  const [order, setOrder] = React.useState<TaskOrder>('pipeline');
  const [isDescending, setDescending] = React.useState(false);
  const now = useRunNow(model, !isFinalRunState(view.run.state));
  const tree = React.useMemo(
    () => taskTree(view),
    [view.tasks, view.graph, view.run.state]
  );
  const clock = order === 'duration' ? now : 0; // rows move with time only when ordered by it
  const rows = React.useMemo(
    () =>
      taskRows(tree, {
        filter,
        order,
        isDescending,
        isOpen: task => folds[`row:${task.id}`] ?? isOpenByDefault(task),
        now: clock
      }),
    [tree, filter, order, isDescending, folds, clock]
  );

  const scroll = React.useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
    initialRect: { width: 600, height: 400 }
  });
  const at = rows.findIndex(row => row.task.id === chosen);
  const current = at < 0 ? 0 : at;

  const choose = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row) {
      model.choose({ task: row.task.id });
      list.scrollToIndex(rows.indexOf(row));
      requestAnimationFrame(() => {
        scroll.current
          ?.querySelector<HTMLElement>('[aria-selected="true"]')
          ?.focus();
      });
    }
  };
  const fold = (row: ITaskRow, isOpen: boolean): void =>
    model.choose({
      folds: { ...model.choices.folds, [`row:${row.task.id}`]: isOpen }
    });

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const row = rows[current];
    const page = Math.max(
      1,
      Math.floor((scroll.current?.clientHeight ?? 240) / ROW) - 1
    );
    const acts: Record<string, () => void> = {
      ArrowDown: () => choose(current + 1),
      ArrowUp: () => choose(current - 1),
      PageDown: () => choose(current + page),
      PageUp: () => choose(current - page),
      Home: () => choose(0),
      End: () => choose(rows.length - 1),
      ArrowRight: () =>
        row &&
        (row.isGroup && !row.isOpen ? fold(row, true) : choose(current + 1)),
      ArrowLeft: () => {
        if (row?.isGroup && row.isOpen) {
          fold(row, false);
        } else if (row) {
          choose(rows.findIndex(other => other.task.id === row.task.parent));
        }
      },
      Enter: () => row && model.choose({ task: row.task.id }),
      ' ': () => row && model.choose({ task: row.task.id })
    };
    const act = acts[event.key];
    if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      act();
    }
  };

  const sortBy = (next: TaskOrder): void => {
    if (order !== next) {
      setOrder(next);
      setDescending(false);
    } else if (!isDescending) {
      setDescending(true);
    } else {
      setOrder('pipeline');
      setDescending(false);
    }
  };
  const head = (name: string, by: TaskOrder | null): JSX.Element => (
    <div
      role="columnheader"
      className="jp-KfpGrid-head"
      aria-sort={
        order !== by ? undefined : isDescending ? 'descending' : 'ascending'
      }
    >
      {by ? (
        <button
          type="button"
          className="jp-KfpGrid-sort"
          onClick={() => sortBy(by)}
        >
          {name}
          <span aria-hidden="true">
            {order !== by ? '' : isDescending ? ' ↓' : ' ↑'}
          </span>
        </button>
      ) : (
        name
      )}
    </div>
  );

  return (
    <div className="jp-KfpTasks">
      <input
        type="search"
        className="jp-KfpFilter"
        data-kfp-filter
        aria-label={trans.__('Filter tasks')}
        placeholder={trans.__('Filter: name, state:failed, type:loop')}
        value={typed}
        onChange={event => {
          setTyped(event.target.value);
          model.choose({ filter: event.target.value });
        }}
      />
      <div
        ref={scroll}
        className="jp-KfpGrid"
        role="treegrid"
        aria-label={trans.__('Tasks')}
        aria-rowcount={rows.length + 1}
        onKeyDown={onKeyDown}
      >
        <div
          className="jp-KfpGrid-row jp-mod-head"
          role="row"
          aria-rowindex={1}
        >
          {head(trans.__('Task'), 'name')}
          {head(trans.__('State'), 'state')}
          {head(trans.__('Start'), 'start')}
          {head(trans.__('Duration'), 'duration')}
          {head(trans.__('Attempts'), 'attempts')}
          {head(trans.__('Output'), null)}
        </div>
        <div
          role="rowgroup"
          style={{ height: list.getTotalSize(), position: 'relative' }}
        >
          {list.getVirtualItems().map(item => (
            <TaskRow
              key={rows[item.index].task.id}
              model={model}
              view={view}
              row={rows[item.index]}
              index={item.index}
              top={item.start}
              isChosen={rows[item.index].task.id === chosen}
              isCurrent={item.index === current}
              now={now}
              onChoose={() => choose(item.index)}
              onFold={isOpen => fold(rows[item.index], isOpen)}
            />
          ))}
        </div>
        {rows.length === 0 && (
          <p className="jp-KfpEmpty">
            {filter
              ? trans.__('No task matches.')
              : trans.__('The tasks are not known yet.')}
          </p>
        )}
      </div>
    </div>
  );
}

// groups with many rounds start folded, everything else open; what failed is always in sight
function isOpenByDefault(task: TaskView): boolean {
  return task.kind !== 'loop' || task.state === 'FAILED';
}
