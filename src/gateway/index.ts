import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

// eslint-disable-next-line jupyter/prefer-lazy-imports -- provided synchronously
import { ConnectionsStore } from '../connections/connections-store';

import { PinnedRuns } from '../pins/pinned-runs';
import { Clock } from '../run/clock';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- provided synchronously
import { RunStores } from '../run/run-stores';
import { ViewSizes } from '../run/view-sizes';
import { IWorkbench } from '../tokens';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- provided synchronously
import { GatewayClient } from './client';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- provided synchronously
import { WatchHub } from './watch-hub';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- provided synchronously
import { WatchSocket } from './watch-socket';

/** Version of the labextension as it greets the gateway; the same number as in package.json. */
const VERSION = '0.1.0';

/** Makes the stores that every view reads. Nothing is asked of the server here. */
export const modelPlugin: JupyterFrontEndPlugin<IWorkbench> = {
  id: 'jupyterlab-kfp:model',
  description:
    'Provides the runs, connections and live pictures of Kubeflow Pipelines.',
  autoStart: true,
  optional: [IStateDB, ITranslator],
  provides: IWorkbench,
  activate: (
    app: JupyterFrontEnd,
    state: IStateDB | null,
    translator: ITranslator | null
  ): IWorkbench => {
    const { serverSettings } = app.serviceManager;
    const trans = (translator ?? nullTranslator).load('jupyterlab_kfp');
    const client = new GatewayClient({ serverSettings, trans });
    const socket = new WatchSocket({ serverSettings, version: VERSION });
    const hub = new WatchHub({ client, socket });
    return {
      client,
      hub,
      runs: new RunStores({ client, hub }),
      pins: new PinnedRuns(state),
      connections: new ConnectionsStore({ client, hub, state }),
      sizes: new ViewSizes(state),
      clock: new Clock()
    };
  }
};
