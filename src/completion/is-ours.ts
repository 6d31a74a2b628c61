/** A line of the magic, and what stands behind its name. */
export const LINE = /^\s*(?:[\w\s,.[\]'"]+=\s*)?%kfp\s+(.*)$/;
/** The first line of a cell of the magic, and what stands behind its name. */
export const CELL = /^%%kfp\s+(.*)$/;

/** Whether a line up to the cursor is one of ours; asked with every key, so it stands apart from what completes. */
export function isOurs(before: string, isFirstLine: boolean): boolean {
  return LINE.test(before) || (isFirstLine && CELL.test(before));
}
