import * as React from 'react';

import { STATE_SHAPES, stateClass, type StateSign } from './state-shapes';

/** Properties of the sign of a state. */
export interface IStateIconProps {
  readonly sign: StateSign;
  /** Pixels; 16 when left out. */
  readonly size?: number;
}

/**
 * The sign of a state as a small picture. The word beside it carries the meaning, so it is hidden from screen readers.
 */
export function StateIcon(props: IStateIconProps): JSX.Element {
  const size = props.size ?? 16;
  return (
    <svg
      className={`jp-KfpState ${stateClass(props.sign)}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <StateStrokes sign={props.sign} />
    </svg>
  );
}

/** The strokes alone, for use inside another picture. */
export function StateStrokes(props: { readonly sign: StateSign }): JSX.Element {
  return (
    <>
      {STATE_SHAPES[props.sign].map((stroke, index) => (
        <path
          key={index}
          d={stroke.d}
          className={stroke.solid ? 'jp-KfpState-solid' : 'jp-KfpState-line'}
          strokeDasharray={stroke.dash}
        />
      ))}
    </>
  );
}
