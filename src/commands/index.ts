import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Dialog, ICommandPalette, showDialog } from '@jupyterlab/apputils';
import {
  ITranslator,
  nullTranslator,
  type TranslationBundle
} from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { RunAction, RunKey } from 'jupyterlab-kfp-model';

import { connectionIcon, retryRunIcon, stopRunIcon } from '../icons/lab-icons';
import { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';

/** Adds the commands that act on runs and connections, and puts them into the palette. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:commands',
  description: 'Adds the commands of Kubeflow Pipelines.',
  autoStart: true,
  requires: [IWorkbench],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    workbench: IWorkbench,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_kfp');
    addRunCommands(app, workbench, trans);
    addConnectionCommands(app, workbench, trans);
    for (const command of [
      CommandIDs.showSidebar,
      CommandIDs.searchConnections,
      CommandIDs.refreshAll
    ]) {
      palette?.addItem({ command, category: trans.__('Kubeflow Pipelines') });
    }
  }
};

function addRunCommands(
  app: JupyterFrontEnd,
  workbench: IWorkbench,
  trans: TranslationBundle
): void {
  const { commands } = app;
  const describedBy = {
    args: {
      type: 'object',
      properties: {
        connection: {
          type: 'string',
          description: trans.__('Where the run is')
        },
        run_id: { type: 'string', description: trans.__('The run') }
      },
      required: ['connection', 'run_id']
    }
  };
  const isEnabled = (args: ReadonlyPartialJSONObject): boolean =>
    runKeyOf(args) !== null;
  const act = async (
    args: ReadonlyPartialJSONObject,
    action: RunAction
  ): Promise<void> => {
    const key = runKeyOf(args);
    if (key) {
      await workbench.client.act(key, { action });
    }
  };

  commands.addCommand(CommandIDs.stopRun, {
    label: trans.__('Stop Run'),
    caption: trans.__('Ask the service to end this run'),
    icon: stopRunIcon,
    isEnabled,
    describedBy,
    execute: args => act(args, 'terminate')
  });
  commands.addCommand(CommandIDs.retryRun, {
    label: trans.__('Retry'),
    caption: trans.__('Run the tasks again that did not succeed'),
    icon: retryRunIcon,
    isEnabled,
    describedBy,
    execute: args => act(args, 'retry')
  });
  commands.addCommand(CommandIDs.archiveRun, {
    label: trans.__('Archive'),
    caption: trans.__('Move this run out of the list'),
    isEnabled,
    describedBy,
    execute: args => act(args, 'archive')
  });
  commands.addCommand(CommandIDs.unarchiveRun, {
    label: trans.__('Unarchive'),
    caption: trans.__('Bring this run back into the list'),
    isEnabled,
    describedBy,
    execute: args => act(args, 'unarchive')
  });
  commands.addCommand(CommandIDs.deleteRun, {
    label: trans.__('Delete…'),
    caption: trans.__('Delete this run on its service'),
    isEnabled,
    describedBy,
    execute: async args => {
      const key = runKeyOf(args);
      if (!key) {
        return;
      }
      const name = typeof args.name === 'string' ? args.name : key.run_id;
      const answer = await showDialog({
        title: trans.__('Delete run?'),
        body: trans.__(
          'The run "%1" on "%2" is deleted with its logs. Notebooks keep their last picture of it.',
          name,
          key.connection
        ),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Keep') }),
          Dialog.warnButton({ label: trans.__('Delete') })
        ]
      });
      if (answer.button.accept) {
        await workbench.client.deleteRun(key);
      }
    }
  });
  commands.addCommand(CommandIDs.copyId, {
    label: trans.__('Copy Id'),
    caption: trans.__('Copy the id of this run'),
    isEnabled,
    describedBy,
    execute: async args => {
      const key = runKeyOf(args);
      if (key) {
        await navigator.clipboard.writeText(key.run_id);
      }
    }
  });
  commands.addCommand(CommandIDs.copyAttach, {
    label: trans.__('Copy Attach Cell'),
    caption: trans.__('Copy the line that shows this run in a notebook'),
    isEnabled,
    describedBy,
    execute: async args => {
      const key = runKeyOf(args);
      if (key) {
        await navigator.clipboard.writeText(`%kfp attach ${key.run_id}`);
      }
    }
  });
}

function addConnectionCommands(
  app: JupyterFrontEnd,
  workbench: IWorkbench,
  trans: TranslationBundle
): void {
  const none = { args: { type: 'object', properties: {} } };
  app.commands.addCommand(CommandIDs.searchConnections, {
    label: trans.__('Search for Pipelines Services'),
    caption: trans.__('Look for Kubeflow Pipelines services again'),
    icon: connectionIcon,
    describedBy: none,
    execute: () => workbench.connections.search()
  });
  app.commands.addCommand(CommandIDs.selectConnection, {
    label: trans.__('Use Connection'),
    caption: trans.__('Show the runs and pipelines of this connection'),
    icon: connectionIcon,
    isEnabled: args => typeof args.connection === 'string',
    describedBy: {
      args: {
        type: 'object',
        properties: {
          connection: {
            type: 'string',
            description: trans.__('Name of the connection')
          }
        },
        required: ['connection']
      }
    },
    execute: args => workbench.connections.select(String(args.connection))
  });
}

function runKeyOf(args: ReadonlyPartialJSONObject): RunKey | null {
  return typeof args.connection === 'string' && typeof args.run_id === 'string'
    ? { connection: args.connection, run_id: args.run_id }
    : null;
}
