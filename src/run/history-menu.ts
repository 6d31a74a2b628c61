import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

import { CommandIDs } from '../commands/command-ids';
import { perform } from '../commands/tell';
import { noWayText } from '../connections/connection-of';
import type { ICellRun } from '../history/cell-runs';
import type { IRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { dateTime } from './words';

/** Open the menu with the last runs of a cell: each can be opened, compared with the one shown, and its values taken again. */
export function openHistoryMenu(
  anchor: HTMLElement,
  model: RunModel,
  environment: IRunEnvironment
): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  for (const run of model.history) {
    const entries = entriesOf(run, model, environment);
    if (entries.length === 0) {
      continue;
    }
    const submenu = new Menu({ commands });
    submenu.title.label = `${run.name} · ${dateTime(run.submitted_at)}`;
    entries.forEach(([label, execute], index) => {
      const id = `${run.run_id}-${index}`;
      commands.addCommand(id, {
        label,
        describedBy: { args: { type: 'object', properties: {} } },
        execute
      });
      submenu.addItem({ command: id });
    });
    menu.addItem({ type: 'submenu', submenu });
  }
  menu.aboutToClose.connect(() => {
    // of one use; what was chosen is executed first
    requestAnimationFrame(() => menu.dispose());
  });
  const box = anchor.getBoundingClientRect();
  menu.open(box.left, box.bottom);
  menu.activateNextItem();
}

function entriesOf(
  run: ICellRun,
  model: RunModel,
  environment: IRunEnvironment
): readonly (readonly [label: string, go: () => void])[] {
  const { trans, host, trusted } = environment;
  const { openInTab, commands } = host;
  const reached = (go: (connection: string) => void) => (): void => {
    void reach(run, model, environment).then(connection => {
      if (connection !== null) {
        go(connection);
      }
    });
  };
  const key = { connection: run.profile, run_id: run.run_id };
  const shown = model.view && model.keyOf(model.view);
  return [
    ...(openInTab
      ? [[trans.__('Open in Tab'), () => openInTab(key)] as const]
      : []),
    ...(commands?.hasCommand(CommandIDs.compareRuns) &&
    shown &&
    shown.run_id !== run.run_id
      ? [
          [
            trans.__('Compare with This Run'),
            reached(connection => {
              perform(commands, CommandIDs.compareRuns, {
                runs: [{ ...shown }, { ...key, connection }]
              });
            })
          ] as const
        ]
      : []),
    ...(trusted && commands?.hasCommand(CommandIDs.newRun)
      ? [
          [
            trans.__('Restore Parameters…'),
            reached(connection => {
              perform(commands, CommandIDs.newRun, {
                connection,
                from_run: run.run_id
              });
            })
          ] as const
        ]
      : [])
  ];
}

// the name of a connection in a notebook says nothing of where it leads here
async function reach(
  run: ICellRun,
  model: RunModel,
  { host, trans }: IRunEnvironment
): Promise<string | null> {
  const connection = host.connectionOf
    ? await host.connectionOf(run)
    : run.profile;
  if (connection === null) {
    model.notice = noWayText(run.profile, trans);
  }
  return connection;
}
