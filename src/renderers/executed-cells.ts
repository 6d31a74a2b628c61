import type { Cell, ICellModel } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';

/** The cells that were executed in this page, and so are written from here. */
export class ExecutedCells {
  constructor() {
    // not when they have ended: a run may end before its cell does
    NotebookActions.executionScheduled.connect((_, { cell }) => {
      this._models.add(cell.model);
    });
  }

  /** Whether this page executed the cell since it opened the notebook. */
  has(cell: Cell): boolean {
    return this._models.has(cell.model);
  }

  private readonly _models = new WeakSet<ICellModel>();
}
