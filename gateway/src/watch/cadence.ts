/** When a watcher looks again. All times are milliseconds. */

/** Least time between two looks, and so between two patches, while somebody sees the picture. */
export const VISIBLE_PACE = 250;
/** The same while nobody sees it. */
export const HIDDEN_PACE = 2000;

/** How long a run counts as fresh after its submit or a person's action. */
const FRESH_FOR = 15_000;
const FRESH_INTERVAL = 1000;
const VISIBLE_INTERVAL = 2000;
const HIDDEN_INTERVAL = 10_000;
const FIRST_BACKOFF = 2000;
const LONGEST_BACKOFF = 60_000;

/** Time between two looks at a service that cannot push. `age` counts from the submit or the last action. */
export function pollInterval(visible: boolean, age: number): number {
  if (age < FRESH_FOR) {
    return FRESH_INTERVAL;
  }
  return visible ? VISIBLE_INTERVAL : HIDDEN_INTERVAL;
}

/**
 * Time to wait after a number of failures in a row: doubling to a minute, a quarter more or less by chance, so that watchers do not
 * return to a service in step.
 */
export function backoff(failures: number, random = Math.random): number {
  const doubled = Math.min(
    FIRST_BACKOFF * 2 ** Math.max(failures - 1, 0),
    LONGEST_BACKOFF
  );
  return Math.min(LONGEST_BACKOFF, Math.round(doubled * (0.75 + random() / 2)));
}
