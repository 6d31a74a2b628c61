import * as React from 'react';

import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';

/** Heights that a body may be dragged to, in pixels. */
const HEIGHT = { min: 60, max: 640, unset: 240, step: 24 } as const;

/** The lower edge of a run in a cell: drag it, or move it with the arrows. The height is kept by run. */
export function ResizeHandle(props: {
  readonly model: RunModel;
  readonly body: React.RefObject<HTMLDivElement>;
}): JSX.Element {
  const { model, body } = props;
  const { trans, heights } = useRunEnvironment();
  const start = React.useRef<{ y: number; height: number } | null>(null);
  const set = (wished: number): void => {
    const height = Math.round(
      Math.min(HEIGHT.max, Math.max(HEIGHT.min, wished))
    );
    model.choose({ height });
    const runId = model.view?.run.run_id;
    if (runId) {
      heights?.set(runId, height);
    }
  };
  const now = (): number => body.current?.clientHeight ?? model.choices.height;
  return (
    <div
      className="jp-KfpRun-resize"
      role="separator"
      aria-orientation="horizontal"
      aria-label={trans.__('Height of the run')}
      aria-valuemin={HEIGHT.min}
      aria-valuemax={HEIGHT.max}
      aria-valuenow={model.choices.height || HEIGHT.unset}
      tabIndex={0}
      onKeyDown={event => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault();
          set(now() + (event.key === 'ArrowDown' ? HEIGHT.step : -HEIGHT.step));
        }
      }}
      onPointerDown={event => {
        start.current = { y: event.clientY, height: now() };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={event => {
        if (start.current) {
          set(start.current.height + event.clientY - start.current.y);
        }
      }}
      onPointerUp={() => {
        start.current = null;
      }}
    />
  );
}
