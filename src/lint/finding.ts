import type { LintFinding } from 'jupyterlab-kfp-model';

/** A finding that has a place in the cell. */
export interface IPlacedFinding extends LintFinding {
  readonly line: number;
}

/** Cells worth a question to the kernel. */
const SPEAKS_KFP = /^\s*%%kfp\b|@(?:kfp\.)?dsl\.|\bkfp\b/m;

/** Tell whether the checks may have something to say about a cell. */
export function speaksKfp(source: string): boolean {
  return SPEAKS_KFP.test(source);
}

/**
 * Read the answer of the kernel.
 *
 * @returns the findings inside the cell; what is none is left out, for kernels run any version of the package.
 */
export function readFindings(answer: unknown): readonly IPlacedFinding[] {
  const listed = isRecord(answer) ? answer.findings : undefined;
  return Array.isArray(listed) ? listed.filter(isPlaced) : [];
}

function isPlaced(value: unknown): value is IPlacedFinding {
  return (
    isRecord(value) &&
    typeof value.rule === 'string' &&
    typeof value.message === 'string' &&
    (value.severity === 'error' ||
      value.severity === 'warning' ||
      value.severity === 'info') &&
    isCount(value.line) &&
    [value.end_line, value.column, value.end_column].every(
      each => each === undefined || isCount(each)
    ) &&
    (value.fix === undefined || isFix(value.fix))
  );
}

function isFix(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.title === 'string' &&
    Array.isArray(value.edits) &&
    value.edits.every(
      (edit: unknown) =>
        isRecord(edit) &&
        typeof edit.text === 'string' &&
        isCount(edit.line) &&
        isCount(edit.column) &&
        isCount(edit.end_line) &&
        isCount(edit.end_column)
    )
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
