import { Signal, type ISignal } from '@lumino/signaling';
import type { TaskFailure } from 'jupyterlab-kfp-model';

import type { ICellRun } from '../history/cell-runs';
import type { Drift, ICellLine } from './run-choices';

/** What a view knows of the cell that its run came from; nothing where there is no cell. */
export class CellSide {
  constructor(
    lineInCell: (failure: TaskFailure) => ICellLine | null = () => null
  ) {
    this._lineInCell = lineInCell;
  }

  /** Where the failed line stands in the cell; null when the cell does not hold it. */
  lineInCell(failure: TaskFailure): ICellLine | null {
    return this._lineInCell(failure);
  }

  /** How the cell stands to the run. */
  get drift(): Drift {
    return this._drift;
  }
  set drift(drift: Drift) {
    if (this._drift !== drift) {
      this._drift = drift;
      this._changed.emit();
    }
  }

  /** Whether the notebook shows that the pipeline was compiled to something else since. */
  get isCompiledAnew(): boolean {
    return this._isCompiledAnew;
  }
  set isCompiledAnew(isCompiledAnew: boolean) {
    if (this._isCompiledAnew !== isCompiledAnew) {
      this._isCompiledAnew = isCompiledAnew;
      this._changed.emit();
    }
  }

  /** The last runs of the cell, newest first; empty where there is no cell. */
  get history(): readonly ICellRun[] {
    return this._history;
  }
  set history(history: readonly ICellRun[]) {
    const isSame =
      history.length === this._history.length &&
      history.every((run, i) => run.run_id === this._history[i].run_id);
    if (!isSame) {
      this._history = history;
      this._changed.emit();
    }
  }

  /** Emitted after what is known of the cell changed, or the picture, the link or a choice of its run. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  protected readonly _changed = new Signal<this, void>(this);
  private readonly _lineInCell: (failure: TaskFailure) => ICellLine | null;
  private _drift: Drift = null;
  private _isCompiledAnew = false;
  private _history: readonly ICellRun[] = [];
}
