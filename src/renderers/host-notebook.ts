import {
  NotebookActions,
  type INotebookTracker,
  type NotebookPanel
} from '@jupyterlab/notebook';
import { CodeCell, type Cell } from '@jupyterlab/cells';
import type { Widget } from '@lumino/widgets';
import type { CellRef, SourceLine } from 'jupyterlab-kfp-model';

import type { ICellLine } from '../run/run-model';
import { failureLine } from './failure-line';

/** The notebook and cell an output stands in. */
export interface IOutputPlace {
  readonly panel: NotebookPanel;
  readonly cell: Cell;
  readonly index: number;
}

/** Find the place of an output by the widget itself, never by focus; null outside of notebooks. */
export function placeOfOutput(
  widget: Widget,
  tracker: INotebookTracker | null
): IOutputPlace | null {
  const panel = tracker?.find(each => each.content.node.contains(widget.node));
  if (!panel) {
    return null;
  }
  const index = panel.content.widgets.findIndex(cell =>
    cell.node.contains(widget.node)
  );
  const cell = panel.content.widgets[index];
  return cell ? { panel, cell, index } : null;
}

/** Find the line of a component that failed: in the cells of its run first, then in the others of the notebook. */
export function lineInCells(
  place: IOutputPlace,
  source: SourceLine,
  run: CellRef | undefined
): ICellLine | null {
  const cells = place.panel.content.widgets.filter(
    cell => cell instanceof CodeCell
  );
  const ids = [run, ...(run?.sources ?? [])].map(each => each?.id);
  const rank = (cell: CodeCell): number =>
    cell === place.cell ? 0 : ids.includes(cell.model.id) ? 1 : 2;
  const found = failureLine(
    source,
    [...cells]
      .sort((a, b) => rank(a) - rank(b))
      .map(({ model }) => ({
        id: model.id,
        source: model.sharedModel.getSource()
      }))
  );
  const prompt = cells.find(cell => cell.model.id === found?.cellId)?.model
    .executionCount;
  return found && { ...found, ...(prompt ? { prompt } : {}) };
}

/** Show a line of a cell of this notebook. */
export async function showLine(
  place: IOutputPlace,
  cellId: string | undefined,
  line: number
): Promise<void> {
  const notebook = place.panel.content;
  const found = cellId
    ? notebook.widgets.findIndex(cell => cell.model.id === cellId)
    : place.index;
  const index = found < 0 ? place.index : found;
  const cell = notebook.widgets[index];
  notebook.activeCellIndex = index;
  await notebook.scrollToCell(cell);
  const editor = cell.editor;
  if (editor) {
    notebook.mode = 'edit';
    editor.setCursorPosition({
      line: Math.min(line, editor.lineCount) - 1,
      column: 0
    });
    editor.revealPosition({ line: line - 1, column: 0 });
    editor.focus();
  }
}

/** Insert a code cell below the output and make it the active one; nothing is executed. */
export function insertBelow(place: IOutputPlace, source: string): void {
  const notebook = place.panel.content;
  const model = notebook.model;
  if (!model || model.readOnly) {
    return;
  }
  const index = notebook.widgets.indexOf(place.cell) + 1;
  model.sharedModel.insertCell(index, {
    cell_type: 'code',
    source,
    metadata: {}
  });
  notebook.activeCellIndex = index;
  // the reader goes on there
  notebook.activate();
  void notebook.scrollToItem(index);
}

/** Whether the cells of a notebook are Python, as far as the notebook knows. */
export function isPython({ panel }: IOutputPlace): boolean {
  return /^(i?python\d*)?$/.test(
    panel.content.model?.defaultKernelLanguage ?? ''
  );
}

/** Execute the cell of an output once more, as Ctrl+Enter in it would. */
export function runCell(place: IOutputPlace): void {
  const { content, sessionContext } = place.panel;
  const index = content.widgets.indexOf(place.cell);
  if (index >= 0) {
    content.activeCellIndex = index;
    content.deselectAll();
    void NotebookActions.run(content, sessionContext);
  }
}
