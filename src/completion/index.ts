import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICompletionProviderManager } from '@jupyterlab/completer';

import { IWorkbench } from '../tokens';

import { MagicCompletionProvider } from './provider';

/** Completes `%kfp` lines, also while the kernel is busy. */
export const completionPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:completion',
  description: 'Completes lines of the %kfp magic.',
  autoStart: true,
  optional: [ICompletionProviderManager, IWorkbench],
  activate: (
    _app: JupyterFrontEnd,
    manager: ICompletionProviderManager | null,
    workbench: IWorkbench | null
  ) => {
    manager?.registerProvider(new MagicCompletionProvider(workbench));
  }
};
