import * as React from 'react';

import { useRunEnvironment } from './environment';

/** Share of the width that the details may have, in percent. */
const SHARE = { min: 20, max: 75, step: 4 } as const;

/** Share of the details before anybody dragged. */
export const DETAIL_SHARE = 40;

/** The edge between the list or graph and the details beside it: drag it, or move it with the arrows. */
export function SplitHandle(props: {
  readonly body: React.RefObject<HTMLDivElement>;
  /** Percent of the width that the details have. */
  readonly share: number;
  readonly onShare: (share: number) => void;
}): JSX.Element {
  const { body, share, onShare } = props;
  const { trans } = useRunEnvironment();
  const isDragged = React.useRef(false);
  const set = (wished: number): void =>
    onShare(Math.round(Math.min(SHARE.max, Math.max(SHARE.min, wished))));
  const isRtl = (): boolean =>
    body.current !== null && getComputedStyle(body.current).direction === 'rtl';
  return (
    <div
      className="jp-KfpRun-split"
      role="separator"
      aria-orientation="vertical"
      aria-label={trans.__('Width of the details')}
      aria-valuemin={SHARE.min}
      aria-valuemax={SHARE.max}
      aria-valuenow={share}
      tabIndex={0}
      onKeyDown={event => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
          event.preventDefault();
          // the details lie at the end of the line
          const isWider = (event.key === 'ArrowLeft') !== isRtl();
          set(share + (isWider ? SHARE.step : -SHARE.step));
        }
      }}
      onPointerDown={event => {
        isDragged.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={event => {
        const box = body.current?.getBoundingClientRect();
        if (isDragged.current && box && box.width > 0) {
          const part = ((box.right - event.clientX) / box.width) * 100;
          set(isRtl() ? 100 - part : part);
        }
      }}
      onPointerUp={() => {
        isDragged.current = false;
      }}
    />
  );
}
