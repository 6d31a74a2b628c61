import { Token } from '@lumino/coreutils';

import type { IConnectionsStore } from './connections/connections-store';
import type { GatewayClient } from './gateway/client';
import type { WatchHub } from './gateway/watch-hub';
import type { IPinnedRuns } from './pins/pinned-runs';
import type { Clock } from './run/clock';
import type { IRunStores } from './run/run-stores';
import type { IViewSizes } from './run/view-sizes';

/** Everything that views of this page read: the stores, and the wire they share. */
export interface IWorkbench {
  /** Typed calls of the gateway. */
  readonly client: GatewayClient;
  /** The one socket of the page with its subscriptions. */
  readonly hub: WatchHub;
  /** The runs that are looked at. */
  readonly runs: IRunStores;
  /** The runs that the user pinned. */
  readonly pins: IPinnedRuns;
  /** The connections and the one chosen. */
  readonly connections: IConnectionsStore;
  /** How large the reader made the parts of views. */
  readonly sizes: IViewSizes;
  /** The second hand of the page. */
  readonly clock: Clock;
}

/** Provides the stores of the page. */
export const IWorkbench = new Token<IWorkbench>(
  'jupyterlab-kfp:IWorkbench',
  'Provides the runs, connections and live pictures of Kubeflow Pipelines in this page.'
);

/** Settings of the user, with the default of each where no registry is present. */
export interface IKfpSettings {
  readonly loadMagics: boolean;
  readonly widgetTab:
    'auto' | 'graph' | 'tasks' | 'timeline' | 'logs' | 'results';
  readonly saveSnapshots: 'final' | 'never';
  readonly logLines: number;
  readonly runsPageSize: number;
  /** When cells are checked. */
  readonly lint: 'onRun' | 'onType' | 'off';
  /** Rules that are neither marked nor, in kernels started since, reported. */
  readonly lintIgnore: readonly string[];
}

/** What settings are until the user says otherwise; the schema holds the same. */
export const DEFAULT_SETTINGS: IKfpSettings = {
  loadMagics: true,
  widgetTab: 'auto',
  saveSnapshots: 'final',
  logLines: 20_000,
  runsPageSize: 20,
  lint: 'onRun',
  lintIgnore: []
};

/** The settings as they are now, and as the registry first knows them. */
export interface IKfpSettingsSource {
  /** Now; the defaults until the registry has answered. */
  readonly current: IKfpSettings;
  /** Settled once the registry has answered or is known to be absent. */
  readonly ready: Promise<void>;
}

/** Provides the settings of the user. */
export const IKfpSettingsSource = new Token<IKfpSettingsSource>(
  'jupyterlab-kfp:IKfpSettingsSource',
  'Provides the settings of the Kubeflow Pipelines extension.'
);
