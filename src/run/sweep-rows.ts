import { isLowerBetter, type RunView } from 'jupyterlab-kfp-model';

import { metricValues } from './headline';

/** The metric that runs of a sweep are compared by. */
export interface ISweepMetric {
  readonly name: string;
  readonly isLowerBetter: boolean;
  /** The best value of all; null where no run has one yet. */
  readonly best: number | null;
}

/** Runs with the best of a metric first; those without a value come last, each in its order. */
export function bestFirst<T extends { readonly view: RunView }>(
  runs: readonly T[],
  metric: ISweepMetric | null
): readonly T[] {
  if (!metric) {
    return runs;
  }
  const worth = ({ view }: T): number => {
    const value = metricValues(view).get(metric.name);
    return value === undefined
      ? -Infinity
      : metric.isLowerBetter
        ? -value
        : value;
  };
  const worths = new Map(runs.map(run => [run, worth(run)]));
  return [...runs].sort((a, b) => {
    const [first, second] = [worths.get(a) ?? 0, worths.get(b) ?? 0];
    return first === second ? 0 : first > second ? -1 : 1;
  });
}

/** The parameters that are not the same in all runs, in the order in which they first stand. */
export function differingParameters(
  views: readonly RunView[]
): readonly string[] {
  const names = new Set(
    views.flatMap(view => view.run.parameters.map(each => each.name))
  );
  return [...names].filter(
    name => new Set(views.map(view => parameterOf(view, name))).size > 1
  );
}

/** A parameter of a run as JSON text. */
export function parameterOf(view: RunView, name: string): string | undefined {
  return view.run.parameters.find(parameter => parameter.name === name)?.json;
}

/** The metric that most runs have, and its best value; null where no run has one. */
export function sweepMetric(views: readonly RunView[]): ISweepMetric | null {
  const values = new Map<string, number[]>();
  for (const view of views) {
    for (const [name, value] of metricValues(view)) {
      values.set(name, [...(values.get(name) ?? []), value]);
    }
  }
  let name = '';
  for (const [each, list] of values) {
    if (name === '' || list.length > (values.get(name)?.length ?? 0)) {
      name = each;
    }
  }
  const found = values.get(name);
  if (!found) {
    return null;
  }
  const lower = isLowerBetter(name);
  return {
    name,
    isLowerBetter: lower,
    best:
      found.length < 2 ? null : lower ? Math.min(...found) : Math.max(...found)
  };
}
