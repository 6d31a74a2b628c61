import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands/command-ids';
import { keyOfArgs, runProperties } from '../commands/run-arguments';
import { runIcon } from '../icons/lab-icons';
import type { RunTab } from '../run/run-model';
import { IKfpSettingsSource, IWorkbench } from '../tokens';

import { addCloseBelow } from './close-below';
import { openTab } from './open-tab';
import { restoreTabs } from './restore-tabs';
import type { RunDocument } from './run-document';

const TABS: readonly RunTab[] = [
  'graph',
  'tasks',
  'timeline',
  'logs',
  'results',
  'inputs',
  'source',
  'attempts',
  'volumes'
];

/** Opens runs in tabs, one per run, and brings them back after a reload. */
export const documentsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:documents',
  description: 'Opens pipeline runs in tabs.',
  autoStart: true,
  requires: [IWorkbench, IKfpSettingsSource],
  optional: [
    ITranslator,
    ILayoutRestorer,
    ILabShell,
    IRenderMimeRegistry,
    ICommandPalette
  ],
  activate: (
    app: JupyterFrontEnd,
    workbench: IWorkbench,
    settings: IKfpSettingsSource,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    labShell: ILabShell | null,
    rendermime: IRenderMimeRegistry | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_kfp');
    const tracker = new WidgetTracker<RunDocument>({
      namespace: 'jupyterlab-kfp-runs'
    });

    app.commands.addCommand(CommandIDs.openRun, {
      label: trans.__('Open Run'),
      caption: trans.__('Show a pipeline run in a tab'),
      icon: runIcon,
      isEnabled: args => keyOfArgs(args) !== null,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            ...runProperties(trans),
            tab: {
              type: 'string',
              description: trans.__('The tab to show first')
            },
            task: {
              type: 'string',
              description: trans.__('Id of the task to show')
            }
          },
          required: ['connection', 'run_id']
        }
      },
      execute: async args => {
        const key = keyOfArgs(args);
        if (!key) {
          return;
        }
        const tab = TABS.find(each => each === args.tab);
        const task = typeof args.task === 'string' ? args.task : undefined;
        // before the search: a second click may come while the code is still on its way
        const { RunDocument } = await import('./run-document');
        const open = tracker.find(
          document =>
            document.content.key.run_id === key.run_id &&
            document.content.key.connection === key.connection
        );
        if (open) {
          open.content.model.choose({
            ...(tab ? { tab } : {}),
            ...(task ? { task } : {})
          });
          openTab(app, labShell, open);
          return;
        }
        const document = new RunDocument({
          key,
          workbench,
          commands: app.commands,
          trans,
          rendermime,
          logLines: settings.current.logLines,
          ...(labShell
            ? {}
            : { leave: () => app.shell.currentWidget?.activate() }),
          ...(tab ? { tab } : {}),
          ...(task ? { task } : {})
        });
        openTab(app, labShell, document);
        await tracker.add(document);
      }
    });

    if (!labShell) {
      addCloseBelow(app, palette, trans);
    }
    restoreTabs(app, restorer, tracker, {
      command: CommandIDs.openRun,
      args: document => ({ ...document.content.key }),
      name: document =>
        `${document.content.key.connection}/${document.content.key.run_id}`
    });
  }
};
