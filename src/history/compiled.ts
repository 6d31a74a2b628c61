/** What a notebook shows that was compiled of a pipeline. */
export interface ICompiled {
  readonly pipeline: string;
  readonly digest: string;
  /** Number of the prompt of its cell; null where the cell was not executed since the notebook was opened. */
  readonly prompt: number | null;
}

/**
 * Whether a pipeline was compiled to something else after it was compiled for a run.
 *
 * @param run - the run, as its cell shows it
 * @param all - what the notebook shows now
 */
export function isCompiledAnew(
  run: ICompiled,
  all: readonly ICompiled[]
): boolean {
  const later = all.filter(
    each =>
      each.pipeline === run.pipeline && (each.prompt ?? 0) > (run.prompt ?? 0)
  );
  const newest = later.reduce<ICompiled | null>(
    (last, each) =>
      last && (last.prompt ?? 0) > (each.prompt ?? 0) ? last : each,
    null
  );
  return newest !== null && newest.digest !== run.digest;
}
