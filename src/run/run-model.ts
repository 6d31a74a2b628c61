import { Signal } from '@lumino/signaling';
import {
  isFinalRunState,
  type RunKey,
  type RunView,
  type SubscriptionDetail,
  type TaskFailure
} from 'jupyterlab-kfp-model';

import type { ILink, IViewer } from '../gateway/feed';
import { CellSide } from './cell-side';
import {
  NO_CHOICES,
  type ICellLine,
  type IRunChoices,
  type ISavedRun
} from './run-choices';
import { isSameEnd, RunPicture } from './run-picture';
import type { IRunStore } from './run-store';
import { wantedDetail } from './wanted-detail';

export type {
  Drift,
  ICellLine,
  IRunChoices,
  ISavedRun,
  RunTab
} from './run-choices';

/**
 * A run as one view shows it: the saved picture first, the live one as soon as it is there, and the reader's choices.
 */
export class RunModel extends CellSide {
  constructor(options: RunModel.IOptions) {
    super(options.lineInCell);
    this._saved = options.saved ?? null;
    this._choices = { ...NO_CHOICES, ...options.choices };
    this._isRow = options.isRow ?? false;
    if (options.store) {
      this.setStore(options.store);
    }
  }

  /** The newest picture there is; null when nothing was saved and nothing came yet. */
  get view(): RunView | null {
    const live = this._isLive ? this._store?.view : null;
    if (!live) {
      return this._saved?.view ?? null;
    }
    return this._picture.of(live, this._saved, this.isEndSaved);
  }

  /** What the document holds; null in a document of its own. */
  get saved(): ISavedRun | null {
    return this._saved;
  }

  /** Whether the picture is the saved one of a run that had not ended. */
  get isStale(): boolean {
    return (
      this._saved !== null &&
      !this._saved.final &&
      !(this._isLive && this._store?.view)
    );
  }

  /** When a run was seen that has not ended and that nobody looks at now; null while it is looked at, and once it has ended. UTC. */
  get lastSeen(): string | null {
    if (this.isFinal) {
      return null;
    }
    return this.isStale ? (this._saved?.observedAt ?? '') : this._detachedAt;
  }

  /** The moment that a picture is of which does not move any more, in milliseconds; null while it does, or will not. */
  get seenAt(): number | null {
    if (this.isFinal) {
      return null;
    }
    const { link } = this;
    const since =
      this.lastSeen ??
      (link && link.state !== 'live' && link.state !== 'polling'
        ? link.since
        : null);
    return since === null ? null : Date.parse(since) || 0;
  }

  /** How fresh the picture is; null when there is nothing to say, as for a run that ended. */
  get link(): ILink | null {
    if (this._blocked) {
      return this._blocked;
    }
    if (!this._viewer) {
      if (this._detachedAt !== null && !this.isFinal) {
        return { state: 'snapshot', since: this._detachedAt };
      }
      return this._saved && (this._isHeld || !this._saved.final)
        ? { state: 'snapshot', since: this._saved.observedAt }
        : null;
    }
    return this._store?.link ?? null;
  }

  /** The live side; null while nothing may be asked. */
  get store(): IRunStore | null {
    return this._store;
  }

  /** Whether nothing may be asked until the reader wants it, as in a document that nobody trusts: then an end that was saved is no proof. */
  get isHeld(): boolean {
    return this._isHeld;
  }
  set isHeld(isHeld: boolean) {
    if (this._isHeld !== isHeld) {
      this._isHeld = isHeld;
      this._changed.emit();
    }
  }

  /** Whether the model looks at the live run now. */
  get isWatching(): boolean {
    return this._viewer !== null;
  }

  /** Whether what is asked of the service now can reach it: the picture is live, or at most late. */
  get isReached(): boolean {
    const state = this.link?.state ?? 'live';
    return (
      this.isWatching &&
      !this.isStale &&
      (state === 'live' || state === 'polling' || state === 'stale')
    );
  }

  /** Whether the reader asked not to look at the live run any more. */
  get isDetachedByReader(): boolean {
    return this._detachedAt !== null;
  }

  /** Whether the run has ended, as far as is known. */
  get isFinal(): boolean {
    const view = this.view;
    return view !== null && isFinalRunState(view.run.state);
  }

  /** Whether the document holds the end of the run that is known now: a run that was retried has gone on since. */
  get isEndSaved(): boolean {
    const live = this._isLive ? this._store?.view : null;
    return (
      this._saved?.final === true &&
      (!live || isSameEnd(this._saved.view.run, live.run))
    );
  }

  /** The run as commands name it: by the connection it is reached through, else by the one it was saved with. */
  keyOf(view: RunView): RunKey {
    return {
      connection: this._store?.key.connection ?? view.run.connection.profile,
      run_id: view.run.run_id
    };
  }

  /** A sentence for the reader that answers what was just asked; empty when there is none. */
  get notice(): string {
    return this._notice;
  }
  set notice(notice: string) {
    this._notice = notice;
    this._changed.emit();
  }

  /** What the reader has chosen. */
  get choices(): IRunChoices {
    return this._choices;
  }

  /** Whether the model was thrown away. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Change some choices. */
  choose(choices: Partial<IRunChoices>): void {
    this._choices = { ...this._choices, ...choices };
    this._lookAgain();
    this._changed.emit();
  }

  /** Say whether the run of a table is opened to its whole view. */
  open(isOpen: boolean): void {
    this._isOpen = isOpen;
    this._lookAgain();
  }

  /** Put another saved picture in place, as after the notebook was changed from elsewhere. */
  setSaved(saved: ISavedRun): void {
    this._saved = saved;
    this._changed.emit();
  }

  /** Give the model its live side. */
  setStore(store: IRunStore): void {
    if (this._store === store) {
      return;
    }
    this.unwatch();
    this._store?.changed.disconnect(this._onStore, this);
    this._store = store;
    this._blocked = null;
    store.changed.connect(this._onStore, this);
    this._changed.emit();
  }

  /** Say why there is no live side. */
  block(link: ILink | null): void {
    this._blocked = link;
    this._changed.emit();
  }

  /** Look at the live run, or change how closely: what is not seen costs no more than its header. */
  watch(visible: boolean): void {
    if (!this._store || this._isDisposed) {
      return;
    }
    this._isSeen = visible;
    this._isLive = true;
    if (this._viewer) {
      this._lookAgain();
    } else {
      this._detail = this._wantedDetail();
      this._viewer = this._store.open(visible, this._detail);
      this._changed.emit();
    }
  }

  /** Stop to look until the reader asks for it again. */
  detach(): void {
    this._detachedAt = new Date().toISOString();
    this.unwatch();
  }

  /** Look again after `detach`. */
  reattach(): void {
    this._detachedAt = null;
    this.watch(true);
  }

  /** Stop to look; the last picture stays. */
  unwatch(): void {
    if (this._viewer) {
      this._viewer.dispose();
      this._viewer = null;
      this._isSeen = false;
      if (!this._isDisposed) {
        this._changed.emit();
      }
    }
  }

  /** Let go of everything. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.unwatch();
      this._store?.changed.disconnect(this._onStore, this);
      Signal.clearData(this);
    }
  }

  private _onStore(): void {
    if (this._store?.view) {
      this._picture.note(this._store.view);
    }
    this._lookAgain();
    this._changed.emit();
  }

  private _lookAgain(): void {
    if (this._viewer) {
      this._detail = this._wantedDetail();
      this._viewer.look(this._isSeen, this._detail);
    }
  }

  private _wantedDetail(): SubscriptionDetail {
    const run = (this._store?.view ?? this._saved?.view)?.run;
    const hasEnded = run !== undefined && isFinalRunState(run.state);
    return wantedDetail({
      isSeen: this._isSeen,
      isRow: this._isRow && !this._isOpen,
      choices: this._choices,
      hasEnded,
      isEndSaved: this.isEndSaved,
      known: this._viewer ? this._detail : 'header'
    });
  }

  private readonly _picture = new RunPicture();
  private _saved: ISavedRun | null;
  private _choices: IRunChoices;
  private _store: IRunStore | null = null;
  private _viewer: IViewer | null = null;
  private _blocked: ILink | null = null;
  private _notice = '';
  private readonly _isRow: boolean;
  private _detail: SubscriptionDetail = 'header';
  private _isSeen = false;
  private _isHeld = false;
  private _isOpen = false;
  private _isLive = false;
  /** UTC; since when the reader does not want to look. */
  private _detachedAt: string | null = null;
  private _isDisposed = false;
}

/** Options of the model. */
export namespace RunModel {
  export interface IOptions {
    readonly saved?: ISavedRun;
    readonly store?: IRunStore;
    readonly choices?: Partial<IRunChoices>;
    /** Whether the run is one of several in a table, where its header is enough until it is opened. */
    readonly isRow?: boolean;
    /** Finds the line of a failure in the notebook the view stands in. */
    readonly lineInCell?: (failure: TaskFailure) => ICellLine | null;
  }
}
