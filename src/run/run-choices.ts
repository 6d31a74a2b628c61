import type { RunView } from 'jupyterlab-kfp-model';

/** The tabs of a run. `summary` is the folded default body of a cell. */
export type RunTab =
  | 'summary'
  | 'graph'
  | 'tasks'
  | 'timeline'
  | 'logs'
  | 'results'
  | 'inputs'
  | 'source'
  | 'attempts'
  | 'volumes';

/** Columns that tasks can be ordered by. `pipeline` is the order of the pipeline. */
export type TaskOrder =
  | 'pipeline'
  | 'name'
  | 'state'
  | 'start'
  | 'duration'
  | 'attempts'
  | 'cached'
  | 'output';

/** How the tasks of a table are ordered. */
export interface ITaskOrder {
  readonly by: TaskOrder;
  readonly isDescending: boolean;
}

/** What the reader has chosen; it outlives every mount of the view. */
export interface IRunChoices {
  readonly tab: RunTab;
  /** Id of the task whose details are shown; empty when none. */
  readonly task: string;
  /** Vertices of the graph that are folded or unfolded against the default. */
  readonly folds: Readonly<Record<string, boolean>>;
  /** Index of the round that is shown, by the vertex of its loop. */
  readonly rounds: Readonly<Record<string, number>>;
  /** Text of the filter of the Tasks tab. */
  readonly filter: string;
  /** Order of the Tasks tab. */
  readonly order: ITaskOrder;
  /** Whether the widget is reduced to its header. */
  readonly collapsed: boolean;
}

/** How the cell of a run stands to the run; null where there is no cell to compare. */
export type Drift = 'same' | 'edited' | 'removed' | null;

/** What was known when the document was saved. */
export interface ISavedRun {
  readonly view: RunView;
  readonly final: boolean;
  /** UTC; when it was seen, for a picture that is not final. */
  readonly observedAt: string;
}

/** A line of a cell. */
export interface ICellLine {
  readonly cellId?: string;
  /** 1-based. */
  readonly line: number;
  /** What stands in the brackets beside the cell, where it was executed. */
  readonly prompt?: number;
}

/** Before the reader has chosen anything. */
export const NO_CHOICES: IRunChoices = {
  tab: 'summary',
  task: '',
  folds: {},
  rounds: {},
  filter: '',
  order: { by: 'pipeline', isDescending: false },
  collapsed: false
};
