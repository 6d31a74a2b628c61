import type { RunEntry, RunPayload } from 'jupyterlab-kfp-model';

import { viewOfEntry } from '../payload/saved-view';
import type { ISavedRun } from '../run/run-model';

/** The picture that a document holds of a run. */
export function savedRun(
  entry: RunEntry,
  payload: RunPayload | null
): ISavedRun {
  return {
    view: viewOfEntry(entry, payload?.graphs),
    final: entry.snapshot.final,
    observedAt: entry.snapshot.observed_at ?? entry.submitted_at
  };
}
