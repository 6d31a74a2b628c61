import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { commandsPlugin } from './commands';
import { comparePlugin } from './compare';
import { completionPlugin } from './completion';
import { documentsPlugin } from './documents';
import { modelPlugin } from './gateway';
import { historyPlugin } from './history';
import { kernelPlugin } from './kernel';
import { lintPlugin } from './lint';
import { newRunPlugin } from './new-run';
import { renderersPlugin } from './renderers';
import { settingsPlugin } from './settings';
import { sidebarPlugin } from './sidebar';

export { IKfpSettingsSource, IWorkbench } from './tokens';

/** The plugins of the labextension, one per capability. */
const plugins: readonly JupyterFrontEndPlugin<unknown>[] = [
  settingsPlugin,
  modelPlugin,
  renderersPlugin,
  commandsPlugin,
  documentsPlugin,
  newRunPlugin,
  comparePlugin,
  sidebarPlugin,
  historyPlugin,
  kernelPlugin,
  lintPlugin,
  completionPlugin
];

export default plugins;
