import type { RunKey } from 'jupyterlab-kfp-model';

import type { GatewayClient } from '../gateway/client';
import type { WatchHub } from '../gateway/watch-hub';
import { RunStore, type IRunStore } from './run-store';

/** Number of stores without a viewer that are kept, so that scrolling back finds the last picture. */
const KEPT = 50;

/** The runs that views of this page look at. */
export interface IRunStores {
  /** The store of a run; the same object for the same run. */
  get(key: RunKey): IRunStore;
}

/** Makes one store per run and forgets the oldest that nobody looks at. */
export class RunStores implements IRunStores {
  constructor(options: RunStores.IOptions) {
    this._client = options.client;
    this._hub = options.hub;
  }

  get(key: RunKey): RunStore {
    const name = `${key.connection}/${key.run_id}`;
    let store = this._stores.get(name);
    if (store) {
      this._stores.delete(name); // set again below, so that the map stays in order of use
    } else {
      store = new RunStore({ key, client: this._client, hub: this._hub });
    }
    this._stores.set(name, store);
    this._forget();
    return store;
  }

  private _forget(): void {
    const idle = [...this._stores].filter(([, store]) => store.viewers === 0);
    // the newest may not have its first viewer yet
    for (const [name] of idle.slice(0, Math.max(0, idle.length - KEPT))) {
      this._stores.delete(name);
    }
  }

  private readonly _client: GatewayClient;
  private readonly _hub: WatchHub;
  private readonly _stores = new Map<string, RunStore>();
}

/** Options of the stores. */
export namespace RunStores {
  export interface IOptions {
    readonly client: GatewayClient;
    readonly hub: WatchHub;
  }
}
