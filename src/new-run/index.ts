import {
  ILabShell,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../commands/command-ids';
import { connectionProperties } from '../commands/run-arguments';
import { openTab } from '../documents/open-tab';
import { runIcon } from '../icons/lab-icons';
import { IWorkbench } from '../tokens';
import type { NewRunSource } from './new-run-store';

/** Opens the form of a new run: of a pipeline that a cell compiled, or of an earlier run with changes. */
export const newRunPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:forms',
  description: 'Opens the form of a new pipeline run.',
  autoStart: true,
  requires: [IWorkbench],
  optional: [ITranslator, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    workbench: IWorkbench,
    translator: ITranslator | null,
    labShell: ILabShell | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_kfp');
    app.commands.addCommand(CommandIDs.newRun, {
      label: trans.__('New Run…'),
      caption: trans.__('Fill in the parameters of a pipeline and run it'),
      icon: runIcon,
      isEnabled: args => sourceOf(args) !== null,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            ...connectionProperties(trans),
            digest: {
              type: 'string',
              description: trans.__('Digest of a compiled pipeline')
            },
            from_run: {
              type: 'string',
              description: trans.__('Id of the run to repeat with changes')
            }
          }
        }
      },
      execute: async args => {
        const source = sourceOf(args);
        if (!source) {
          return;
        }
        const { NewRunDocument } = await import('./new-run-document');
        const document = new NewRunDocument({
          source,
          connection:
            typeof args.connection === 'string'
              ? args.connection
              : (workbench.connections.current?.name ?? 'local'),
          workbench,
          commands: app.commands,
          trans
        });
        openTab(app, labShell, document);
      }
    });
  }
};

function sourceOf(args: ReadonlyPartialJSONObject): NewRunSource | null {
  if (typeof args.digest === 'string') {
    return { kind: 'digest', digest: args.digest };
  }
  return typeof args.from_run === 'string' &&
    typeof args.connection === 'string'
    ? { kind: 'run', connection: args.connection, runId: args.from_run }
    : null;
}
