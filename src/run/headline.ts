import {
  isFinalTaskState,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';

import { metricsOf } from './results/metrics';
import { readable, shortValue } from './results/value-text';
import { leavesOf, taskTree } from './task-tree';

/** A result of a run on one line. */
export interface IHeadline {
  /** Unique in the run. */
  readonly id: string;
  /** The name alone where it says enough, else with its task: `evaluate.Output`. */
  readonly name: string;
  /** Path of the task and name, always. */
  readonly path: string;
  readonly value: string;
  readonly kind: 'metric' | 'param' | 'artifact';
  readonly isNumber: boolean;
}

/** The name that KFP gives the one output of a function; by itself it says nothing. */
const UNNAMED = 'Output';

const RANK = { metric: 0, param: 1, artifact: 2 } as const;

/**
 * The results of a run: metrics first, then values, then artifacts; those of the last tasks first.
 *
 * #### Notes
 * A name that several tasks use is told apart by its task, and where the tasks have one name too, as in rounds of a loop, by their path.
 */
export function headlines(view: RunView): readonly IHeadline[] {
  const found = leavesOf(taskTree(view))
    .filter(task => isFinalTaskState(task.state))
    .reverse()
    .flatMap(task => resultsOf(task).map(result => ({ task, result })))
    .sort((a, b) => RANK[a.result.kind] - RANK[b.result.kind]);
  const uses = new Map<string, Set<string>>(); // paths of tasks by name, and by task and name
  const use = (key: string, path: string): void => {
    uses.set(key, (uses.get(key) ?? new Set()).add(path));
  };
  found.forEach(({ task, result }) => {
    use(result.name, task.path);
    use(`${task.name}.${result.name}`, task.path);
  });
  return found.map(({ task, result }) => {
    const withTask = `${task.name}.${result.name}`;
    const isPlain =
      result.name !== UNNAMED && (uses.get(result.name)?.size ?? 0) < 2;
    const path = `${task.path}.${result.name}`;
    return {
      ...result,
      id: `${task.id}/${result.kind}/${result.name}`,
      path,
      name: isPlain
        ? result.name
        : (uses.get(withTask)?.size ?? 0) < 2
          ? withTask
          : path
    };
  });
}

/** The metrics of a run alone, as numbers, in the same order. */
export function metricValues(view: RunView): ReadonlyMap<string, number> {
  return new Map(
    headlines(view)
      .filter(each => each.kind === 'metric' && each.isNumber)
      .map(each => [each.name, Number(each.value)])
  );
}

function resultsOf(
  task: TaskView
): readonly Pick<IHeadline, 'name' | 'value' | 'kind' | 'isNumber'>[] {
  const outputs = task.outputs ?? [];
  // a service may list the metrics of an artifact beside the artifact
  const listed = new Set(
    outputs.filter(each => each.kind === 'metric').map(each => each.name)
  );
  return outputs.flatMap(output => {
    const metrics = metricsOf(output);
    if (metrics.length > 0) {
      return metrics
        .filter(({ name }) => !listed.has(name))
        .map(({ name, value }) => ({
          name,
          value: readable(value),
          kind: 'metric' as const,
          isNumber: true
        }));
    }
    const { name, kind } = output;
    const value =
      kind === 'artifact'
        ? output.type.replace(/^system\./, '')
        : shortValue(output.json);
    const isNumber =
      kind !== 'artifact' && Number.isFinite(Number(value || NaN));
    return [{ name, kind, value, isNumber }];
  });
}
