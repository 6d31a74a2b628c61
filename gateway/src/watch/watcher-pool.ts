/** All watchers of the gateway: one per run, list and service, shared by every socket. */
import type { Subscription } from 'jupyterlab-kfp-model';

import { HeaderLists } from './header-lists.ts';
import { listTarget } from './list-watcher.ts';
import { runTarget } from './run-watcher.ts';
import type { WatchSources } from './sources.ts';
import type { WatchSurroundings, WatchTarget } from './watched.ts';
import { Watcher } from './watcher.ts';

/** A watcher whose pictures are only passed on. */
export type AnyWatcher = Watcher<object>;

export class WatcherPool {
  private readonly _sources: WatchSources;
  private readonly _surroundings: WatchSurroundings;
  private readonly _lists = new HeaderLists();
  private readonly _watchers = new Map<string, AnyWatcher>();
  private readonly _unlisten: () => void;

  constructor(sources: WatchSources, surroundings: WatchSurroundings) {
    this._sources = sources;
    this._surroundings = surroundings;
    this._unlisten = sources.onConnections(() => {
      for (const watcher of [...this._watchers.values()]) {
        watcher.reconsider();
      }
    });
  }

  /** Number of watchers that are kept. */
  get size(): number {
    return this._watchers.size;
  }

  /** The watcher of what is subscribed to; made where there is none. */
  watcher(subscription: Subscription): AnyWatcher {
    const key = keyOf(subscription);
    const known = this._watchers.get(key);
    if (known !== undefined) {
      return known;
    }
    // A watcher hands its own views back to its own target only, so the type of the view is sealed inside it.
    const target = this._target(subscription) as unknown as WatchTarget<object>;
    const watcher: AnyWatcher = new Watcher(target, this._surroundings, () => {
      this._watchers.delete(key);
      watcher.dispose();
    });
    this._watchers.set(key, watcher);
    return watcher;
  }

  dispose(): void {
    this._unlisten();
    for (const watcher of this._watchers.values()) {
      watcher.dispose();
    }
    this._watchers.clear();
  }

  private _target(
    subscription: Subscription
  ):
    | ReturnType<typeof runTarget>
    | ReturnType<typeof listTarget>
    | ReturnType<typeof connectionsTarget>
    | ReturnType<typeof localTarget> {
    switch (subscription.kind) {
      case 'run':
        return runTarget(this._sources, subscription.ref, this._lists);
      case 'runs':
        return listTarget(this._sources, subscription.ref);
      case 'connections':
        return connectionsTarget(this._sources);
      case 'local':
        return localTarget(this._sources);
    }
  }
}

function connectionsTarget(sources: WatchSources) {
  return pushed(
    async () => ({ connections: sources.connections() }),
    listener => sources.onConnections(listener)
  );
}

function localTarget(sources: WatchSources) {
  return pushed(
    () => sources.local(),
    listener => sources.onLocal(listener)
  );
}

/** Something of the gateway itself, which always tells when it changes. */
function pushed<V extends object>(
  fetch: () => Promise<V>,
  listen: (listener: () => void) => () => void
): WatchTarget<V> {
  const backend = { identity: fetch, fetch, listen };
  return {
    canBeGone: false,
    isFinal: () => false,
    bornAt: () => undefined,
    resolve: () => backend
  };
}

function keyOf(subscription: Subscription): string {
  switch (subscription.kind) {
    case 'run':
      return JSON.stringify([
        'run',
        subscription.ref.connection,
        subscription.ref.run_id
      ]);
    case 'runs': {
      const { connection, namespace, page_size, filter } = subscription.ref;
      return JSON.stringify([
        'runs',
        connection,
        namespace ?? null,
        page_size ?? null,
        filter ?? null
      ]);
    }
    case 'connections':
    case 'local':
      return subscription.kind;
  }
}
