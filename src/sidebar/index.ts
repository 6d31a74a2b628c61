import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

import { CommandIDs } from '../commands/command-ids';
import { pipelinesIcon } from '../icons/lab-icons';
import { IKfpSettingsSource, IWorkbench } from '../tokens';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- stands in the shell from the start
import { ListsStore } from './lists-store';
import { NotebookStore } from './notebook-store';
import { PipelinesPanel } from './pipelines-panel';

/** Adds the Pipelines sidebar. */
export const sidebarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:sidebar',
  description:
    'Adds the Pipelines sidebar with connections, runs and pipelines.',
  autoStart: true,
  requires: [IWorkbench, IKfpSettingsSource],
  optional: [ITranslator, ILayoutRestorer, ILabShell, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    workbench: IWorkbench,
    settings: IKfpSettingsSource,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    labShell: ILabShell | null,
    notebooks: INotebookTracker | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_kfp');
    const { client, hub, connections, clock, pins, runs } = workbench;
    const lists = new ListsStore({
      client,
      hub,
      connections,
      pageSize: settings.current.runsPageSize
    });
    const panel = new PipelinesPanel({
      lists,
      ...(notebooks ? { notebook: new NotebookStore(notebooks) } : {}),
      pins,
      stores: runs,
      connections,
      commands: app.commands,
      clock,
      trans,
      hasLabel: labShell === null
    });
    app.shell.add(panel, 'left', { rank: 350, type: 'Pipelines' });
    restorer?.add(panel, panel.id);

    const none = { args: { type: 'object', properties: {} } };
    app.commands.addCommand(CommandIDs.showSidebar, {
      label: trans.__('Show Pipelines'),
      caption: trans.__('Show the Pipelines sidebar'),
      icon: pipelinesIcon,
      describedBy: none,
      execute: () => app.shell.activateById(panel.id)
    });
    app.commands.addCommand(CommandIDs.refreshAll, {
      label: trans.__('Refresh Pipelines'),
      caption: trans.__('Ask the service for its runs and pipelines now'),
      icon: refreshIcon,
      describedBy: none,
      execute: () => lists.refresh()
    });
  }
};
