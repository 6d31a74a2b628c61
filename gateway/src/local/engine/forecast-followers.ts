/** What can be foretold of tasks that were not reached in the play, from the compiled pipeline alone. */
import { ArtifactOrigins } from './artifact-origins.ts';
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
  const origins = new ArtifactOrigins(tasks);
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
        Object.keys(task.task.inputs.artifacts).some(input => {
          const made = origins.of(task, input);
          return (
            made.length > 0 &&
            made.every(one => found.get(one.task.path)?.cache === 'new')
          );
        });
      if (takesNew) {
        found.set(task.path, { cache: 'new' });
        changed = true;
      }
    }
  }
}
