import {
  isFinalRunState,
  wholeSeconds,
  type RunHeader,
  type RunView
} from 'jupyterlab-kfp-model';

import type { ISavedRun } from './run-choices';

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

/** The picture of one run where some of it came without its tasks. */
export class RunPicture {
  /** Remember what the gateway sent. */
  note(live: RunView): void {
    if (!isHeaderOnly(live)) {
      this._withTasks = live;
    }
  }

  /** A live picture, under a header alone with the tasks that are known of it. */
  of(live: RunView, saved: ISavedRun | null, isEndSaved: boolean): RunView {
    if (!isHeaderOnly(live)) {
      return live;
    }
    const base = this._base(saved, isEndSaved);
    if (this._merged?.live !== live || this._merged.base !== base) {
      this._merged = { live, base, view: withTasksOf(live, base) };
    }
    return this._merged.view;
  }

  private _base(saved: ISavedRun | null, isEndSaved: boolean): RunView | null {
    const seen = this._withTasks;
    if (seen && isFinalRunState(seen.run.state)) {
      return seen;
    }
    return saved?.final && isEndSaved
      ? saved.view
      : (seen ?? saved?.view ?? null);
  }

  /** The newest live picture with tasks. */
  private _withTasks: RunView | null = null;
  private _merged: {
    readonly live: RunView;
    readonly base: RunView | null;
    readonly view: RunView;
  } | null = null;
}
