import {
  wholeSeconds,
  type RunHeader,
  type RunView
} from 'jupyterlab-kfp-model';

/** Whether a picture came without its tasks, because only the header was asked for. */
export function isHeaderOnly(view: RunView): boolean {
  return (
    view.graph === undefined &&
    Object.keys(view.tasks).length === 0 &&
    Object.keys(view.counts.by_state).length > 0
  );
}

/**
 * A header with the tasks that were known last. Tasks of which none had started say nothing about a run that has begun since.
 */
export function withTasksOf(header: RunView, base: RunView | null): RunView {
  return base && (hasStarted(base) || !hasStarted(header))
    ? {
        ...header,
        tasks: base.tasks,
        ...(base.graph ? { graph: base.graph } : {})
      }
    : header;
}

function hasStarted(view: RunView): boolean {
  return Object.entries(view.counts.by_state).some(
    ([state, count]) => state !== 'PENDING' && count !== undefined && count > 0
  );
}

/** Whether two pictures of a run that ended show the same end: a retry gives it another one. */
export function isSameEnd(a: RunHeader, b: RunHeader): boolean {
  return (
    a.state === b.state &&
    wholeSeconds(a.finished_at) === wholeSeconds(b.finished_at)
  );
}
