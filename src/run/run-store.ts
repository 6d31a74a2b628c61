import { Signal, type ISignal } from '@lumino/signaling';
import {
  isFinalRunState,
  type ArtifactInfo,
  type LogChunk,
  type LogStream,
  type LogTimes,
  type RunAction,
  type RunKey,
  type RunView,
  type VolumeFolder,
  type WatchDetail
} from 'jupyterlab-kfp-model';

import type {
  GatewayClient,
  ILogRange,
  IValueAddress
} from '../gateway/client';
import type { Feed, ILink, IViewer } from '../gateway/feed';
import { sentenceOf } from '../gateway/gateway-error';
import { RequestKey } from '../gateway/request-key';
import type { ILogAddress, LogFollower } from '../gateway/log-stream';
import type { WatchHub } from '../gateway/watch-hub';

/** What the views ask of the live side of a run. */
export interface IRunStore {
  /** Which run, and through which connection it is reached. */
  readonly key: RunKey;
  /** The newest picture; null until the first one came. */
  readonly view: RunView | null;
  /** How fresh the picture is; null until anything is known. */
  readonly link: ILink | null;
  /** The action that was sent and whose effect is not seen yet. */
  readonly acting: RunAction | null;
  /** What went wrong with the last action; empty when nothing did. */
  readonly problem: string;
  /** Emitted after anything above changed. */
  readonly changed: ISignal<IRunStore, void>;
  /** Begin to look; dispose the viewer to end it. */
  open(visible: boolean, detail: WatchDetail): IViewer;
  /** Ask the service now. */
  refresh(): void;
  /** Do something with the run on its service. Failures end up in `problem`. */
  act(action: RunAction): Promise<void>;
  /** Start a new run of the same pipeline with the same values and no cached result. Failures end up in `problem`. */
  rerunUncached(): Promise<RunKey | null>;
  /** Follow a log from a byte offset. */
  followLog(address: ILogAddress): LogFollower;
  /** Read a part of a log. */
  readLog(range: ILogRange): Promise<LogChunk>;
  /** When which part of a log was written. */
  logTimes(taskId: string, attempt: number): Promise<LogTimes>;
  /** Address of a whole log, for a download by the browser. */
  logDownloadUrl(taskId: string, attempt: number, stream: LogStream): string;
  /** All of a value of a task as JSON text; of an artifact its metadata. */
  value(address: IValueAddress): Promise<string>;
  /** Address of all of a value, for a download by the browser. */
  valueUrl(address: IValueAddress): string;
  /** What is known of an artifact without its bytes. */
  artifactInfo(artifactId: string): Promise<ArtifactInfo>;
  /** The bytes of an artifact, the first `limit` of them. */
  artifact(artifactId: string, limit: number): Promise<Blob>;
  /** Address of the bytes of an artifact, for a download by the browser. */
  artifactUrl(artifactId: string): string;
  /** The pipeline as it was submitted. */
  source(): Promise<{ text: string; digest: string }>;
  /** Volumes that are folders of this machine; none for a cluster. */
  volumeFolders(): Promise<readonly VolumeFolder[]>;
}

/**
 * One run of one connection, shared by every view of it in the page.
 */
export class RunStore implements IRunStore {
  constructor(options: RunStore.IOptions) {
    this.key = options.key;
    this._client = options.client;
    this._hub = options.hub;
    this._feed = options.hub.feed<'run'>({ kind: 'run', ref: options.key });
    this._feed.changed.connect(this._onFeed, this);
  }

  readonly key: RunKey;

  get view(): RunView | null {
    return this._feed.view;
  }

  get link(): ILink | null {
    return this._feed.link;
  }

  get acting(): RunAction | null {
    return this._acting;
  }

  get problem(): string {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Number of viewers that look now. */
  get viewers(): number {
    return this._viewers;
  }

  open(visible: boolean, detail: WatchDetail): IViewer {
    this._viewers += 1;
    const viewer = this._feed.open(visible, detail);
    let isOpen = true;
    return {
      get isDisposed(): boolean {
        return !isOpen;
      },
      look: (isVisible, closeness) => viewer.look(isVisible, closeness),
      dispose: () => {
        if (isOpen) {
          isOpen = false;
          this._viewers -= 1;
          viewer.dispose();
        }
      }
    };
  }

  refresh(): void {
    this._feed.refresh();
  }

  async act(action: RunAction): Promise<void> {
    if (this._acting === action) {
      return; // it is under way
    }
    this._acting = action;
    this._problem = '';
    this._stateWhenActed = stateOf(this.view);
    this._changed.emit();
    try {
      await this._keyOf(action).send(idempotency_key =>
        this._client.act(this.key, { action, idempotency_key })
      );
      this._feed.refresh();
    } catch (reason) {
      this._acting = null;
      this._problem = sentenceOf(reason);
      this._changed.emit();
      return;
    }
    if (action === 'archive' || action === 'unarchive' || !this._isWatched) {
      this._acting = null;
      this._changed.emit();
    }
  }

  rerunUncached(): Promise<RunKey | null> {
    this._rerunning ??= this._rerun().finally(() => {
      this._rerunning = null;
    });
    return this._rerunning;
  }

  followLog(address: ILogAddress): LogFollower {
    return this._hub.followLog(this._feed, address);
  }

  readLog(range: ILogRange): Promise<LogChunk> {
    return this._client.log(this.key, range);
  }

  logTimes(taskId: string, attempt: number): Promise<LogTimes> {
    return this._client.logTimes(this.key, taskId, attempt);
  }

  logDownloadUrl(taskId: string, attempt: number, stream: LogStream): string {
    return this._client.logDownloadUrl(this.key, taskId, attempt, stream);
  }

  value(address: IValueAddress): Promise<string> {
    return this._client.value(this.key, address);
  }

  valueUrl(address: IValueAddress): string {
    return this._client.valueUrl(this.key, address);
  }

  artifactInfo(artifactId: string): Promise<ArtifactInfo> {
    return this._client.artifactInfo(this.key, artifactId);
  }

  artifact(artifactId: string, limit: number): Promise<Blob> {
    return this._client.artifact(this.key, artifactId, limit);
  }

  volumeFolders(): Promise<readonly VolumeFolder[]> {
    return this._client.volumeFolders(this.key.connection);
  }

  artifactUrl(artifactId: string): string {
    return this._client.artifactUrl(this.key, artifactId);
  }

  source(): Promise<{ text: string; digest: string }> {
    return this._client.source(this.key);
  }

  private get _isWatched(): boolean {
    return this._viewers > 0;
  }

  private async _rerun(): Promise<RunKey | null> {
    this._acting = 'rerun';
    this._problem = '';
    this._changed.emit();
    try {
      const { rerunUncached } = await import('./rerun');
      return await rerunUncached(
        this._client,
        this.key,
        this.view?.run,
        this._keyOf('rerun')
      );
    } catch (reason) {
      this._problem = sentenceOf(reason);
      return null;
    } finally {
      this._acting = null;
      this._changed.emit();
    }
  }

  private _keyOf(action: RunAction): RequestKey {
    let key = this._keys.get(action);
    if (!key) {
      key = new RequestKey();
      this._keys.set(action, key);
    }
    return key;
  }

  private _onFeed(): void {
    const state = this.view?.run.state;
    if (this._acting && state && stateOf(this.view) !== this._stateWhenActed) {
      this._acting = null; // its effect is seen
    } else if (
      this._acting === 'terminate' &&
      state &&
      isFinalRunState(state)
    ) {
      this._acting = null;
    }
    this._changed.emit();
  }

  private readonly _client: GatewayClient;
  private readonly _hub: WatchHub;
  private readonly _feed: Feed<'run'>;
  private readonly _changed = new Signal<this, void>(this);
  private _viewers = 0;
  private _acting: RunAction | null = null;
  private _problem = '';
  private _stateWhenActed: string | null = null;
  private _rerunning: Promise<RunKey | null> | null = null;
  private readonly _keys = new Map<RunAction, RequestKey>();
}

// a run that was tried again and failed again at once is not the one it was
function stateOf(view: RunView | null): string | null {
  return view && `${view.run.state} ${view.run.finished_at ?? ''}`;
}

/** Options of a store. */
export namespace RunStore {
  export interface IOptions {
    readonly key: RunKey;
    readonly client: GatewayClient;
    readonly hub: WatchHub;
  }
}
