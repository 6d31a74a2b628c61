import type { RunState, TaskState } from 'jupyterlab-kfp-model';

/** The states that have a sign of their own: those of runs, of tasks, and two that only the page knows. */
export type StateSign =
  Exclude<RunState | TaskState, never> | 'DRAFT' | 'SUBMITTING';

/** One stroke of a sign on a 16 × 16 field. */
export interface IStroke {
  /** SVG path data. */
  readonly d: string;
  /** Painted solid instead of outlined. */
  readonly solid?: boolean;
  /** Dash pattern of the outline. */
  readonly dash?: string;
}

const circle = 'M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12z';

/**
 * The shape of every state. No two are told apart by colour alone.
 */
export const STATE_SHAPES: Readonly<Record<StateSign, readonly IStroke[]>> = {
  DRAFT: [{ d: circle, dash: '2.6 2.1' }],
  SUBMITTING: [{ d: circle }, { d: 'M8 11V5.2M5.5 7.6L8 5l2.5 2.6' }],
  PENDING: [{ d: circle }, { d: 'M8 4.8V8l2.3 1.7' }],
  RUNNING: [{ d: circle }, { d: 'M8 3.4a4.6 4.6 0 0 1 0 9.2z', solid: true }],
  SUCCEEDED: [{ d: circle }, { d: 'M5.2 8.2l2 2 3.6-4.2' }],
  FAILED: [
    { d: 'M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z' },
    { d: 'M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6' }
  ],
  SKIPPED: [{ d: circle }, { d: 'M3.8 12.2l8.4-8.4' }],
  CANCELING: [
    { d: circle, dash: '2.6 2.1' },
    { d: 'M5.9 5.9h4.2v4.2H5.9z', solid: true }
  ],
  CANCELED: [{ d: circle }, { d: 'M5.9 5.9h4.2v4.2H5.9z', solid: true }],
  PAUSED: [{ d: 'M4.5 3h2.4v10H4.5zM9.1 3h2.4v10H9.1z', solid: true }],
  CACHED: [{ d: 'M2.5 2.5h7.5v7.5H2.5z' }, { d: 'M6 10v3.5h7.5V6H10' }],
  RETRYING: [{ d: 'M13.4 8.6A5.5 5.5 0 1 1 12 4.2' }, { d: 'M12.6 1.8v3h-3' }],
  NOT_REACHED: [{ d: circle, dash: '0.1 2.6' }],
  UNKNOWN: [
    { d: circle },
    { d: 'M6.2 6.5a1.8 1.8 0 1 1 2.7 1.6c-.6.4-.9.7-.9 1.3' },
    { d: 'M7.4 10.6h1.2v1.2H7.4z', solid: true }
  ]
};

/** The CSS class that gives a state its colour. */
export function stateClass(sign: StateSign): string {
  return `jp-mod-${sign.toLowerCase().replace('_', '-')}`;
}
