/** One subscription of one socket: knows how far its page is, and sends what is missing. */
import type {
  ServerFrame,
  SubscriptionDetail,
  WatchDetail
} from 'jupyterlab-kfp-model';

import { HIDDEN_PACE } from './cadence.ts';
import type { AnyWatcher } from './watcher-pool.ts';
import type { Viewer, WatchStatus } from './watched.ts';

/** The way to the page. */
export interface Wire {
  /** True while so much waits to be sent that nothing should be added. The owner calls back when that is over. */
  readonly isCongested: boolean;
  /** False while the page stands behind another one. The owner calls back when that changes. */
  readonly isSeen: boolean;
  /** Send a frame as JSON text. */
  sendText(text: string): void;
  send(frame: ServerFrame): void;
}

export class LiveSubscription implements Viewer {
  readonly id: number;
  private readonly _watcher: AnyWatcher;
  private readonly _wire: Wire;
  private readonly _now: () => number;
  private _visible: boolean;
  private _closeness: WatchDetail;
  /** Number of the newest picture that was sent; `undefined` = a snap is needed. */
  private _seq: number | undefined;
  /** Whether the page has any picture. */
  private _hasPicture = false;
  private _sentAt: number | undefined;
  /** The newest status where the page was not told. */
  private _untold: WatchStatus | undefined;
  private _hold: NodeJS.Timeout | undefined;
  private _isClosed = false;

  constructor(parts: {
    readonly id: number;
    readonly watcher: AnyWatcher;
    readonly wire: Wire;
    readonly now: () => number;
    readonly visible: boolean;
    readonly detail: WatchDetail;
    /** Where the page was before it lost its socket. */
    readonly place?: { readonly epoch: string; readonly seq: number };
  }) {
    this.id = parts.id;
    this._watcher = parts.watcher;
    this._wire = parts.wire;
    this._now = parts.now;
    this._visible = parts.visible;
    this._closeness = parts.detail;
    const { place } = parts;
    if (
      place !== undefined &&
      this._watcher.track(this.detail).resume(place.epoch, place.seq)
    ) {
      this._seq = place.seq;
      this._hasPicture = true;
    }
  }

  get visible(): boolean {
    return this._visible && this._wire.isSeen;
  }

  get detail(): SubscriptionDetail {
    return this._closeness === 'tasks' ? 'tasks' : 'header';
  }

  get wantsOnlyEnd(): boolean {
    return this._closeness === 'end';
  }

  open(): void {
    this._watcher.attach(this);
  }

  close(): void {
    this._isClosed = true;
    clearTimeout(this._hold);
    this._watcher.detach(this);
  }

  /** The page looks in another way; without `detail` that stays. */
  look(visible: boolean, detail: WatchDetail | undefined): void {
    const before = this.detail;
    this._visible = visible;
    this._closeness = detail ?? this._closeness;
    if (this.detail !== before) {
      this._seq = undefined;
    }
    this._lookAgain();
  }

  /** The page as a whole came into sight, or went out of it. */
  pageLooked(): void {
    if (this._untold !== undefined && this._wire.isSeen) {
      this.onStatus(this._untold);
    }
    this._lookAgain();
  }

  refresh(): void {
    this._watcher.refresh();
  }

  /** There is room on the wire again. Patches that would have been sent meanwhile are replaced by one snap. */
  drained(): void {
    this.onTrack();
  }

  onTrack(): void {
    const track = this._watcher.track(this.detail);
    if (this._isClosed || track.seq === 0 || this._seq === track.seq) {
      return;
    }
    if (this._wire.isCongested || this._mustWait()) {
      this._seq = undefined;
      return;
    }
    const patches =
      this._seq === undefined ? undefined : track.since(this._seq);
    if (patches === undefined) {
      this._sendSnap();
    } else if (!this._mustHold()) {
      for (const { seq, merge } of patches) {
        this._sendPatch(seq, merge);
      }
      this._sent(track.seq);
    }
  }

  onStatus(status: WatchStatus): void {
    this._untold = undefined;
    if (this._isClosed) {
      return;
    }
    if (status.kind === 'gone') {
      this._wire.send({ op: 'gone', sub: this.id, reason: status.reason });
    } else if (this._wire.isSeen) {
      const { kind: _kind, ...link } = status;
      this._wire.send({ op: 'link', sub: this.id, ...link });
    } else {
      this._untold = status;
    }
  }

  private _lookAgain(): void {
    clearTimeout(this._hold);
    this._hold = undefined;
    this.onTrack();
    this._watcher.viewerChanged();
  }

  private _sendSnap(): void {
    const snap = this._watcher.track(this.detail).snap();
    if (snap === undefined) {
      return;
    }
    this._wire.sendText(
      `{"op":"snap","sub":${this.id},"epoch":${JSON.stringify(snap.epoch)},"seq":${snap.seq},"view":${snap.view}}`
    );
    for (const { seq, merge } of snap.patches) {
      this._sendPatch(seq, merge);
    }
    this._sent(this._watcher.track(this.detail).seq);
  }

  private _sendPatch(seq: number, merge: string): void {
    this._wire.sendText(
      `{"op":"patch","sub":${this.id},"seq":${seq},"merge":${merge}}`
    );
  }

  private _sent(seq: number): void {
    this._seq = seq;
    this._hasPicture = true;
    this._sentAt = this._now();
  }

  /** What nobody draws is sent once, and again when it has ended; the rest comes as one picture when somebody looks. */
  private _mustWait(): boolean {
    return (
      (!this._wire.isSeen || this.wantsOnlyEnd) &&
      this._hasPicture &&
      !this._watcher.isFinal
    );
  }

  /** A page that does not show the picture gets what others caused to be seen at its own, slower pace. */
  private _mustHold(): boolean {
    if (this._visible || this._sentAt === undefined) {
      return false;
    }
    const rest = HIDDEN_PACE - Math.max(0, this._now() - this._sentAt);
    if (rest <= 0) {
      return false;
    }
    this._hold ??= setTimeout(() => {
      this._hold = undefined;
      this.onTrack();
    }, rest);
    return true;
  }
}
