import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { CodeCell } from '@jupyterlab/cells';
import { RUN_MIME_TYPE } from 'jupyterlab-kfp-model';

import { runsOfCell } from '../history/cell-runs';
import { parseRunPayload } from '../payload/parse-payload';

/** A cell of an open notebook. */
export interface ICellPlace {
  readonly panel: NotebookPanel;
  readonly index: number;
}

/** Find the cell that shows a run, else one that started it once; the notebook used last comes first. */
export function cellOfRun(
  notebooks: INotebookTracker,
  runId: string
): ICellPlace | null {
  const panels: NotebookPanel[] = [];
  notebooks.forEach(panel => panels.push(panel));
  panels.sort(
    (a, b) =>
      Number(b === notebooks.currentWidget) -
      Number(a === notebooks.currentWidget)
  );
  for (const has of [shows, started]) {
    for (const panel of panels) {
      const index = panel.content.widgets.findIndex(
        cell => cell instanceof CodeCell && has(cell, runId)
      );
      if (index >= 0) {
        return { panel, index };
      }
    }
  }
  return null;
}

function shows({ model }: CodeCell, runId: string): boolean {
  for (let at = 0; at < model.outputs.length; at += 1) {
    const payload = parseRunPayload(model.outputs.get(at).data[RUN_MIME_TYPE]);
    if (payload?.runs.some(run => run.run_id === runId)) {
      return true;
    }
  }
  return false;
}

function started({ model }: CodeCell, runId: string): boolean {
  return runsOfCell(model).some(run => run.run_id === runId);
}
