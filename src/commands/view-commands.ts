import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { RunKey } from 'jupyterlab-kfp-model';

import type { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';
import {
  keyInFront,
  keyOfArgs,
  modelInFront,
  namedRunProperties,
  nameOf,
  pictureOf,
  runProperties
} from './run-arguments';
import { telling } from './tell';

/** Add the commands that show a run or a part of it: the one of their arguments, else the one whose tab is in front. */
export function addViewCommands(
  app: JupyterFrontEnd,
  workbench: IWorkbench,
  notebooks: INotebookTracker | null,
  trans: TranslationBundle
): void {
  const { commands } = app;
  const describedBy = {
    args: { type: 'object', properties: runProperties(trans) }
  };
  const ofTask = {
    args: {
      type: 'object',
      properties: {
        ...runProperties(trans),
        task_id: {
          type: 'string',
          description: trans.__('The task; without it the most telling one')
        }
      }
    }
  };
  const keyOf = (args: ReadonlyPartialJSONObject): RunKey | null =>
    keyOfArgs(args) ?? keyInFront(app);
  const isEnabled = (args: ReadonlyPartialJSONObject): boolean =>
    keyOf(args) !== null;
  const show = (key: RunKey | null, tab: string, task: unknown): unknown =>
    key &&
    commands.execute(CommandIDs.openRun, {
      ...key,
      tab,
      ...(typeof task === 'string' ? { task } : {})
    });

  commands.addCommand(CommandIDs.pinRun, {
    label: trans.__('Pin'),
    caption: trans.__('Keep this run at the top of the sidebar'),
    isEnabled,
    isToggleable: true,
    isToggled: args => {
      const key = keyOf(args);
      return key !== null && workbench.pins.has(key);
    },
    describedBy: {
      args: { type: 'object', properties: namedRunProperties(trans) }
    },
    execute: args => {
      const key = keyOf(args);
      if (key) {
        workbench.pins.toggle({ ...key, name: nameOf(args, key, workbench) });
      }
    }
  });
  commands.addCommand(CommandIDs.showLogs, {
    label: trans.__('Show Logs'),
    caption: trans.__('Show the log of a task of this run'),
    isEnabled,
    describedBy: ofTask,
    execute: args => show(keyOf(args), 'logs', args.task_id)
  });
  commands.addCommand(CommandIDs.showEvents, {
    label: trans.__('Show Events'),
    caption: trans.__('Show what happened to a task of this run'),
    isEnabled,
    describedBy: ofTask,
    execute: args => show(keyOf(args), 'attempts', args.task_id)
  });
  commands.addCommand(CommandIDs.gotoFailure, {
    label: trans.__('First Failure'),
    caption: trans.__('Show the task of this run that failed first'),
    isEnabled,
    describedBy,
    execute: telling(async args => {
      const key = keyOf(args);
      if (key) {
        const [{ firstFailure }, view] = await Promise.all([
          import('../run/task-tree'),
          pictureOf(workbench, key, trans)
        ]);
        await show(key, 'tasks', firstFailure(view)?.id);
      }
    })
  });
  commands.addCommand(CommandIDs.gotoCell, {
    label: trans.__('Jump to Cell'),
    caption: trans.__('Show the cell of an open notebook that has this run'),
    isEnabled: args => isEnabled(args) && (notebooks?.size ?? 0) > 0,
    describedBy,
    execute: telling(async args => {
      const key = keyOf(args);
      if (!key || !notebooks) {
        return;
      }
      const { cellOfRun } = await import('./goto-cell');
      const place = cellOfRun(notebooks, key.run_id);
      if (!place) {
        throw new Error(trans.__('No cell of an open notebook has this run.'));
      }
      const { panel, index } = place;
      app.shell.activateById(panel.id);
      panel.content.activeCellIndex = index;
      panel.content.deselectAll();
      await panel.content.scrollToItem(index, 'start');
    })
  });
  commands.addCommand(CommandIDs.openUpstream, {
    label: trans.__('Open in KFP UI'),
    caption: trans.__('Show this run in the pages of its service'),
    isEnabled: args => uiUrlOf(workbench, keyOf(args)) !== null,
    describedBy,
    execute: args => {
      const url = uiUrlOf(workbench, keyOf(args));
      if (url) {
        window.open(url, '_blank', 'noopener');
      }
    }
  });
  commands.addCommand(CommandIDs.detachRun, {
    label: trans.__('Detach'),
    caption: trans.__('Stop to watch the run whose tab is in front'),
    isEnabled: () => modelInFront(app)?.isWatching === true,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => modelInFront(app)?.detach()
  });
}

// computed by the gateway from a checked profile; looked at once more, as it is opened
function uiUrlOf(workbench: IWorkbench, key: RunKey | null): string | null {
  const url = key && workbench.runs.get(key).view?.run.ui_url;
  return url && /^https?:/.test(url) ? url : null;
}
