/** Watches one thing for any number of viewers: looks when told or by the clock, and keeps the sequence of pictures. */
import type { LinkState, SubscriptionDetail } from 'jupyterlab-kfp-model';

import { backoff, pauseIn, type Attention } from './cadence.ts';
import { asProblem, linkOf } from './link-of-problem.ts';
import { linkSince, type LinkDetails } from './link-since.ts';
import type { Track } from './track.ts';
import { Tracks } from './tracks.ts';
import type {
  Backend,
  Viewer,
  WatchStatus,
  WatchSurroundings,
  WatchTarget
} from './watched.ts';

/** How long a watcher without viewers keeps its sequence, for pages that lost their socket. Milliseconds. */
export const GRACE = 120_000;

export class Watcher<V extends object> {
  private readonly _target: WatchTarget<V>;
  private readonly _surroundings: WatchSurroundings;
  private readonly _onExpired: () => void;
  private readonly _viewers = new Set<Viewer>();
  private readonly _tracks: Tracks<V>;
  private _backend: Backend<V> | undefined;
  private _unlisten: (() => void) | undefined;
  private _unshare: (() => void) | undefined;
  private _status: WatchStatus | undefined;
  private _newest: V | undefined;
  private _wanted: 'no' | 'soon' | 'now' = 'no';
  private _looking: SubscriptionDetail | undefined;
  private _lookedAt: number | undefined;
  private _goodAt: number | undefined;
  private _askedAt: number | undefined;
  private _failures = 0;
  private _retryAfter = 0;
  private _timer: NodeJS.Timeout | undefined;
  private _grace: NodeJS.Timeout | undefined;
  private _isDisposed = false;

  constructor(
    target: WatchTarget<V>,
    surroundings: WatchSurroundings,
    onExpired: () => void
  ) {
    this._target = target;
    this._tracks = new Tracks<V>(target.header);
    this._surroundings = surroundings;
    this._onExpired = onExpired;
  }

  /** The sequence of pictures that a viewer of this detail reads. */
  track(detail: SubscriptionDetail): Track<V> {
    return this._tracks.of(detail);
  }

  /** Begin to watch for a viewer. It is told what is known, and the thing is looked at anew. */
  attach(viewer: Viewer): void {
    if (this._isDisposed) {
      return;
    }
    clearTimeout(this._grace);
    this._viewers.add(viewer);
    viewer.onTrack();
    if (this._status !== undefined) {
      viewer.onStatus(this._status);
    }
    this._want('soon');
  }

  detach(viewer: Viewer): void {
    if (!this._viewers.delete(viewer) || this._isDisposed) {
      return;
    }
    if (this._viewers.size > 0) {
      this._plan();
      return;
    }
    clearTimeout(this._timer);
    this._disconnect();
    // Pictures go on being right only while somebody looks; until then the sequence alone is kept.
    this._grace = setTimeout(this._onExpired, GRACE);
  }

  /** A viewer looks closer, less close, or not any more. */
  viewerChanged(): void {
    const lacksTasks =
      this._detail() === 'tasks' &&
      this._looking !== 'tasks' &&
      this.track('tasks').seq === 0;
    if (lacksTasks) {
      this._want('now');
    } else if (this._attention() === 'visible') {
      this._want('soon');
    } else {
      this._plan(); // nobody waits for a look, only the time of the next one is another
    }
  }

  /** Whether the thing does not change by itself any more, as far as is known. */
  get isFinal(): boolean {
    return this._newest !== undefined && this._target.isFinal(this._newest);
  }

  /** Look now, because a person asks or acted. */
  refresh(): void {
    this._askedAt = this._surroundings.now();
    this._want('now');
  }

  /** The connections changed: the backend may be another one now. */
  reconsider(): void {
    if (
      this._viewers.size > 0 &&
      this._target.resolve()?.identity !== this._backend?.identity
    ) {
      this._want('now');
    }
  }

  /** Stop for good. */
  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    clearTimeout(this._grace);
    this._viewers.clear();
    this._disconnect();
  }

  private _want(when: 'soon' | 'now'): void {
    if (this._wanted !== 'now') {
      this._wanted = when;
    }
    this._plan();
  }

  /** Set the one timer to the next look. */
  private _plan(): void {
    clearTimeout(this._timer);
    if (
      this._isDisposed ||
      this._viewers.size === 0 ||
      this._looking !== undefined
    ) {
      return;
    }
    const pause = this._pause();
    if (pause === undefined) {
      return;
    }
    // Counted from the last look, but never longer than the pause itself: clocks jump.
    const passed =
      this._lookedAt === undefined
        ? pause
        : Math.max(0, this._surroundings.now() - this._lookedAt);
    this._timer = setTimeout(
      () => void this._look(),
      Math.max(0, pause - passed)
    );
  }

  /** Milliseconds between the last look and the next one; `undefined` when none is due. */
  private _pause(): number | undefined {
    const newest = this._newest;
    const since = Math.max(
      this._askedAt ?? 0,
      (newest && this._target.bornAt(newest)) ?? 0
    );
    return pauseIn({
      attention: this._attention(),
      wanted: this._wanted,
      ...(this._failures > 0 ? { retryAfter: this._retryAfter } : {}),
      isPolled:
        this._backend !== undefined &&
        this._unlisten === undefined &&
        this._status?.kind !== 'gone' &&
        newest !== undefined &&
        !this.isFinal,
      age: Math.max(0, this._surroundings.now() - since)
    });
  }

  private async _look(): Promise<void> {
    this._wanted = 'no';
    const backend = this._connect();
    if (backend === undefined) {
      this._failures = 0;
      this._setLink('unknown-connection', {
        code: 'conn-unknown',
        message: 'This connection is not known here.'
      });
      return;
    }
    const detail = this._detail();
    this._looking = detail;
    let outcome: { readonly view: V } | { readonly error: unknown };
    try {
      outcome = { view: await backend.fetch(detail) };
    } catch (error) {
      outcome = { error };
    }
    this._looking = undefined;
    if (this._isDisposed) {
      return;
    }
    this._lookedAt = this._surroundings.now();
    if (
      this._viewers.size > 0 &&
      backend.identity !== this._backend?.identity
    ) {
      this._wanted = 'now';
    } else if ('view' in outcome) {
      this._succeed(outcome.view, detail);
    } else {
      this._fail(outcome.error);
    }
    if (this._detail() === 'tasks' && detail === 'header') {
      this._wanted = 'now';
    }
    this._plan();
  }

  /** A look at something else brought this along: it counts as one of ours. */
  private _takeShared(view: V): void {
    if (!this._isDisposed && this._looking === undefined) {
      this._wanted = 'no';
      this._lookedAt = this._surroundings.now();
      this._succeed(view, 'header');
      this._plan();
    }
  }

  private _succeed(view: V, detail: SubscriptionDetail): void {
    this._failures = 0;
    this._goodAt = this._lookedAt;
    this._newest = view;
    this._tracks.commit(view, detail, this._detail());
    for (const viewer of [...this._viewers]) {
      viewer.onTrack();
    }
    this._setLink('live');
  }

  private _fail(error: unknown): void {
    const problem = asProblem(error, this._surroundings.report);
    if (problem.code === 'not-found' && this._target.canBeGone) {
      this._failures = 0;
      this._setStatus({
        kind: 'gone',
        reason: this._newest === undefined ? 'not-found' : 'deleted'
      });
      return;
    }
    this._failures += 1;
    this._retryAfter = backoff(this._failures);
    this._setLink(linkOf(problem.code), {
      next_ms: this._retryAfter,
      code: problem.code,
      message: problem.message
    });
  }

  private _setLink(state: LinkState, details: LinkDetails = {}): void {
    this._setStatus(
      linkSince(this._status, state, details, {
        now: this._surroundings.now(),
        goodAt: this._goodAt
      })
    );
  }

  private _setStatus(status: WatchStatus): void {
    if (JSON.stringify(status) === JSON.stringify(this._status)) {
      return;
    }
    this._status = status;
    for (const viewer of [...this._viewers]) {
      viewer.onStatus(status);
    }
  }

  /** Resolve the backend of this moment and listen to it. */
  private _connect(): Backend<V> | undefined {
    const backend = this._target.resolve();
    if (backend?.identity !== this._backend?.identity) {
      this._disconnect();
      this._backend = backend;
      this._unlisten = backend?.listen?.(() => this._want('soon'));
      this._unshare = backend?.share?.(
        () => this._detail() === 'header' && !this.isFinal,
        view => this._takeShared(view)
      );
    }
    return backend;
  }

  private _disconnect(): void {
    this._unlisten?.();
    this._unlisten = undefined;
    this._unshare?.();
    this._unshare = undefined;
    this._backend = undefined;
  }

  private _attention(): Attention {
    const viewers = [...this._viewers];
    if (viewers.some(viewer => viewer.visible)) {
      return 'visible';
    }
    return viewers.every(viewer => viewer.wantsOnlyEnd) ? 'end' : 'hidden';
  }

  private _detail(): SubscriptionDetail {
    return this._target.header === undefined ||
      [...this._viewers].some(viewer => viewer.detail === 'tasks')
      ? 'tasks'
      : 'header';
  }
}
