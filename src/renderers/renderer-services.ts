import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { IKfpSettingsSource, IWorkbench } from '../tokens';
import type { ExecutedCells } from './executed-cells';

/** What a renderer needs besides the output. */
export interface IRendererServices {
  readonly workbench: IWorkbench;
  readonly settings: IKfpSettingsSource;
  readonly trans: TranslationBundle;
  readonly commands: CommandRegistry;
  readonly rendermime: IRenderMimeRegistry | null;
  /** Knows what was executed in this page. */
  readonly executed: Pick<ExecutedCells, 'has'>;
  /** Finds the notebook of an output; null where the application has none. */
  readonly tracker: INotebookTracker | null;
}
