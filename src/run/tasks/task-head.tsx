import * as React from 'react';

import { useRunEnvironment } from '../environment';
import type { ITaskOrder, TaskOrder } from '../run-choices';
import { isRightToLeft } from '../use-row-cursor';

/** Properties of the names of the columns. */
export interface ITaskHeadProps {
  readonly head: React.RefObject<HTMLDivElement>;
  readonly order: ITaskOrder;
  readonly onOrder: (order: ITaskOrder) => void;
  /** Go to the rows. */
  readonly onDown: () => void;
}

/** The names of the columns; each orders the rows. One stop for Tab, arrows between them. */
export function TaskHead(props: ITaskHeadProps): JSX.Element {
  const { head, order, onOrder } = props;
  const { trans } = useRunEnvironment();
  const [current, setCurrent] = React.useState(0);
  const columns: readonly (readonly [TaskOrder, string])[] = [
    ['name', trans.__('Task')],
    ['state', trans.__('State')],
    ['start', trans.__('Start')],
    ['duration', trans.__('Duration')],
    ['attempts', trans.__('Attempts')],
    ['cached', trans.__('Cached')],
    ['output', trans.__('Output')]
  ];
  // up, down, and back to the order of the pipeline
  const orderBy = (by: TaskOrder): void =>
    onOrder(
      order.by !== by
        ? { by, isDescending: false }
        : !order.isDescending
          ? { by, isDescending: true }
          : { by: 'pipeline', isDescending: false }
    );
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = isRightToLeft(head.current) ? -1 : 1;
    const to = {
      ArrowRight: current + step,
      ArrowLeft: current - step,
      Home: 0,
      End: columns.length - 1
    }[event.key];
    if (event.key === 'ArrowDown') {
      props.onDown();
    } else if (to === undefined) {
      return;
    } else {
      const next = Math.max(0, Math.min(columns.length - 1, to));
      setCurrent(next);
      head.current?.querySelectorAll<HTMLElement>('button')[next]?.focus();
    }
    event.preventDefault();
  };
  return (
    <div
      ref={head}
      className="jp-KfpGrid-row jp-mod-head"
      role="row"
      aria-rowindex={1}
      onKeyDown={onKeyDown}
    >
      {columns.map(([by, name], index) => (
        <div
          key={by}
          role="columnheader"
          className="jp-KfpGrid-head"
          aria-sort={
            order.by !== by
              ? undefined
              : order.isDescending
                ? 'descending'
                : 'ascending'
          }
        >
          <button
            type="button"
            className="jp-KfpPlainButton jp-KfpGrid-sort"
            tabIndex={index === current ? 0 : -1}
            onFocus={() => setCurrent(index)}
            onClick={() => orderBy(by)}
          >
            {name}
            <span aria-hidden="true">
              {order.by !== by ? '' : order.isDescending ? ' ↓' : ' ↑'}
            </span>
          </button>
        </div>
      ))}
    </div>
  );
}
