/** The link state of a watcher as a status, with the time since when it holds. */
import type { LinkState } from 'jupyterlab-kfp-model';

import type { WatchStatus } from './watched.ts';

/** What goes with a link state. */
export interface LinkDetails {
  /** Milliseconds to the next try. */
  readonly next_ms?: number;
  readonly code?: string;
  readonly message?: string;
}

/**
 * The status after a look.
 *
 * @param goodAt - time of the last good look: a picture is stale since then, not since the first failure
 */
export function linkSince(
  before: WatchStatus | undefined,
  state: LinkState,
  details: LinkDetails,
  times: { readonly now: number; readonly goodAt: number | undefined }
): WatchStatus {
  const since =
    before?.kind === 'link' && before.state === state
      ? before.since
      : new Date(
          state === 'stale' ? (times.goodAt ?? times.now) : times.now
        ).toISOString();
  return { kind: 'link', state, since, ...details };
}
