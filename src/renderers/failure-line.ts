import type { SourceLine } from 'jupyterlab-kfp-model';

/** Where a failure stems from, in a cell of the notebook. */
export interface IFailureLine {
  readonly cellId: string;
  /** 1-based in the cell. */
  readonly line: number;
}

/** A cell as the search needs it. */
export interface ISourceCell {
  readonly id: string;
  readonly source: string;
}

/** Characters of a line that a run keeps. */
const KEPT = 200;

/**
 * Find the line of a component that failed in the cells as they are now; null when none holds it any more.
 *
 * #### Notes
 * A run knows its functions, not the cells they were written in: several cells may define one of that name, and each may have been edited
 * since. So the text of the line has to agree.
 *
 * @param cells - in the order in which they are believed
 */
export function failureLine(
  source: Pick<SourceLine, 'line' | 'text' | 'function'>,
  cells: readonly ISourceCell[]
): IFailureLine | null {
  const text = source.text.trim();
  if (text === '' || !source.function) {
    return null;
  }
  const head = new RegExp(
    `^\\s*(?:async\\s+)?def\\s+${source.function.replace(/[^\p{L}\p{N}_]/gu, '')}\\s*\\(`,
    'u'
  );
  for (const { id, source: code } of cells) {
    const lines = code.split(/\r?\n/);
    for (const [index, line] of lines.entries()) {
      const at = index + source.line - 1;
      if (head.test(line) && lines[at]?.trim().slice(0, KEPT) === text) {
        return { cellId: id, line: at + 1 };
      }
    }
  }
  return null;
}
