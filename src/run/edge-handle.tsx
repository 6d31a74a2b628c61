import * as React from 'react';

/** Properties of an edge that can be moved. */
export interface IEdgeHandleProps {
  readonly className: string;
  readonly label: string;
  /** Which way the edge lies; it moves across. */
  readonly orientation: 'horizontal' | 'vertical';
  readonly min: number;
  readonly max: number;
  /** One press of an arrow. */
  readonly step: number;
  /** What screen readers hear. */
  readonly value: number;
  /** The value to start from, measured where nobody chose any. */
  readonly measure?: () => number;
  /** By how much the value grows when the edge moves one pixel down, or to the right. */
  readonly perPixel: () => number;
  readonly onValue: (value: number) => void;
  /** Take the choice back, by a double click or Enter. */
  readonly onReset: () => void;
}

/** An edge between two places: drag it, or move it with the arrows, to its ends with Home and End. */
export function EdgeHandle(props: IEdgeHandleProps): JSX.Element {
  const { orientation, min, max } = props;
  const [forth, back] =
    orientation === 'horizontal'
      ? ['ArrowDown', 'ArrowUp']
      : ['ArrowRight', 'ArrowLeft'];
  const start = React.useRef<{ at: number; value: number } | null>(null);
  const at = (event: React.PointerEvent): number =>
    orientation === 'horizontal' ? event.clientY : event.clientX;
  const now = (): number => props.measure?.() ?? props.value;
  const set = (wished: number): void =>
    props.onValue(Math.round(Math.min(max, Math.max(min, wished))));
  const end = (): void => {
    start.current = null;
  };
  return (
    <div
      className={`jp-KfpEdge ${props.className}`}
      role="separator"
      aria-orientation={orientation}
      aria-label={props.label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={props.value}
      tabIndex={0}
      onKeyDown={event => {
        const { key } = event;
        if (key === forth || key === back) {
          const isMore = (key === forth) === props.perPixel() > 0;
          set(now() + (isMore ? props.step : -props.step));
        } else if (key === 'Home' || key === 'End') {
          set(key === 'Home' ? min : max);
        } else if (key === 'Enter') {
          props.onReset();
        } else {
          return;
        }
        event.preventDefault();
      }}
      onPointerDown={event => {
        start.current = { at: at(event), value: now() };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={event => {
        if (start.current) {
          const moved = at(event) - start.current.at;
          set(start.current.value + moved * props.perPixel());
        }
      }}
      onPointerUp={end}
      onLostPointerCapture={end}
      onDoubleClick={props.onReset}
    />
  );
}
