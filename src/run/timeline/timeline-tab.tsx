import { useVirtualizer } from '@tanstack/react-virtual';
import { isFinalRunState, type RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../../icons/state-icon';
import { stateClass } from '../../icons/state-shapes';
import { useRunEnvironment, useRunNow } from '../environment';
import type { RunModel } from '../run-model';
import { taskDurationText } from '../tasks/task-rows';
import { isRightToLeft, useRowCursor } from '../use-row-cursor';
import { taskStateWord } from '../words';
import { ZoomTools } from '../zoom-tools';
import {
  axisStep,
  markText,
  timeline,
  type ITimelineRow
} from './timeline-rows';
import { Name } from '../name';
import { shownName } from '../shown-name';

/** Pixels of a row, and of the least distance between two marks of the axis. */
const ROW = 26;
const MARK = 80;
/** Pixels of the mark of a cached task, however long the service took to find it. */
const CACHED = 4;
/** How many times wider than its place the axis gets at most; and less where the run was so short that no mark would be in sight. */
const MOST = 64;
const MOST_OF_SHORT = 4;

/** One bar per task on a time axis. The same as a table is the Tasks tab sorted by start. */
export function TimelineTab(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element {
  const { model, view } = props;
  const { trans } = useRunEnvironment();
  const isMoving = !isFinalRunState(view.run.state);
  const now = useRunNow(model, isMoving);
  const lines = React.useMemo(
    () => timeline(view, now),
    [view, isMoving ? now : 0]
  );
  const [zoom, setZoom] = React.useState(1);
  const drawn = React.useRef(1);
  const scroll = React.useRef<HTMLDivElement>(null);
  const cursor = useRowCursor({
    scroll,
    count: lines.rows.length,
    idOf: index => lines.rows[index].task.id,
    chosen: model.choices.task,
    height: ROW
  });
  const list = useVirtualizer({
    count: lines.rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
    rangeExtractor: cursor.drawn,
    initialRect: { width: 600, height: 400 }
  });
  // what is in the middle stays there
  React.useLayoutEffect(() => {
    const node = scroll.current;
    if (node) {
      const half = (node.clientWidth - nameWidth(node)) / 2;
      const side = isRightToLeft(node) ? -1 : 1;
      const middle = (side * node.scrollLeft + half) / drawn.current;
      node.scrollLeft = side * (middle * zoom - half);
    }
    drawn.current = zoom;
  }, [zoom]);
  if (lines.rows.length === 0) {
    return (
      <p className="jp-KfpEmpty">{trans.__('No task has started yet.')}</p>
    );
  }
  const span = Math.max(1000, lines.to - lines.from);
  const step = axisStep(
    span,
    (zoom * (scroll.current?.clientWidth ?? 600)) / MARK
  );
  const marks = Array.from(
    { length: Math.floor(span / step) + 1 },
    (_, index) => index * step
  ).filter(mark => mark < span * 0.97 || mark === 0); // the last one has no room for its text
  const share = (milliseconds: number): string =>
    `${(100 * milliseconds) / span}%`;
  const most = Math.min(MOST, Math.max(MOST_OF_SHORT, span / 1000));
  const zoomBy = (factor: number): void =>
    setZoom(Math.min(most, Math.max(1, zoom * factor)));
  const move = (step: number): void =>
    scroll.current?.scrollBy({
      left: isRightToLeft(scroll.current) ? -step : step
    });
  // details that are open beside the list follow the cursor
  const go = (index: number): void => {
    const row = lines.rows[Math.max(0, Math.min(lines.rows.length - 1, index))];
    cursor.go(index);
    if (model.choices.task) {
      model.choose({ task: row.task.id });
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const target = cursor.target(event.key);
    if (target !== null) {
      go(target);
    } else if (event.key === '+' || event.key === '=') {
      zoomBy(2);
    } else if (event.key === '-') {
      zoomBy(1 / 2);
    } else if (event.key === '0') {
      setZoom(1);
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      move(event.key === 'ArrowRight' ? MARK : -MARK);
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div className="jp-KfpTimeline-place">
      <div
        ref={scroll}
        className="jp-KfpTimeline"
        role="group"
        aria-label={trans.__(
          'Timeline. The Tasks tab sorted by start holds the same as a table.'
        )}
        onKeyDown={onKeyDown}
      >
        <div
          className="jp-KfpTimeline-axis"
          aria-hidden="true"
          style={{
            width: `calc(var(--jp-kfp-name-width) + ${zoom} * (100% - var(--jp-kfp-name-width) - 10px))`
          }}
        >
          {marks.map(mark => (
            <span
              key={mark}
              className="jp-KfpTimeline-mark"
              style={{
                insetInlineStart: `calc(var(--jp-kfp-name-width) + (100% - var(--jp-kfp-name-width) - 10px) * ${mark / span})`
              }}
            >
              <bdi>{markText(mark / 1000)}</bdi>
            </span>
          ))}
        </div>
        <div
          style={{
            height: list.getTotalSize(),
            position: 'relative',
            width: `calc(var(--jp-kfp-name-width) + ${zoom} * (100% - var(--jp-kfp-name-width) - 10px))`
          }}
        >
          {list.getVirtualItems().map(item => (
            <Bar
              key={lines.rows[item.index].task.id}
              row={lines.rows[item.index]}
              top={item.start}
              from={lines.from}
              share={share}
              now={now}
              isChosen={lines.rows[item.index].task.id === model.choices.task}
              isCurrent={item.index === cursor.current}
              onChoose={() =>
                model.choose({ task: lines.rows[item.index].task.id })
              }
            />
          ))}
        </div>
      </div>
      <ZoomTools
        onCloser={() => zoomBy(2)}
        onFarther={() => zoomBy(1 / 2)}
        onAll={() => setZoom(1)}
      />
    </div>
  );
}

function nameWidth(node: HTMLElement): number {
  return parseFloat(
    getComputedStyle(node).getPropertyValue('--jp-kfp-name-width')
  );
}

function Bar(props: {
  readonly row: ITimelineRow;
  readonly top: number;
  readonly from: number;
  readonly share: (milliseconds: number) => string;
  readonly now: number;
  readonly isChosen: boolean;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
}): JSX.Element {
  const { row, share } = props;
  const { trans } = useRunEnvironment();
  const { task } = row;
  return (
    <button
      type="button"
      className={`jp-KfpPlainButton jp-KfpTimeline-row ${props.isChosen ? 'jp-mod-chosen' : ''}`}
      tabIndex={props.isCurrent ? 0 : -1}
      data-kfp-cursor={props.isCurrent ? task.id : undefined}
      style={{ transform: `translateY(${props.top}px)`, height: ROW }}
      title={`${shownName(task.path)}: ${taskStateWord(task, trans)} ${taskDurationText(task, props.now)}`}
      onClick={props.onChoose}
    >
      <span
        className="jp-KfpTimeline-name"
        style={{ paddingInlineStart: 8 + 12 * row.depth }}
      >
        <StateIcon sign={task.state} size={14} />
        <span className="jp-KfpGrid-text">
          <Name>{task.name}</Name>
        </span>
      </span>
      <span className="jp-KfpTimeline-track">
        {row.segments.map((segment, index) => (
          <span
            key={index}
            className={`jp-KfpTimeline-bar jp-mod-${segment.kind} ${stateClass(segment.state)} ${
              row.isCritical && segment.kind !== 'waiting'
                ? 'jp-mod-critical'
                : ''
            }`}
            style={{
              insetInlineStart: share(segment.from - props.from),
              width:
                segment.kind === 'cached'
                  ? CACHED
                  : `max(2px, ${share(segment.to - segment.from)})`
            }}
          />
        ))}
      </span>
    </button>
  );
}
