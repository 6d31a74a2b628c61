import { useVirtualizer } from '@tanstack/react-virtual';
import { isFinalRunState, type RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment, useRunNow } from '../environment';
import type { RunModel } from '../run-model';
import { taskTree } from '../task-tree';
import { isRightToLeft, useRowCursor } from '../use-row-cursor';
import { TaskHead } from './task-head';
import { ROW, TaskRow } from './task-row';
import { isRowOpen, rowFold, taskRows, type ITaskRow } from './task-rows';

/** Properties of the Tasks tab. */
export interface ITasksTabProps {
  readonly model: RunModel;
  readonly view: RunView;
}

/** All tasks as a tree in a grid: the equal of the graph for reading, sorting and the keyboard. */
export function TasksTab(props: ITasksTabProps): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const { filter, folds, order, task: chosen } = model.choices;
  const now = useRunNow(model, !isFinalRunState(view.run.state));
  const tree = React.useMemo(
    () => taskTree(view),
    [view.tasks, view.graph, view.run.state]
  );
  const clock = order.by === 'duration' ? now : 0; // rows move with time only when ordered by it
  const rows = React.useMemo(
    () =>
      taskRows(tree, {
        filter,
        order,
        isOpen: task => isRowOpen(task, folds),
        now: clock
      }),
    [tree, filter, order, folds, clock]
  );

  const scroll = React.useRef<HTMLDivElement>(null);
  const head = React.useRef<HTMLDivElement>(null);
  const cursor = useRowCursor({
    scroll,
    count: rows.length,
    idOf: index => rows[index].task.id,
    chosen,
    height: ROW
  });
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
    rangeExtractor: cursor.drawn,
    initialRect: { width: 600, height: 400 }
  });

  // details that are open beside the list follow the cursor
  const go = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    cursor.go(index);
    if (row && chosen) {
      model.choose({ task: row.task.id });
    }
  };
  const fold = (row: ITaskRow, isOpen: boolean): void =>
    model.choose({ folds: { ...folds, ...rowFold(row.task, isOpen) } });
  const show = (row: ITaskRow | undefined, isOpening: boolean): void => {
    if (row) {
      model.choose({
        task: row.task.id,
        ...(isOpening && row.isGroup && !row.isOpen
          ? { folds: { ...folds, ...rowFold(row.task, true) } }
          : {})
      });
    }
  };

  const goToHead = (): void =>
    head.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  const enter = (): void =>
    rows.length > 0 ? cursor.go(cursor.current) : goToHead();

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const row = rows[cursor.current];
    const isTurned = isRightToLeft(scroll.current);
    const inwards = isTurned ? 'ArrowLeft' : 'ArrowRight';
    const outwards = isTurned ? 'ArrowRight' : 'ArrowLeft';
    const target = cursor.target(event.key);
    if (event.key === 'ArrowUp' && cursor.current === 0) {
      goToHead();
    } else if (target !== null) {
      go(target);
    } else if (event.key === inwards) {
      if (row?.isGroup && !row.isOpen) {
        fold(row, true);
      } else if (row?.isGroup && rows[cursor.current + 1]?.depth > row.depth) {
        go(cursor.current + 1);
      }
    } else if (event.key === outwards) {
      const parent = rows.findIndex(each => each.task.id === row?.task.parent);
      if (row?.isGroup && row.isOpen) {
        fold(row, false);
      } else if (parent >= 0) {
        go(parent);
      }
    } else if (event.key === 'Enter' || event.key === ' ') {
      show(row, event.key === 'Enter');
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div className="jp-KfpTasks">
      <TaskFilter model={model} onLeave={enter} />
      <div
        ref={scroll}
        className="jp-KfpGrid"
        role="treegrid"
        aria-label={trans.__('Tasks')}
        aria-rowcount={rows.length + 1}
      >
        <TaskHead
          head={head}
          order={order}
          onOrder={next => model.choose({ order: next })}
          onDown={enter}
        />
        <div
          role="rowgroup"
          style={{ height: list.getTotalSize(), position: 'relative' }}
          onKeyDown={onKeyDown}
        >
          {list.getVirtualItems().map(item => {
            const row = rows[item.index];
            return (
              <TaskRow
                key={row.task.id}
                model={model}
                view={view}
                row={row}
                index={item.index}
                top={item.start}
                isChosen={row.task.id === chosen}
                isCurrent={item.index === cursor.current}
                now={now}
                onChoose={() => {
                  cursor.go(item.index);
                  show(row, false);
                }}
                onFold={isOpen => fold(row, isOpen)}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 && (
        <p className="jp-KfpEmpty" role="status">
          {filter
            ? trans.__('No task matches.')
            : trans.__('The tasks are not known yet.')}
        </p>
      )}
    </div>
  );
}

/** The field that says which tasks are shown. From it the arrow down, Enter and Escape lead into the list. */
function TaskFilter(props: {
  readonly model: RunModel;
  readonly onLeave: () => void;
}): JSX.Element {
  const { model } = props;
  const { trans } = useRunEnvironment();
  const { filter } = model.choices;
  // the model is drawn a frame later, and a field must show what is typed at once
  const [typed, setTyped] = React.useState(filter);
  const sent = React.useRef(filter);
  if (sent.current !== filter) {
    sent.current = filter;
    setTyped(filter); // it was changed elsewhere
  }
  const send = (text: string): void => {
    sent.current = text;
    setTyped(text);
    model.choose({ filter: text });
  };
  return (
    <input
      type="search"
      className="jp-KfpFilter"
      data-kfp-filter
      aria-label={trans.__('Filter tasks')}
      placeholder={trans.__('Filter: name, state:failed, type:loop')}
      value={typed}
      onChange={event => send(event.target.value)}
      onKeyDown={event => {
        if (['ArrowDown', 'Enter', 'Escape'].includes(event.key)) {
          event.preventDefault();
          props.onLeave();
        }
      }}
    />
  );
}
