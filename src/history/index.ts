import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { CodeCell } from '@jupyterlab/cells';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- outputs are read when a cell has ended
import { RUN_MIME_TYPE } from 'jupyterlab-kfp-model';

/** Notes in the metadata of a cell which runs it started, on the side that executed it. */
export const historyPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:history',
  description: 'Remembers the last pipeline runs of each cell.',
  autoStart: true,
  optional: [INotebookTracker],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker | null) => {
    if (!tracker) {
      return;
    }
    NotebookActions.executed.connect((_, { cell }) => {
      if (!(cell instanceof CodeCell) || cell.isDisposed) {
        return;
      }
      const { outputs } = cell.model;
      for (let i = 0; i < outputs.length; i += 1) {
        const output = outputs.get(i).data[RUN_MIME_TYPE];
        if (output !== undefined) {
          void remember(cell, output);
        }
      }
    });
  }
};

async function remember(cell: CodeCell, output: unknown): Promise<void> {
  const [{ rememberRuns }, { parseRunPayload }] = await Promise.all([
    import('./cell-runs'),
    import('../payload/parse-payload')
  ]);
  const payload = parseRunPayload(output);
  if (payload && !cell.isDisposed) {
    rememberRuns(cell.model, payload.runs);
  }
}
