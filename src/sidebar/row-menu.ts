import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import {
  isFinalRunState,
  type RunKey,
  type RunSummary
} from 'jupyterlab-kfp-model';

import { CommandIDs } from '../commands/command-ids';
import { perform } from '../commands/tell';

/** What a list needs to carry out a command. */
export interface ICommandContext {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** Open what can be done with a run of the list, where the pointer is or at the row. */
export function openRowMenu(
  context: ICommandContext,
  key: RunKey,
  run: RunSummary,
  at: { readonly x: number; readonly y: number },
  row: HTMLElement
): void {
  const { commands, trans } = context;
  const own = new CommandRegistry();
  const menu = new Menu({ commands: own });
  const add = (label: string, command: string, more: object = {}): void => {
    if (!commands.hasCommand(command)) {
      return;
    }
    const id = `entry-${menu.items.length}`;
    own.addCommand(id, {
      label,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () =>
        perform(commands, command, { ...key, name: run.name, ...more })
    });
    menu.addItem({ command: id });
  };
  const isFinal = isFinalRunState(run.state);
  add(trans.__('Open'), CommandIDs.openRun);
  add(trans.__('Run Again with Changes…'), CommandIDs.newRun, {
    from_run: key.run_id
  });
  if (!isFinal) {
    add(trans.__('Stop…'), CommandIDs.stopRun);
  } else if (run.state === 'FAILED' || run.state === 'CANCELED') {
    add(trans.__('Retry'), CommandIDs.retryRun);
  }
  add(
    commands.hasCommand(CommandIDs.pinRun) &&
      commands.isToggled(CommandIDs.pinRun, { ...key })
      ? trans.__('Unpin')
      : trans.__('Pin'),
    CommandIDs.pinRun
  );
  menu.addItem({ type: 'separator' });
  add(trans.__('Copy Id'), CommandIDs.copyId);
  add(trans.__('Copy Attach Cell'), CommandIDs.copyAttach);
  menu.addItem({ type: 'separator' });
  if (run.archived) {
    add(trans.__('Unarchive'), CommandIDs.unarchiveRun);
  } else {
    add(trans.__('Archive'), CommandIDs.archiveRun);
  }
  if (isFinal) {
    add(trans.__('Delete…'), CommandIDs.deleteRun);
  }
  menu.aboutToClose.connect(() => {
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) {
        row.focus();
      }
      menu.dispose();
    });
  });
  menu.open(at.x, at.y);
  menu.activateNextItem();
}
