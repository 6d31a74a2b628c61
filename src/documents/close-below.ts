import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { CommandIDs } from '../commands/command-ids';

/** Classes of the documents of the product. */
const OURS = ['jp-KfpRunDocument', 'jp-KfpNewRunDocument'];

/** Add the command that closes the document below a notebook: Notebook 7 has no key for it. */
export function addCloseBelow(
  app: JupyterFrontEnd,
  palette: ICommandPalette | null,
  trans: TranslationBundle
): void {
  const inSight = (): Widget | undefined =>
    [...app.shell.widgets('down')].find(
      widget => widget.isVisible && OURS.some(each => widget.hasClass(each))
    );
  app.commands.addCommand(CommandIDs.closeBelow, {
    label: trans.__('Close Tab below the Notebook'),
    caption: trans.__('Close the run, comparison or form below the notebook'),
    isEnabled: () => inSight() !== undefined,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      inSight()?.close();
      app.shell.currentWidget?.activate();
    }
  });
  palette?.addItem({
    command: CommandIDs.closeBelow,
    category: trans.__('Kubeflow Pipelines')
  });
}
