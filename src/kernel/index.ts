import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';

import { IKfpSettingsSource } from '../tokens';
import { keepMagicRegistered, type IMagicSettings } from './magic-registration';

/** Makes `%kfp` known in the Python kernels of notebooks, without loading it. */
export const kernelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:kernel',
  description: 'Registers the %kfp magic in Python kernels.',
  autoStart: true,
  requires: [IKfpSettingsSource],
  optional: [INotebookTracker],
  activate: (
    _app: JupyterFrontEnd,
    settings: IKfpSettingsSource,
    tracker: INotebookTracker | null
  ) => {
    const known = async (): Promise<IMagicSettings> => {
      await settings.ready;
      return settings.current;
    };
    tracker?.forEach(panel => keepMagicRegistered(panel.sessionContext, known));
    tracker?.widgetAdded.connect((_, panel) =>
      keepMagicRegistered(panel.sessionContext, known)
    );
  }
};
