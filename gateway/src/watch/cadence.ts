/** When a watcher looks again. All times are milliseconds. */

/** Least time between two looks, and so between two patches, while somebody sees the picture. */
export const VISIBLE_PACE = 250;
/** The same while nobody sees it. */
export const HIDDEN_PACE = 2000;

/** How long a run counts as fresh after its submit or a person's action. */
const FRESH_FOR = 15_000;
const FRESH_INTERVAL = 1000;
/** Time between two looks by the closest attention that anybody pays. */
const INTERVALS = { visible: 2000, hidden: 10_000, end: 60_000 } as const;
const FIRST_BACKOFF = 2000;
const LONGEST_BACKOFF = 60_000;

/** How closely those who watch look: on screen, not on screen, or only to hear of the end. */
export type Attention = keyof typeof INTERVALS;

/** What the time of the next look depends on. */
export interface Situation {
  readonly attention: Attention;
  /** Whether somebody waits for a look: at the pace of those who watch, or without any delay. */
  readonly wanted: 'no' | 'soon' | 'now';
  /** Milliseconds to wait after a failure; absent while looks succeed. */
  readonly retryAfter?: number;
  /** Whether the thing can change unheard: it goes on, and its backend cannot push. */
  readonly isPolled: boolean;
  /** Milliseconds since the submit or the last action. */
  readonly age: number;
}

/** Milliseconds between the last look and the next one; `undefined` when none is due. */
export function pauseIn(situation: Situation): number | undefined {
  const { attention, wanted, retryAfter, isPolled, age } = situation;
  if (wanted === 'now') {
    return 0;
  }
  const pauses: number[] = [];
  if (wanted === 'soon') {
    pauses.push(attention === 'visible' ? VISIBLE_PACE : HIDDEN_PACE);
  }
  if (retryAfter !== undefined) {
    pauses.push(retryAfter);
  } else if (isPolled) {
    pauses.push(age < FRESH_FOR ? FRESH_INTERVAL : INTERVALS[attention]);
  }
  return pauses.length === 0 ? undefined : Math.min(...pauses);
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
