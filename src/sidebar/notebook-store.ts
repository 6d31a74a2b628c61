import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';

import type { INotebookEntry } from './notebook-entries';

/** Milliseconds after the last change of the notebook. */
const PATIENCE = 500;

/** What the notebook in front shows of pipelines; read from its outputs and only while somebody looks, never from the kernel. */
export class NotebookStore {
  constructor(notebooks: INotebookTracker) {
    this._notebooks = notebooks;
    notebooks.currentChanged.connect(this._follow, this);
  }

  /** Runs and drafts in the order of the cells; null where no notebook is open. */
  get entries(): readonly INotebookEntry[] | null {
    return this._entries;
  }

  /** Emitted after the entries changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Tell whether the entries can be seen. */
  look(visible: boolean): void {
    if (this._isSeen !== visible) {
      this._isSeen = visible;
      this._follow();
    }
  }

  /** Show the cell of an entry in its notebook; nothing where it was removed. */
  async jump({ cell }: INotebookEntry): Promise<void> {
    const notebook = this._panel?.content;
    const index =
      notebook?.widgets.findIndex(each => each.model === cell) ?? -1;
    if (notebook && index >= 0) {
      notebook.activeCellIndex = index;
      notebook.deselectAll();
      notebook.activate();
      await notebook.scrollToItem(index, 'start');
    }
  }

  private _follow(): void {
    const panel = this._isSeen ? this._notebooks.currentWidget : null;
    if (panel !== this._panel) {
      this._panel?.content.modelContentChanged.disconnect(this._later, this);
      this._panel = panel;
      panel?.content.modelContentChanged.connect(this._later, this);
    }
    if (panel) {
      void panel.context.ready.then(() => this._read());
    } else if (this._isSeen) {
      this._show(null);
    }
  }

  private _later(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this._read(), PATIENCE);
  }

  private async _read(): Promise<void> {
    const { entriesOf } = await import('./notebook-entries');
    const panel = this._panel;
    if (panel && !panel.isDisposed) {
      this._show(entriesOf(panel.content.model?.cells ?? []));
    }
  }

  private _show(entries: readonly INotebookEntry[] | null): void {
    this._entries = entries;
    this._changed.emit();
  }

  private readonly _notebooks: INotebookTracker;
  private readonly _changed = new Signal<this, void>(this);
  private _panel: NotebookPanel | null = null;
  private _entries: readonly INotebookEntry[] | null = null;
  private _isSeen = false;
  private _timer = 0;
}
