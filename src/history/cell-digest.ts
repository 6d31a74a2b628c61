import type { CellRef } from 'jupyterlab-kfp-model';

import type { Drift } from '../run/run-model';
import { sha256 } from './sha256';

/** A cell source in the form that digests are made of: LF line ends, no blanks at line ends, no last empty lines. */
export function normalised(source: string): string {
  return source
    .replace(/\r\n?/g, '\n')
    .split('\n') // not by the flag `m`, which knows more line ends than Python does
    .map(line => line.replace(/[ \t]+$/, ''))
    .join('\n')
    .replace(/\n+$/, '');
}

/** Digest of a cell source, the same that the kernel makes. */
export function cellDigest(source: string): string {
  return `sha256:${sha256(normalised(source))}`;
}

/**
 * How the cells of a run stand to the run.
 *
 * @param cell - the cells as they were
 * @param sourceOf - the source of a cell now; null when the notebook has none of this id. Without an id the cell of the output is meant.
 */
export function driftOf(
  cell: CellRef | undefined,
  sourceOf: (id: string | undefined) => string | null
): Drift {
  if (!cell) {
    return null;
  }
  let drift: Drift = 'same';
  for (const { id, digest } of [cell, ...(cell.sources ?? [])]) {
    const source = sourceOf(id);
    if (source === null) {
      return 'removed';
    }
    if (cellDigest(source) !== digest) {
      drift = 'edited';
    }
  }
  return drift;
}
