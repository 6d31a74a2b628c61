import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- commands are added at once
import { addConnectionCommands } from './connection-commands';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- commands are added at once
import { addKeepCommands } from './keep-commands';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- commands are added at once
import { addRunCommands } from './run-commands';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- commands are added at once
import { addViewCommands } from './view-commands';

/** Adds the commands that act on runs and connections, and puts them into the palette. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:commands',
  description: 'Adds the commands of Kubeflow Pipelines.',
  autoStart: true,
  requires: [IWorkbench],
  optional: [ITranslator, ICommandPalette, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    workbench: IWorkbench,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    notebooks: INotebookTracker | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_kfp');
    addRunCommands(app, workbench, trans);
    addViewCommands(app, workbench, notebooks, trans);
    addKeepCommands(app, workbench, trans);
    addConnectionCommands(app, workbench, trans);
    // the last ones act on the run whose tab is in front
    for (const command of [
      CommandIDs.showSidebar,
      CommandIDs.searchConnections,
      CommandIDs.openDoctor,
      CommandIDs.refreshAll,
      CommandIDs.stopRun,
      CommandIDs.retryRun,
      CommandIDs.rerunUncached,
      CommandIDs.notifyRun,
      CommandIDs.pinRun,
      CommandIDs.showLogs,
      CommandIDs.showEvents,
      CommandIDs.gotoFailure,
      CommandIDs.gotoCell,
      CommandIDs.openUpstream,
      CommandIDs.detachRun,
      CommandIDs.copyReport,
      CommandIDs.downloadPipeline,
      CommandIDs.copyId,
      CommandIDs.copyAttach,
      CommandIDs.archiveRun,
      CommandIDs.unarchiveRun,
      CommandIDs.deleteRun
    ]) {
      palette?.addItem({ command, category: trans.__('Kubeflow Pipelines') });
    }
  }
};
