import { Signal, type ISignal } from '@lumino/signaling';
import type {
  PipelineSummary,
  RunsPage,
  RunSummary
} from 'jupyterlab-kfp-model';

import type { IConnectionsStore } from '../connections/connections-store';
import type { GatewayClient } from '../gateway/client';
import type { Feed, ILink, IViewer } from '../gateway/feed';
import { sentenceOf } from '../gateway/gateway-error';
import type { WatchHub } from '../gateway/watch-hub';

/**
 * The runs and pipelines of the chosen connection. The first page of runs is pushed, older pages are read on demand.
 */
export class ListsStore {
  constructor(options: ListsStore.IOptions) {
    this._client = options.client;
    this._hub = options.hub;
    this._connections = options.connections;
    this._pageSize = options.pageSize;
    this._connections.changed.connect(this._onConnections, this);
  }

  /** Newest first; what was pushed stands before what was read. */
  get runs(): readonly RunSummary[] {
    const pushed = this._feed?.view?.runs ?? [];
    const known = new Set(pushed.map(run => run.run_id));
    return [...pushed, ...this._older.filter(run => !known.has(run.run_id))];
  }

  /** Whether the runs are known at all. */
  get isKnown(): boolean {
    return (this._feed?.view ?? null) !== null;
  }

  /** How fresh the runs are; null until known. */
  get link(): ILink | null {
    return this._feed?.link ?? null;
  }

  /** Whether the service has older runs than those shown. */
  get hasOlder(): boolean {
    return (this._nextPage ?? this._feed?.view?.next_page_token ?? '') !== '';
  }

  /** The pipelines; null until known. */
  get pipelines(): readonly PipelineSummary[] | null {
    return this._pipelines;
  }

  /** What went wrong with reading; empty when nothing did. */
  get problem(): string {
    return this._problem;
  }

  /** Emitted after anything above changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Say whether the lists are on screen. */
  look(visible: boolean): void {
    const isFirst = visible && !this._isVisible;
    this._isVisible = visible;
    if (visible) {
      this._connections.open();
    }
    this._viewer?.look(visible, 'header');
    this._onConnections();
    if (isFirst && this._pipelines === null) {
      void this.refreshPipelines();
    }
  }

  /** Ask the service now. */
  async refresh(): Promise<void> {
    this._feed?.refresh();
    await this.refreshPipelines();
  }

  /** Read the page of runs after the last one. */
  async loadOlder(): Promise<void> {
    const connection = this._connections.current;
    const token = this._nextPage ?? this._feed?.view?.next_page_token;
    if (!connection || !token) {
      return;
    }
    try {
      const page: RunsPage = await this._client.runs(
        { connection: connection.name, page_size: this._pageSize },
        token
      );
      this._older = [...this._older, ...page.runs];
      this._nextPage = page.next_page_token ?? '';
      this._problem = '';
    } catch (reason) {
      this._problem = sentenceOf(reason); // what is shown stays
    }
    this._changed.emit();
  }

  /** Read the pipelines again. */
  async refreshPipelines(): Promise<void> {
    const connection = this._connections.current;
    if (!connection) {
      return;
    }
    try {
      const page = await this._client.pipelines(
        connection.name,
        connection.ref.namespace
      );
      if (this._connections.current?.name === connection.name) {
        this._pipelines = page.pipelines;
        this._problem = '';
      }
    } catch (reason) {
      this._problem = sentenceOf(reason); // the old list stays
    }
    this._changed.emit();
  }

  private _onConnections(): void {
    const name = this._connections.current?.name ?? '';
    if (name !== this._shown && this._isVisible && name) {
      this._shown = name;
      this._viewer?.dispose();
      this._feed?.changed.disconnect(this._onFeed, this);
      this._older = [];
      this._nextPage = null;
      this._pipelines = null;
      this._feed = this._hub.feed<'runs'>({
        kind: 'runs',
        ref: { connection: name, page_size: this._pageSize }
      });
      this._feed.changed.connect(this._onFeed, this);
      this._viewer = this._feed.open(true, 'header');
      void this.refreshPipelines();
    }
    this._changed.emit();
  }

  // what nobody sees is told when somebody looks again
  private _onFeed(): void {
    if (this._isVisible) {
      this._changed.emit();
    }
  }

  private readonly _client: GatewayClient;
  private readonly _hub: WatchHub;
  private readonly _connections: IConnectionsStore;
  private readonly _pageSize: number;
  private readonly _changed = new Signal<this, void>(this);
  private _feed: Feed<'runs'> | null = null;
  private _viewer: IViewer | null = null;
  private _isVisible = false;
  private _shown = '';
  private _older: readonly RunSummary[] = [];
  private _nextPage: string | null = null;
  private _pipelines: readonly PipelineSummary[] | null = null;
  private _problem = '';
}

/** Options of the store. */
export namespace ListsStore {
  export interface IOptions {
    readonly client: GatewayClient;
    readonly hub: WatchHub;
    readonly connections: IConnectionsStore;
    /** Runs read at once. */
    readonly pageSize: number;
  }
}
