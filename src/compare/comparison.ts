import {
  durationText,
  isFinalRunState,
  isLowerBetter,
  secondsBetween,
  type RunView,
  type TaskState
} from 'jupyterlab-kfp-model';

import { metricValues } from '../run/headline';
import { readable, shortValue } from '../run/results/value-text';
import { parameterOf } from '../run/sweep-rows';
import { leavesOf, taskSeconds, taskTree } from '../run/task-tree';

/** One thing that runs have each a value of. */
export interface IComparedRow {
  readonly name: string;
  /** A text per run, in the order of the runs; null where a run has none or is not there yet. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
  /** What the values are ordered by, where that is not their text. */
  readonly keys?: readonly (number | null)[];
  /** The place of the best value; absent where nothing is best. */
  readonly best?: number;
  /** Whether less is better, of metrics. */
  readonly isLowerBetter?: boolean;
  /** The state of a task per run, of tasks. */
  readonly states?: readonly (TaskState | null)[];
}

/** Runs side by side, in each part what differs first. */
export interface IComparison {
  readonly about: readonly IComparedRow[];
  readonly parameters: readonly IComparedRow[];
  readonly metrics: readonly IComparedRow[];
  readonly tasks: readonly IComparedRow[];
  /** Whether the compiled pipelines are the same; null where it is not known of all runs. */
  readonly isSamePipeline: boolean | null;
}

/** The names of the facts about runs, in the language of the page. */
export interface IFactNames {
  readonly duration: string;
  readonly experiment: string;
  readonly pipeline: string;
  readonly connection: string;
  readonly sdk: string;
}

/** Lay runs side by side. A run that is not there yet is null and differs from nothing. */
export function compareRuns(
  views: readonly (RunView | null)[],
  names: IFactNames,
  now: number
): IComparison {
  const row = (
    name: string,
    valueOf: (view: RunView) => string | null
  ): IComparedRow => {
    const values = views.map(view => (view ? valueOf(view) : null));
    return { name, values, differs: differs(values, views) };
  };
  return {
    about: [
      durationRow(names.duration, views, now),
      row(names.pipeline, ({ run }) => run.pipeline.name),
      row(names.experiment, ({ run }) => run.experiment?.name ?? null),
      row(names.connection, ({ run }) => run.connection.profile),
      row(names.sdk, ({ run }) => run.sdk ?? null)
    ].filter(({ values }) => values.some(value => value !== null)),
    parameters: differingFirst(
      namesIn(views, view => view.run.parameters.map(each => each.name)).map(
        name => parameterRow(name, views)
      )
    ),
    metrics: differingFirst(metricRows(views)),
    tasks: differingFirst(taskRows(views, now)),
    isSamePipeline: samePipeline(views)
  };
}

function durationRow(
  name: string,
  views: readonly (RunView | null)[],
  now: number
): IComparedRow {
  const keys = views.map(view => (view ? secondsOf(view, now) : null));
  const values = keys.map(key => (key === null ? null : durationText(key)));
  return { name, values, keys, differs: differs(values, views) };
}

// shown short, compared whole
function parameterRow(
  name: string,
  views: readonly (RunView | null)[]
): IComparedRow {
  const whole = views.map(view =>
    view ? (parameterOf(view, name) ?? null) : null
  );
  return {
    name,
    values: whole.map(json => (json === null ? null : shortValue(json))),
    differs: differs(whole, views)
  };
}

function metricRows(
  views: readonly (RunView | null)[]
): readonly IComparedRow[] {
  const found = views.map(view => (view ? metricValues(view) : null));
  return namesIn(found, metrics => [...metrics.keys()]).map(name => {
    const numbers = found.map(metrics => metrics?.get(name) ?? null);
    const known = numbers.filter(value => value !== null);
    const lower = isLowerBetter(name);
    const values = numbers.map(value =>
      value === null ? null : readable(value)
    );
    const isSpread = new Set(known).size > 1;
    return {
      name,
      values,
      keys: numbers,
      differs: differs(values, views),
      isLowerBetter: lower,
      ...(isSpread
        ? {
            best: numbers.indexOf(
              lower ? Math.min(...known) : Math.max(...known)
            )
          }
        : {})
    };
  });
}

function taskRows(
  views: readonly (RunView | null)[],
  now: number
): readonly IComparedRow[] {
  const found = views.map(view =>
    view
      ? new Map(leavesOf(taskTree(view)).map(task => [task.path, task]))
      : null
  );
  return namesIn(found, tasks => [...tasks.keys()]).map(path => {
    const tasks = found.map(each => each?.get(path) ?? null);
    const states = tasks.map(task => task?.state ?? null);
    const seconds = tasks.map(task => {
      return task ? taskSeconds(task, now) : null;
    });
    return {
      name: path,
      states,
      keys: seconds,
      // no two runs take the same time to the second: states are what tells them apart
      differs: differs(states, views),
      values: seconds.map(taken =>
        taken === null ? null : durationText(taken)
      )
    };
  });
}

function samePipeline(views: readonly (RunView | null)[]): boolean | null {
  const digests = views.map(view => view?.run.pipeline.ir_digest);
  return digests.length < 2 || digests.some(digest => digest === undefined)
    ? null
    : new Set(digests).size === 1;
}

function secondsOf(view: RunView, now: number): number | null {
  const { created_at, started_at, finished_at, state } = view.run;
  return (
    secondsBetween(
      started_at ?? created_at,
      finished_at,
      isFinalRunState(state) ? undefined : now
    ) ?? null
  );
}

function namesIn<T>(
  things: readonly (T | null)[],
  namesOf: (thing: T) => readonly string[]
): readonly string[] {
  return [
    ...new Set(things.flatMap(thing => (thing === null ? [] : namesOf(thing))))
  ];
}

function differs(
  values: readonly unknown[],
  views: readonly (RunView | null)[]
): boolean {
  return new Set(values.filter((_, index) => views[index] !== null)).size > 1;
}

function differingFirst(
  rows: readonly IComparedRow[]
): readonly IComparedRow[] {
  return [
    ...rows.filter(row => row.differs),
    ...rows.filter(row => !row.differs)
  ];
}
