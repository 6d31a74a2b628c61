import { isCodeCellModel, type Cell } from '@jupyterlab/cells';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Debouncer } from '@lumino/polling';

import type { IKfpSettingsSource } from '../tokens';
import { askKernel } from './ask-kernel';
import { speaksKfp, type IPlacedFinding } from './finding';

/** Time after the last edit, in milliseconds. */
const PAUSE = 1000;

/** Keeps the marks in the cells of notebooks. */
export class NotebookMarks {
  constructor(settings: IKfpSettingsSource) {
    this._settings = settings;
    this._typed = new Debouncer(() => this._checkTyped(), PAUSE);
  }

  /** A cell was executed: ask what the checks say of it. */
  executed(panel: NotebookPanel, cell: Cell): void {
    this._start(panel, cell);
  }

  /** From now on this is the cell that the user types in. */
  watch(panel: NotebookPanel | null, cell: Cell | null): void {
    if (this._watched?.cell.isDisposed === false) {
      this._watched.cell.model.contentChanged.disconnect(this._edited, this);
    }
    this._watched = panel && cell ? { panel, cell } : null;
    if (cell?.isDisposed === false) {
      cell.model.contentChanged.connect(this._edited, this);
    }
  }

  private _edited(): void {
    if (this._settings.current.lint === 'onType' && this._watched) {
      this._typing = this._watched;
      this._typed.invoke().catch((reason: unknown) => {
        console.warn('A cell was not checked.', reason);
      });
    }
  }

  private _checkTyped(): void {
    const typing = this._typing;
    // A busy kernel answers late: what it says then is of an old text.
    if (
      typing &&
      !typing.cell.isDisposed &&
      typing.panel.sessionContext.session?.kernel?.status === 'idle'
    ) {
      this._start(typing.panel, typing.cell);
    }
  }

  private _start(panel: NotebookPanel, cell: Cell): void {
    this._check(panel, cell).catch((reason: unknown) => {
      // a kernel that ends has nothing to say
      if (!panel.isDisposed && panel.sessionContext.session?.kernel) {
        console.warn('A cell was not checked.', reason);
      }
    });
  }

  private async _check(panel: NotebookPanel, cell: Cell): Promise<void> {
    const { model } = cell;
    const source = model.sharedModel.getSource();
    const kernel = panel.sessionContext.session?.kernel;
    if (!isCodeCellModel(model) || !kernel) {
      return;
    }
    if (!speaksKfp(source)) {
      await this._show(panel, cell, []);
      return;
    }
    const info = await kernel.info;
    if (info.language_info.name !== 'python') {
      return;
    }
    const found = await askKernel(kernel, {
      source,
      cellId: model.id,
      ignore: this._settings.current.lintIgnore
    });
    if (!cell.isDisposed && model.sharedModel.getSource() === source) {
      await this._show(panel, cell, found);
    }
  }

  private async _show(
    panel: NotebookPanel,
    cell: Cell,
    found: readonly IPlacedFinding[]
  ): Promise<void> {
    if (found.length === 0 && !this._marked.has(cell)) {
      return; // most cells: CodeMirror's part is not even loaded
    }
    const { showMarks } = await import('./marks');
    await cell.ready;
    if (cell.isDisposed || !cell.editor) {
      return;
    }
    this._marked.add(cell);
    showMarks((cell.editor as CodeMirrorEditor).editor, found, {
      fixed: () => this._start(panel, cell)
    });
  }

  private readonly _settings: IKfpSettingsSource;
  private readonly _typed: Debouncer;
  /** Cells that have had marks, so that these can be taken away. */
  private readonly _marked = new WeakSet<Cell>();
  private _watched: IPlace | null = null;
  private _typing: IPlace | null = null;
}

interface IPlace {
  readonly panel: NotebookPanel;
  readonly cell: Cell;
}
