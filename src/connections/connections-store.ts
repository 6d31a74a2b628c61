import type { IStateDB } from '@jupyterlab/statedb';
import { Signal, type ISignal } from '@lumino/signaling';
import type { ConnectionInfo, ConnectionRef } from 'jupyterlab-kfp-model';

import type { GatewayClient } from '../gateway/client';
import type { Feed, IViewer } from '../gateway/feed';
import { sentenceOf } from '../gateway/gateway-error';
import type { WatchHub } from '../gateway/watch-hub';

const CHOICE = 'jupyterlab-kfp:connection';
/** Where it stands which connection leads to services that documents from elsewhere name. */
const KNOWN = 'jupyterlab-kfp:known-elsewhere';

/** A service as a document names it. */
export type ServiceRef = Pick<ConnectionRef, 'profile' | 'fingerprint'>;

/** The connections of this user, and the one that lists show. */
export interface IConnectionsStore {
  /** In the order of the gateway; empty until known. */
  readonly connections: readonly ConnectionInfo[];
  /** Whether the gateway has answered. */
  readonly isKnown: boolean;
  /** The chosen connection, else the default; null when there is none. */
  readonly current: ConnectionInfo | null;
  /** What went wrong with the last search or reading; empty when nothing did. */
  readonly problem: string;
  /** Whether a search is under way. */
  readonly isSearching: boolean;
  /** Emitted after anything above changed. */
  readonly changed: ISignal<IConnectionsStore, void>;
  /** Begin to read; the gateway is not asked before the first call. */
  open(): void;
  /** Choose the connection that lists show. */
  select(name: string): void;
  /** Look for connections again. */
  search(): Promise<void>;
  /**
   * The connection through which a run named in a document is read.
   *
   * @returns its name; null when no configured connection leads to that service; undefined while the connections are not known.
   */
  resolve(ref: ServiceRef): string | null | undefined;
  /** Read the runs of a service that documents name through this connection from now on. */
  remember(ref: ServiceRef, name: string): void;
}

/** Reads the connections over the socket and remembers the choice of the user. */
export class ConnectionsStore implements IConnectionsStore {
  constructor(options: ConnectionsStore.IOptions) {
    this._client = options.client;
    this._state = options.state;
    this._feed = options.hub.feed<'connections'>({ kind: 'connections' });
    this._feed.changed.connect(() => this._changed.emit());
    options.state
      ?.fetch(CHOICE)
      .then(value => {
        if (typeof value === 'string' && !this._chosen) {
          this._chosen = value;
          this._changed.emit();
        }
      })
      .catch((reason: unknown) => {
        console.error('The chosen connection could not be remembered.', reason);
      });
    options.state
      ?.fetch(KNOWN)
      .then(value => {
        for (const [place, name] of Object.entries(value ?? {})) {
          if (typeof name === 'string' && !this._elsewhere.has(place)) {
            this._elsewhere.set(place, name);
          }
        }
        this._changed.emit();
      })
      .catch((reason: unknown) => {
        console.error('The chosen connections could not be read.', reason);
      });
  }

  get connections(): readonly ConnectionInfo[] {
    return this._feed.view?.connections ?? [];
  }

  get isKnown(): boolean {
    return this._feed.view !== null;
  }

  get current(): ConnectionInfo | null {
    const all = this.connections;
    return (
      all.find(each => each.name === this._chosen) ??
      all.find(each => each.is_default) ??
      all[0] ??
      null
    );
  }

  get problem(): string {
    const link = this._feed.link;
    return (
      this._problem ||
      (link && link.state !== 'live' && link.state !== 'polling'
        ? (link.message ?? '')
        : '')
    );
  }

  get isSearching(): boolean {
    return this._isSearching;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  open(): void {
    this._viewer ??= this._feed.open(true, 'header');
  }

  select(name: string): void {
    this._chosen = name;
    this._changed.emit();
    this._state?.save(CHOICE, name).catch((reason: unknown) => {
      console.error('The chosen connection could not be kept.', reason);
    });
  }

  async search(): Promise<void> {
    this.open();
    this._isSearching = true;
    this._problem = '';
    this._changed.emit();
    try {
      this._feed.replace(
        { connections: await this._client.searchConnections() },
        this._feed.place
      );
    } catch (reason) {
      this._problem = sentenceOf(reason); // the old connections stay
    }
    this._isSearching = false;
    this._changed.emit();
  }

  resolve(ref: ServiceRef): string | null | undefined {
    if (!this.isKnown) {
      return undefined;
    }
    const same = this.connections.filter(
      each => each.ref.fingerprint === ref.fingerprint
    );
    const named = same.find(each => each.name === ref.profile);
    if (named) {
      return named.name;
    }
    if (same.length === 1) {
      return same[0].name;
    }
    const chosen = this._elsewhere.get(placeOf(ref));
    return this.connections.find(each => each.name === chosen)?.name ?? null;
  }

  remember(ref: ServiceRef, name: string): void {
    this._elsewhere.set(placeOf(ref), name);
    this._changed.emit();
    this._state
      ?.save(KNOWN, Object.fromEntries(this._elsewhere))
      .catch((reason: unknown) => {
        console.error('The chosen connection could not be kept.', reason);
      });
  }

  private readonly _client: GatewayClient;
  private readonly _state: IStateDB | null;
  private readonly _feed: Feed<'connections'>;
  private readonly _changed = new Signal<this, void>(this);
  /** Names of connections by the place that documents name. */
  private readonly _elsewhere = new Map<string, string>();
  private _viewer: IViewer | null = null;
  private _chosen = '';
  private _problem = '';
  private _isSearching = false;
}

function placeOf(ref: ServiceRef): string {
  return `${ref.profile}\n${ref.fingerprint}`;
}

/** Options of the store. */
export namespace ConnectionsStore {
  export interface IOptions {
    readonly client: GatewayClient;
    readonly hub: WatchHub;
    /** Remembers the choice; null where the application keeps no state. */
    readonly state: IStateDB | null;
  }
}
