import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../commands/command-ids';
import type { IRunEnvironment } from '../run/environment';
import type { IWorkbench } from '../tokens';

/** What a tab has at hand for the views in it. */
export interface IDocumentParts {
  readonly workbench: IWorkbench;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  readonly rendermime?: IRenderMimeRegistry | null;
  readonly logLines?: number;
  /** Go back to the notebook that the tab stands below. */
  readonly leave?: () => void;
}

/** The environment of views in a tab of their own: what they show comes from the gateway, so it is trusted. */
export function documentEnvironment(parts: IDocumentParts): IRunEnvironment {
  const {
    workbench,
    commands,
    trans,
    rendermime = null,
    logLines = 0,
    leave
  } = parts;
  return {
    trans,
    clock: workbench.clock,
    sizes: workbench.sizes,
    host: {
      commands,
      openInTab: key => {
        void commands.execute(CommandIDs.openRun, { ...key });
      },
      ...(leave ? { leave } : {})
    },
    layout: 'document',
    trusted: true,
    rendermime,
    logLines
  };
}
