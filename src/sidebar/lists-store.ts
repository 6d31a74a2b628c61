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
import { readRunFilter, type IRunFilter } from './run-filter';

/** Milliseconds after the last letter of the filter. */
const PATIENCE = 250;

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

  /** Those that the filter lets through, newest first; what was pushed stands before what was read. */
  get runs(): readonly RunSummary[] {
    const pushed = this._feed?.view?.runs ?? this._before;
    const known = new Set(pushed.map(run => run.run_id));
    return [
      ...pushed,
      ...this._older.filter(run => !known.has(run.run_id))
    ].filter(run => this._filter.matches(run));
  }

  /** Whether the answer to the filter is known. */
  get isKnown(): boolean {
    return (this._feed?.view ?? null) !== null;
  }

  /** The words that choose the runs. */
  get words(): string {
    return this._words;
  }

  /** What these words ask for. */
  get filter(): IRunFilter {
    return this._filter;
  }

  /** How many runs of the service the filter has looked at here, where it cannot look at all. */
  get looked(): number {
    return (this._feed?.view?.runs.length ?? 0) + this._older.length;
  }

  /** Choose the runs to show; the service is asked when nothing more is typed. */
  search(words: string): void {
    this._words = words;
    const next = readRunFilter(words, Date.now());
    const isSame =
      JSON.stringify(next.filter) === JSON.stringify(this._filter.filter);
    this._filter = isSame ? { ...next, filter: this._filter.filter } : next;
    window.clearTimeout(this._timer);
    if (!isSame) {
      // what is here already is shown at once, as far as it matches
      this._timer = window.setTimeout(() => this._follow(), PATIENCE);
    }
    this._changed.emit();
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
    const feed = this._feed;
    if (!connection || !token) {
      return;
    }
    try {
      const page: RunsPage = await this._client.runs(
        {
          connection: connection.name,
          page_size: this._pageSize,
          filter: this._filter.filter
        },
        token
      );
      if (feed !== this._feed) {
        return; // the answer to an older question
      }
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
      this._feed?.changed.disconnect(this._onFeed, this);
      this._feed = null;
      this._before = [];
      this._older = [];
      this._pipelines = null;
      this._follow();
      void this.refreshPipelines();
    }
    this._changed.emit();
  }

  /** Have the runs pushed that the filter chooses; those before stay until they come. */
  private _follow(): void {
    window.clearTimeout(this._timer);
    if (!this._shown) {
      return;
    }
    this._before = [
      ...(this._feed?.view?.runs ?? this._before),
      ...this._older
    ];
    this._viewer?.dispose();
    this._feed?.changed.disconnect(this._onFeed, this);
    this._older = [];
    this._nextPage = null;
    this._feed = this._hub.feed<'runs'>({
      kind: 'runs',
      ref: {
        connection: this._shown,
        page_size: this._pageSize,
        filter: this._filter.filter
      }
    });
    this._feed.changed.connect(this._onFeed, this);
    this._viewer = this._feed.open(this._isVisible, 'header');
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
  private _words = '';
  private _filter = readRunFilter('', Date.now());
  private _before: readonly RunSummary[] = [];
  private _timer = 0;
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
