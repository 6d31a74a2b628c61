import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { RunKey } from 'jupyterlab-kfp-model';

import { retryRunIcon, stopRunIcon } from '../icons/lab-icons';
import { copyText } from '../run/clipboard';
import type { IWorkbench } from '../tokens';
import type { AskedAction } from './ask-first';
import { CommandIDs } from './command-ids';
import type { EndNotifier } from './end-notifier';
import {
  keyInFront,
  keyOfArgs,
  namedRunProperties,
  nameOf,
  pictureOf
} from './run-arguments';
import { telling } from './tell';

/** Add the commands that act on a run: the one of their arguments, else the one whose tab is in front. */
export function addRunCommands(
  app: JupyterFrontEnd,
  workbench: IWorkbench,
  trans: TranslationBundle
): void {
  const { commands } = app;
  const describedBy = {
    args: { type: 'object', properties: namedRunProperties(trans) }
  };
  const runKeyOf = (args: ReadonlyPartialJSONObject): RunKey | null =>
    keyOfArgs(args) ?? keyInFront(app);
  const isEnabled = (args: ReadonlyPartialJSONObject): boolean =>
    runKeyOf(args) !== null;
  // the same question as in the view of the run, whichever way the command came
  const isWanted = async (
    args: ReadonlyPartialJSONObject,
    key: RunKey,
    action: AskedAction
  ): Promise<boolean> => {
    const { askFirst } = await import('./ask-first');
    const name = nameOf(args, key, workbench);
    return askFirst(action, { key, name }, workbench, trans);
  };
  const act = async (
    args: ReadonlyPartialJSONObject,
    action: 'terminate' | 'retry'
  ): Promise<void> => {
    const key = runKeyOf(args);
    if (key && (await isWanted(args, key, action))) {
      const store = workbench.runs.get(key);
      await store.act(action);
      if (store.problem) {
        throw new Error(store.problem);
      }
    }
  };
  const show = (key: RunKey): void => {
    void commands.execute(CommandIDs.openRun, { ...key });
  };
  let notifier: EndNotifier | null = null; // most pages never need one

  commands.addCommand(CommandIDs.stopRun, {
    label: trans.__('Stop Run…'),
    caption: trans.__('Ask the service to end this run'),
    icon: stopRunIcon,
    isEnabled,
    describedBy,
    execute: telling(args => act(args, 'terminate'))
  });
  commands.addCommand(CommandIDs.retryRun, {
    label: trans.__('Retry'),
    caption: trans.__('Run the tasks again that did not succeed'),
    icon: retryRunIcon,
    isEnabled,
    describedBy,
    execute: telling(args => act(args, 'retry'))
  });
  commands.addCommand(CommandIDs.rerunUncached, {
    label: trans.__('Run Again without Cache'),
    caption: trans.__(
      'Start a new run with the same values and no cached result'
    ),
    isEnabled,
    describedBy,
    execute: telling(async args => {
      const key = runKeyOf(args);
      if (!key || !(await isWanted(args, key, 'rerun'))) {
        return;
      }
      const store = workbench.runs.get(key);
      const started = await store.rerunUncached();
      if (started) {
        show(started);
      } else {
        throw new Error(store.problem);
      }
    })
  });
  commands.addCommand(CommandIDs.notifyRun, {
    label: trans.__('Notify Me'),
    caption: trans.__('Say when this run has ended'),
    isEnabled,
    isToggleable: true,
    isToggled: args => {
      const key = runKeyOf(args);
      return key !== null && notifier?.isOn(key) === true;
    },
    describedBy,
    execute: async args => {
      const key = runKeyOf(args);
      if (key) {
        const { EndNotifier } = await import('./end-notifier');
        notifier ??= new EndNotifier({ runs: workbench.runs, trans, show });
        notifier.toggle(key);
      }
    }
  });
  commands.addCommand(CommandIDs.copyReport, {
    label: trans.__('Copy Report'),
    caption: trans.__('Copy what happened in this run, as Markdown'),
    isEnabled,
    describedBy,
    execute: telling(async args => {
      const key = runKeyOf(args);
      if (key) {
        const [{ reportOf }, view] = await Promise.all([
          import('../run/report'),
          pictureOf(workbench, key, trans)
        ]);
        copyText(reportOf(view));
      }
    })
  });
  commands.addCommand(CommandIDs.downloadPipeline, {
    label: trans.__('Download Pipeline'),
    caption: trans.__('Save the pipeline of this run as a file'),
    isEnabled,
    describedBy,
    execute: telling(async args => {
      const key = runKeyOf(args);
      if (key) {
        const { downloadPipeline } = await import('../run/download');
        const store = workbench.runs.get(key);
        await downloadPipeline(
          () => store.source(),
          store.view?.run.pipeline.name ?? key.run_id
        );
      }
    })
  });
  commands.addCommand(CommandIDs.copyId, {
    label: trans.__('Copy Id'),
    caption: trans.__('Copy the id of this run'),
    isEnabled,
    describedBy,
    execute: args => {
      const key = runKeyOf(args);
      if (key) {
        copyText(key.run_id);
      }
    }
  });
  commands.addCommand(CommandIDs.copyAttach, {
    label: trans.__('Copy Attach Cell'),
    caption: trans.__('Copy the line that shows this run in a notebook'),
    isEnabled,
    describedBy,
    execute: args => {
      const key = runKeyOf(args);
      if (key) {
        copyText(`%kfp attach ${key.run_id}`);
      }
    }
  });
}
