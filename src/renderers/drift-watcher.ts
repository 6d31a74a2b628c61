import { isCodeCellModel, type ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CellRef, RunHeader } from 'jupyterlab-kfp-model';

import { driftOf } from '../history/cell-digest';
import { runsOfCell } from '../history/cell-runs';
import { isCompiledAnew } from '../history/compiled';
import type { RunModel } from '../run/run-model';
import { CompiledOutputs } from './compiled-outputs';
import type { IOutputPlace } from './host-notebook';

/** Milliseconds after the last edit. */
const PATIENCE = 500;

/** Tells the runs of an output whether the cells they came from were edited since, and which runs the cell had before. */
export class DriftWatcher {
  constructor(options: DriftWatcher.IOptions) {
    this._options = options;
  }

  /** Begin to look at the notebook that the output stands in. */
  attach(place: IOutputPlace | null): void {
    this.detach();
    this._place = place;
    place?.panel.content.model?.contentChanged.connect(this._onEdit, this);
    this._look();
  }

  /** Stop to look. */
  detach(): void {
    window.clearTimeout(this._timer);
    this._place?.panel.content.model?.contentChanged.disconnect(
      this._onEdit,
      this
    );
    this._place = null;
  }

  /** The sources of the cells of a run as they are now, for those that are still there. */
  sources(cell: CellRef | undefined): readonly string[] {
    return [cell, ...(cell?.sources ?? [])].flatMap(each => {
      const source = this._sourceOf(each?.id);
      return source === null ? [] : [source];
    });
  }

  private _onEdit(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._look(), PATIENCE);
  }

  private _look(): void {
    const place = this._place;
    if (!place || place.cell.isDisposed) {
      return;
    }
    const history = runsOfCell(place.cell.model);
    for (const { model, cell, pipeline } of this._options.runs()) {
      model.drift = driftOf(cell, id => this._sourceOf(id));
      model.history = history;
      model.isCompiledAnew = this._isCompiledAnew(pipeline);
    }
  }

  private _isCompiledAnew(
    pipeline: RunHeader['pipeline'] | undefined
  ): boolean {
    const { name, ir_digest: digest } = pipeline ?? {};
    const notebook = this._place?.panel.content.model;
    const cell = this._place?.cell.model;
    return (
      name !== undefined &&
      digest !== undefined &&
      notebook !== null &&
      notebook !== undefined &&
      cell !== undefined &&
      isCodeCellModel(cell) &&
      isCompiledAnew(
        { pipeline: name, digest, prompt: cell.executionCount },
        CompiledOutputs.of(notebook).all
      )
    );
  }

  private _sourceOf(id: string | undefined): string | null {
    const place = this._place;
    const found = place && (id ? cellOf(place.panel, id) : place.cell.model);
    return found ? found.sharedModel.getSource() : null;
  }

  private readonly _options: DriftWatcher.IOptions;
  private _place: IOutputPlace | null = null;
  private _timer = 0;
}

function cellOf(panel: NotebookPanel, id: string): ICellModel | null {
  const cells = panel.content.model?.cells;
  for (const cell of cells ?? []) {
    if (cell.id === id) {
      return cell;
    }
  }
  return null;
}

/** Options of the watcher. */
export namespace DriftWatcher {
  export interface IOptions {
    /** The runs of the output with the cells they came from. */
    readonly runs: () => readonly {
      readonly model: Pick<RunModel, 'drift' | 'history'> &
        Partial<Pick<RunModel, 'isCompiledAnew'>>;
      readonly cell: CellRef | undefined;
      /** What was compiled for the run; absent where it is not known. */
      readonly pipeline?: RunHeader['pipeline'] | undefined;
    }[];
  }
}
