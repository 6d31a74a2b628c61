import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID, type ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { RunAction, RunKey } from 'jupyterlab-kfp-model';

import { inSentence } from '../run/shown-name';
import type { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';
import {
  keyInFront,
  keyOfArgs,
  keysOfArgs,
  namedRunProperties,
  nameOf,
  runsProperties
} from './run-arguments';
import { perform, tellFailure } from './tell';

/** Milliseconds in which archiving can be taken back. */
const UNDO = 10_000;

/** Add the commands that keep or drop runs: those of their arguments, else the one whose tab is in front. */
export function addKeepCommands(
  app: JupyterFrontEnd,
  workbench: IWorkbench,
  trans: TranslationBundle
): void {
  const { commands } = app;
  const describedBy = {
    args: {
      type: 'object',
      properties: {
        ...namedRunProperties(trans),
        ...runsProperties(trans)
      }
    }
  };
  const keysOf = (args: ReadonlyPartialJSONObject): readonly RunKey[] =>
    keysOfArgs(args) ??
    [keyOfArgs(args) ?? keyInFront(app)].flatMap(key => key ?? []);
  const isEnabled = (args: ReadonlyPartialJSONObject): boolean =>
    keysOf(args).length > 0;
  // one that is refused does not keep the others from it; returns those that were not
  const act = async (
    keys: readonly RunKey[],
    action: RunAction
  ): Promise<readonly RunKey[]> => {
    const acted: RunKey[] = [];
    for (const key of keys) {
      try {
        await (action === 'delete'
          ? workbench.client.deleteRun(key)
          : workbench.client.act(key, {
              action,
              idempotency_key: UUID.uuid4()
            }));
        acted.push(key);
      } catch (reason) {
        tellFailure(reason);
        if (keys.length === 1) {
          throw reason;
        }
      }
    }
    return acted;
  };

  commands.addCommand(CommandIDs.archiveRun, {
    label: trans.__('Archive'),
    caption: trans.__('Move this run out of the list'),
    isEnabled,
    describedBy,
    execute: async args => {
      const keys = await act(keysOf(args), 'archive');
      const [first] = keys;
      if (!first) {
        return;
      }
      Notification.info(
        keys.length > 1
          ? trans.__('%1 runs are archived.', keys.length)
          : trans.__(
              '%1 is archived.',
              inSentence(nameOf(args, first, workbench))
            ),
        {
          autoClose: UNDO,
          actions: [
            {
              label: trans.__('Undo'),
              callback: () => {
                perform(commands, CommandIDs.unarchiveRun, {
                  runs: keys.map(key => ({ ...key }))
                });
              }
            }
          ]
        }
      );
    }
  });
  commands.addCommand(CommandIDs.unarchiveRun, {
    label: trans.__('Unarchive'),
    caption: trans.__('Bring this run back into the list'),
    isEnabled,
    describedBy,
    execute: args => act(keysOf(args), 'unarchive')
  });
  commands.addCommand(CommandIDs.deleteRun, {
    label: trans.__('Delete…'),
    caption: trans.__('Delete this run on its service'),
    isEnabled,
    describedBy,
    execute: async args => {
      const keys = keysOf(args);
      const [first] = keys;
      if (!first) {
        return;
      }
      const answer = await showDialog({
        title:
          keys.length > 1
            ? trans.__('Delete %1 runs?', keys.length)
            : trans.__('Delete run?'),
        body:
          keys.length > 1
            ? trans.__(
                '%1 runs on "%2" are deleted with their logs. Notebooks keep their last picture of them.',
                keys.length,
                first.connection
              )
            : trans.__(
                'The run "%1" on "%2" is deleted with its logs. Notebooks keep their last picture of it.',
                inSentence(nameOf(args, first, workbench)),
                inSentence(first.connection)
              ),
        // Enter keeps them
        defaultButton: 0,
        buttons: [
          Dialog.cancelButton({ label: trans.__('Keep') }),
          Dialog.warnButton({ label: trans.__('Delete') })
        ]
      });
      if (answer.button.accept) {
        await act(keys, 'delete');
      }
    }
  });
}
