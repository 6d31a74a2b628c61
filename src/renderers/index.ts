import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- made synchronously
import { PIPELINE_MIME_TYPE, RUN_MIME_TYPE } from 'jupyterlab-kfp-model';

import { IKfpSettingsSource, IWorkbench } from '../tokens';
import { ExecutedCells } from './executed-cells';
import { guardKeys } from './key-guard';
import { LazyOutput } from './lazy-output';
import type { IRendererServices } from './renderer-services';

/**
 * Draws runs and pipelines in outputs.
 *
 * #### Notes
 * Everything is registered before `activate` returns: a notebook copies the registry when it is made, and a restored one is made early.
 * `safe: true`, because an untrusted notebook would show the HTML part otherwise; rank 0, because that part has 50.
 */
export const renderersPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-kfp:renderers',
  description: 'Draws pipeline runs and pipelines in the outputs of cells.',
  autoStart: true,
  requires: [IRenderMimeRegistry, IWorkbench, IKfpSettingsSource],
  optional: [ITranslator, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    workbench: IWorkbench,
    settings: IKfpSettingsSource,
    translator: ITranslator | null,
    tracker: INotebookTracker | null
  ) => {
    const services: IRendererServices = {
      workbench,
      settings,
      rendermime,
      tracker,
      trans: (translator ?? nullTranslator).load('jupyterlab_kfp'),
      commands: app.commands,
      executed: new ExecutedCells()
    };
    rendermime.addFactory(
      {
        safe: true,
        mimeTypes: [RUN_MIME_TYPE],
        defaultRank: 0,
        createRenderer: () =>
          new LazyOutput(async () => {
            // the view will be drawn next, so both come at the same time
            const [{ RunRenderer }] = await Promise.all([
              import('./run-renderer'),
              import('../run/run-view')
            ]);
            return new RunRenderer(services);
          })
      },
      0
    );
    rendermime.addFactory(
      {
        safe: true,
        mimeTypes: [PIPELINE_MIME_TYPE],
        defaultRank: 0,
        createRenderer: () =>
          new LazyOutput(async () => {
            const { PipelineRenderer } = await import('./pipeline-renderer');
            return new PipelineRenderer(services);
          })
      },
      0
    );
    guardKeys(app.commands);
  }
};
