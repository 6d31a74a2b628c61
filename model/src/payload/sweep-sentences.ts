/**
 * What tells the runs of a sweep apart: the parameters that differ, and the metric they are compared by.
 */
import { isLowerBetter } from '../run/metric-direction.ts';
import { line } from './cut-text.ts';
import type { RunEntry } from './types.ts';

/** Of each run `lr = 0.01; accuracy = 0.94 (best)`; empty where there is nothing to tell. */
export function variantSentences(
  entries: readonly RunEntry[]
): readonly string[] {
  const names = differing(entries);
  const metrics = entries.map(metricsOf);
  const metric = commonest(metrics);
  const values =
    metric === undefined ? [] : metrics.map(each => each.get(metric));
  const known = values.filter(value => value !== undefined);
  const best =
    metric === undefined || new Set(known).size < 2
      ? undefined
      : isLowerBetter(metric)
        ? Math.min(...known)
        : Math.max(...known);
  return entries.map(({ params }, index) => {
    const value = values[index];
    return [
      names
        .filter(name => params?.[name] !== undefined)
        .map(name => `${name} = ${line(String(params?.[name]), 60)}`)
        .join(', '),
      metric === undefined || value === undefined
        ? ''
        : `${metric} = ${value}${value === best ? ' (best)' : ''}`
    ]
      .filter(text => text !== '')
      .join('; ');
  });
}

function differing(entries: readonly RunEntry[]): readonly string[] {
  const names = new Set(
    entries.flatMap(({ params }) => Object.keys(params ?? {}))
  );
  return [...names].filter(
    name => new Set(entries.map(({ params }) => params?.[name])).size > 1
  );
}

/** Numbers that a run logged, those of the last tasks first; of one name the last task's counts. */
function metricsOf({ snapshot }: RunEntry): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const metrics = (snapshot.results ?? []).filter(
    ({ kind, value }) => kind === 'metric' && typeof value === 'number'
  );
  const tasks = [...new Set(metrics.map(({ task }) => task))].reverse();
  for (const task of tasks) {
    for (const { name, value, task: of } of metrics) {
      if (of === task && !found.has(name)) {
        found.set(name, Number(value));
      }
    }
  }
  return found;
}

/** The metric that most runs have; of several the first. */
function commonest(
  runs: readonly ReadonlyMap<string, number>[]
): string | undefined {
  const uses = new Map<string, number>();
  for (const name of runs.flatMap(metrics => [...metrics.keys()])) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const most = Math.max(0, ...uses.values());
  return [...uses].find(([, count]) => count === most)?.[0];
}
