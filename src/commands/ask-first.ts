import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunKey } from 'jupyterlab-kfp-model';

import {
  rerunQuestion,
  retryQuestion,
  stopQuestion,
  type IQuestion
} from '../run/questions';
import type { IWorkbench } from '../tokens';

/** What is not done to a run without a question. */
export type AskedAction = 'terminate' | 'retry' | 'rerun';

/**
 * Ask in a dialog whether something is to be done to a run, in the words of the view of the run; the focus is on the harmless answer.
 *
 * #### Notes
 * As in the view, starting again what ended is asked only where it costs somebody else's machines.
 */
export async function askFirst(
  action: AskedAction,
  run: { readonly key: RunKey; readonly name: string },
  workbench: IWorkbench,
  trans: TranslationBundle
): Promise<boolean> {
  const { key, name } = run;
  if (action !== 'terminate' && isLocal(key, workbench)) {
    return true;
  }
  const { question, confirm, keep } = questionOf();
  const { button } = await showDialog({
    title: question,
    buttons: [
      Dialog.cancelButton({ label: keep }),
      Dialog.warnButton({ label: confirm })
    ],
    defaultButton: 0
  });
  return button.accept;

  function questionOf(): IQuestion {
    switch (action) {
      case 'terminate':
        return stopQuestion(name, key.connection, trans);
      case 'retry':
        return retryQuestion(
          name,
          key.connection,
          workbench.runs.get(key).view,
          trans
        );
      case 'rerun':
        return rerunQuestion(name, key.connection, trans);
    }
  }
}

function isLocal(key: RunKey, workbench: IWorkbench): boolean {
  const known =
    workbench.runs.get(key).view?.run.connection ??
    workbench.connections.connections.find(each => each.name === key.connection)
      ?.ref;
  return known?.flavour === 'local';
}
