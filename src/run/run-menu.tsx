import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { isFinalRunState, type RunView } from 'jupyterlab-kfp-model';

import { copyText } from './clipboard';
import type { IRunEnvironment } from './environment';
import { reportOf } from './report';
import type { RunModel } from './run-model';

/** What the menu acts on. */
export interface IRunMenuContext {
  readonly model: RunModel;
  readonly view: RunView;
  readonly environment: IRunEnvironment;
}

/** Open the menu with everything that has no button of its own below its button. */
export function openRunMenu(
  anchor: HTMLElement,
  context: IRunMenuContext
): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  const add = (label: string, execute: () => void): void => {
    const id = `entry-${menu.items.length}`;
    commands.addCommand(id, {
      label,
      describedBy: { args: { type: 'object', properties: {} } },
      execute
    });
    menu.addItem({ command: id });
  };
  fill(context, add, () => menu.addItem({ type: 'separator' }));
  menu.aboutToClose.connect(() => {
    // the focus goes back to where the menu came from; the menu is of one use
    requestAnimationFrame(() => {
      anchor.focus();
      menu.dispose();
    });
  });
  const box = anchor.getBoundingClientRect();
  menu.open(box.left, box.bottom);
}

function fill(
  context: IRunMenuContext,
  add: (label: string, execute: () => void) => void,
  separate: () => void
): void {
  const { model, view, environment } = context;
  const { trans, host, layout } = environment;
  const { run } = view;
  const key = {
    connection: model.store?.key.connection ?? run.connection.profile,
    run_id: run.run_id
  };

  if (layout === 'cell' && host.openInTab) {
    add(trans.__('Open in Tab'), () => host.openInTab?.(key));
  }
  if (run.ui_url && /^https?:/.test(run.ui_url)) {
    const url = run.ui_url;
    add(trans.__('Open in KFP UI'), () => {
      window.open(url, '_blank', 'noopener');
    });
  }
  separate();
  add(trans.__('Copy Id'), () => copyText(run.run_id));
  add(trans.__('Copy Attach Cell'), () =>
    copyText(`%kfp attach ${run.run_id}`)
  );
  if (run.state === 'FAILED' || view.waiting) {
    add(trans.__('Copy Report'), () => copyText(reportOf(view)));
  }
  const { store } = model;
  if (!store) {
    return;
  }
  if (model.isWatching && !isFinalRunState(run.state)) {
    separate();
    add(trans.__('Detach'), () => model.detach());
  }
  if (layout === 'document' && model.isWatching) {
    const actions = view.capabilities.actions;
    if (actions.includes('archive') && !run.archived) {
      add(trans.__('Archive'), () => void store.act('archive'));
    }
    if (actions.includes('unarchive') && run.archived) {
      add(trans.__('Unarchive'), () => void store.act('unarchive'));
    }
  }
}
