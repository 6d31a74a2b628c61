import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands/command-ids';
import {
  keyInFront,
  keysOfArgs,
  runsProperties
} from '../commands/run-arguments';
import { openTab } from '../documents/open-tab';
import { restoreTabs } from '../documents/restore-tabs';
import { runIcon } from '../icons/lab-icons';
import { IWorkbench } from '../tokens';
import type { CompareDocument } from './compare-document';

/** Runs that stand side by side at most. */
const MOST = 10;

/** Opens runs side by side, and brings such tabs back after a reload. */
export const comparePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:compare',
  description: 'Compares pipeline runs.',
  autoStart: true,
  requires: [IWorkbench],
  optional: [
    ITranslator,
    ILayoutRestorer,
    ILabShell,
    ICommandPalette,
    IRenderMimeRegistry,
    INotebookTracker
  ],
  activate: (
    app: JupyterFrontEnd,
    workbench: IWorkbench,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    labShell: ILabShell | null,
    palette: ICommandPalette | null,
    rendermime: IRenderMimeRegistry | null,
    notebooks: INotebookTracker | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_kfp');
    const tracker = new WidgetTracker<CompareDocument>({
      namespace: 'jupyterlab-kfp-comparisons'
    });
    app.commands.addCommand(CommandIDs.compareRuns, {
      label: trans.__('Compare Runs'),
      caption: trans.__(
        'Show runs side by side: parameters, metrics, tasks and pipelines'
      ),
      icon: runIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            id: {
              type: 'string',
              description: trans.__('Id of a tab that is brought back')
            },
            runs: { ...runsProperties(trans).runs, maxItems: MOST }
          }
        }
      },
      execute: async args => {
        const keys = (
          keysOfArgs(args) ?? [keyInFront(app)].flatMap(k => k ?? [])
        ).slice(0, MOST);
        const { CompareDocument } = await import('./compare-document');
        const document = new CompareDocument({
          keys,
          most: MOST,
          // a tab that comes back is the same one, else the layout drops it
          ...(typeof args.id === 'string' ? { id: args.id } : {}),
          workbench,
          commands: app.commands,
          trans,
          rendermime,
          ...(notebooks
            ? {
                insertCell: source => {
                  insertIntoNotebook(app, notebooks, source);
                }
              }
            : {})
        });
        document.content.keysChanged.connect(() => {
          void tracker.save(document);
        });
        openTab(app, labShell, document);
        await tracker.add(document);
      }
    });
    palette?.addItem({
      command: CommandIDs.compareRuns,
      category: trans.__('Kubeflow Pipelines')
    });
    restoreTabs(app, restorer, tracker, {
      command: CommandIDs.compareRuns,
      args: document => ({
        id: document.id,
        runs: document.content.keys.map(key => ({ ...key }))
      }),
      name: document => document.id
    });
  }
};

/** Write a cell below the active one of the notebook used last, and show it; nothing is executed. */
function insertIntoNotebook(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  source: string
): void {
  const panel = tracker.currentWidget;
  const model = panel?.content.model;
  if (!panel || !model || model.readOnly) {
    return;
  }
  const index = panel.content.activeCellIndex + 1;
  model.sharedModel.insertCell(index, {
    cell_type: 'code',
    source,
    metadata: {}
  });
  panel.content.activeCellIndex = index;
  app.shell.activateById(panel.id);
}
