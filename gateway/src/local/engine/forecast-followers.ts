/** What can be foretold of tasks that were not reached in the play, from the compiled pipeline alone. */
import type { ArtifactSource } from 'jupyterlab-kfp-model';

import type { Foretold } from './forecast.ts';
import type { CachedResult } from './result-cache.ts';
import type { StaticTask } from './static-tasks.ts';

/**
 * Add tasks that take an artifact which is yet to be made, however many pipelines it passes: no earlier result can have
 * had it. A task with a cache key of the user depends on nothing else.
 */
export function addFollowers(
  tasks: readonly StaticTask[],
  found: Map<string, Foretold>,
  byUserKey: (task: StaticTask, key: string) => CachedResult | undefined
): void {
  const byPath = new Map(tasks.map(task => [task.path, task]));
  const waiting = tasks.filter(
    ({ executor, path }) => executor?.kind === 'container' && !found.has(path)
  );
  const left = waiting.filter(task => {
    const key = task.task.cachingOptions?.cacheKey ?? '';
    if (key !== '') {
      const result = byUserKey(task, key);
      found.set(
        task.path,
        result === undefined
          ? { cache: 'new' }
          : { cache: 'hit', cachedFrom: result.from.runId }
      );
    }
    return key === '';
  });
  for (let changed = true; changed;) {
    changed = false;
    for (const task of left) {
      const takesNew =
        !found.has(task.path) &&
        Object.values(task.task.inputs.artifacts).some(source =>
          isNew(source, parentOf(task))
        );
      if (takesNew) {
        found.set(task.path, { cache: 'new' });
        changed = true;
      }
    }
  }

  function isNew(source: ArtifactSource, parent: string): boolean {
    if (source.kind === 'output') {
      return isNewOutput(inside(parent, source.task), source.key);
    }
    const group = byPath.get(parent);
    if (group === undefined) {
      return false;
    }
    const { iterator, inputs } = group.task;
    const name =
      iterator?.kind === 'artifact' && iterator.itemInput === source.name
        ? iterator.inputArtifact
        : source.name;
    const outer = inputs.artifacts[name];
    return outer !== undefined && isNew(outer, parentOf(group));
  }

  function isNewOutput(path: string, key: string): boolean {
    const task = byPath.get(path);
    if (task?.executor !== undefined) {
      return found.get(path)?.cache === 'new';
    }
    const selectors =
      task?.component.dag?.outputs?.artifacts?.[key]?.artifactSelectors ?? [];
    return (
      selectors.length > 0 &&
      selectors.every(({ producerSubtask, outputKey }) =>
        isNewOutput(inside(path, producerSubtask), outputKey)
      )
    );
  }
}

function parentOf({ path, key }: StaticTask): string {
  return path.slice(0, Math.max(0, path.length - key.length - 1));
}

function inside(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`;
}
