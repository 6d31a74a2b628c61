import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';

import { IKfpSettingsSource } from '../tokens';
import type { NotebookMarks } from './notebook-marks';

/** Shows what the checks find as marks in the cells of notebooks: after each execution, and while typing where the user wants it. */
export const lintPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:lint',
  description: 'Marks the findings of the pipeline checks in cells.',
  autoStart: true,
  requires: [IKfpSettingsSource],
  optional: [INotebookTracker],
  activate: (
    _app: JupyterFrontEnd,
    settings: IKfpSettingsSource,
    tracker: INotebookTracker | null
  ) => {
    if (tracker === null) {
      return;
    }
    let loaded: Promise<NotebookMarks> | undefined;
    const withMarks = (
      isWanted: () => boolean,
      act: (marks: NotebookMarks) => void
    ): void => {
      const start = async (): Promise<void> => {
        await settings.ready;
        if (isWanted()) {
          loaded ??= import('./notebook-marks').then(
            ({ NotebookMarks: Marks }) => new Marks(settings)
          );
          act(await loaded);
        }
      };
      start().catch((reason: unknown) => {
        loaded = undefined; // the server may be back at the next cell
        console.warn('Cells are not checked.', reason);
      });
    };
    NotebookActions.executed.connect((_, { notebook, cell }) => {
      const panel = tracker.find(({ content }) => content === notebook);
      if (panel) {
        withMarks(
          () => settings.current.lint !== 'off',
          marks => marks.executed(panel, cell)
        );
      }
    });
    tracker.activeCellChanged.connect((_, cell) => {
      const panel = tracker.currentWidget;
      withMarks(
        () => settings.current.lint === 'onType' || loaded !== undefined,
        marks => marks.watch(panel, cell)
      );
    });
  }
};
