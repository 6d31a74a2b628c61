import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import * as React from 'react';

/** Where the keyboard is in a list of rows of which only those in sight are drawn. */
export interface IRowCursor {
  /** Index of the row that Tab stops at. */
  readonly current: number;
  /** The rows to draw: those in sight, and always the one that has the keyboard. */
  readonly drawn: (range: Range) => number[];
  /** Give the focus to a row; one that is out of range becomes the nearest end. */
  readonly go: (index: number) => void;
  /** The row that a key leads to; null for a key that moves nowhere. */
  readonly target: (key: string) => number | null;
}

/** The list that a cursor moves in. */
export interface IRowCursorOptions {
  readonly scroll: React.RefObject<HTMLElement>;
  readonly count: number;
  readonly idOf: (index: number) => string;
  /** Id of the row that was chosen, perhaps elsewhere; the cursor follows it. */
  readonly chosen: string;
  /** Pixels of a row. */
  readonly height: number;
}

/** Move the focus along the rows of a list; the row where it is carries `data-kfp-cursor` with its id. */
export function useRowCursor(options: IRowCursorOptions): IRowCursor {
  const { scroll, count, idOf, chosen, height } = options;
  const [cursor, setCursor] = React.useState(chosen);
  const [followed, setFollowed] = React.useState(chosen);
  if (chosen !== followed) {
    setFollowed(chosen);
    if (chosen) {
      setCursor(chosen);
    }
  }
  let current = 0;
  for (let index = 0; index < count; index += 1) {
    if (idOf(index) === cursor) {
      current = index;
      break;
    }
  }
  const row = (): HTMLElement | null =>
    scroll.current?.querySelector<HTMLElement>('[data-kfp-cursor]') ?? null;
  const [moves, setMoves] = React.useState(0);
  React.useLayoutEffect(() => {
    const node = moves > 0 ? row() : null;
    if (node) {
      bringIntoSight(scroll.current, node);
      node.focus({ preventScroll: true });
      node.scrollIntoView({ block: 'nearest' }); // also in the notebook
    }
  }, [moves]);
  // what was chosen elsewhere, as by the key for the first failure, comes into sight
  React.useLayoutEffect(() => {
    const node = row();
    if (node && count > 0 && idOf(current) === chosen) {
      bringIntoSight(scroll.current, node);
    }
  }, [chosen]);
  return {
    current,
    drawn: range =>
      [...new Set([current, ...defaultRangeExtractor(range)])].sort(
        (a, b) => a - b
      ),
    go: index => {
      if (count > 0) {
        setMoves(known => known + 1);
        setCursor(idOf(Math.max(0, Math.min(count - 1, index))));
      }
    },
    target: key => {
      const page = Math.max(
        1,
        Math.floor((scroll.current?.clientHeight ?? 0) / height) - 2
      );
      switch (key) {
        case 'ArrowDown':
          return current + 1;
        case 'ArrowUp':
          return current - 1;
        case 'PageDown':
          return current + page;
        case 'PageUp':
          return current - page;
        case 'Home':
          return 0;
        case 'End':
          return count - 1;
        default:
          return null;
      }
    }
  };
}

// below what stays at the top of the list
function bringIntoSight(list: HTMLElement | null, row: HTMLElement): void {
  if (!list) {
    return;
  }
  const place = list.getBoundingClientRect();
  const { top, bottom } = row.getBoundingClientRect();
  const upper = place.top + (row.parentElement?.offsetTop ?? 0);
  const lower = place.top + list.clientHeight;
  if (top < upper) {
    list.scrollTop += top - upper;
  } else if (bottom > lower) {
    list.scrollTop += bottom - lower;
  }
}

/** Whether a part of the page is read from the right. */
export function isRightToLeft(node: HTMLElement | null): boolean {
  return node !== null && getComputedStyle(node).direction === 'rtl';
}
