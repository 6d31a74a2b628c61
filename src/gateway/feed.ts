import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import {
  applyMerge,
  type LinkState,
  type ServerFrame,
  type Subscription,
  type SubscriptionViews,
  type WatchDetail
} from 'jupyterlab-kfp-model';

/** How fresh a picture is, and since when. */
export interface ILink {
  readonly state: LinkState;
  /** UTC. */
  readonly since: string;
  readonly code?: string;
  readonly message?: string;
}

/** Who looks at a feed, and how closely. */
export interface IViewer extends IDisposable {
  /** Say whether the viewer is on screen and how much it draws. */
  look(visible: boolean, detail: WatchDetail): void;
}

/** What a feed asks of the one who owns the wire. */
export interface IFeedWire {
  subscribe(feed: AnyFeed): void;
  look(feed: AnyFeed): void;
  refresh(feed: AnyFeed): void;
  release(feed: AnyFeed): void;
}

/** A feed of any kind. */
export type AnyFeed = Feed<keyof SubscriptionViews>;

/**
 * One subscription: the newest picture, its place in the sequence and its link state, shared by any number of viewers.
 *
 * #### Notes
 * The feed lives as long as it has viewers. It survives the socket: `epoch` and `seq` let the gateway send only what is missing.
 */
export class Feed<K extends keyof SubscriptionViews> {
  constructor(options: Feed.IOptions) {
    this.id = options.id;
    this.subscription = options.subscription;
    this._wire = options.wire;
  }

  /** Number of the subscription in the page. */
  readonly id: number;
  /** What is watched. */
  readonly subscription: Subscription;

  /** The newest picture; null until the first one came. */
  get view(): SubscriptionViews[K] | null {
    return this._view;
  }

  /** How fresh the picture is; null until anything is known. */
  get link(): ILink | null {
    return this._link;
  }

  /** Place to resume at; undefined before the first picture. */
  get place(): { readonly epoch: string; readonly seq: number } | undefined {
    return this._place;
  }

  /** Whether any viewer is on screen. */
  get visible(): boolean {
    return [...this._viewers.values()].some(viewer => viewer.visible);
  }

  /** The closest look of all viewers. */
  get detail(): WatchDetail {
    const details = [...this._viewers.values()].map(viewer => viewer.detail);
    return (
      (['tasks', 'header'] as const).find(each => details.includes(each)) ??
      'end'
    );
  }

  /** Emitted after the picture or the link changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Begin to look; the first viewer subscribes, the last one to leave ends the subscription. */
  open(visible: boolean, detail: WatchDetail): IViewer {
    const key = Symbol('viewer');
    const isFirst = this._viewers.size === 0;
    this._viewers.set(key, { visible, detail });
    if (isFirst) {
      this._wire.subscribe(this);
    } else {
      this._wire.look(this);
    }
    const disposable = new DisposableDelegate(() => {
      this._viewers.delete(key);
      if (this._viewers.size === 0) {
        this._wire.release(this);
      } else {
        this._wire.look(this);
      }
    });
    return Object.assign(disposable, {
      look: (isVisible: boolean, closeness: WatchDetail) => {
        const known = this._viewers.get(key);
        if (
          known &&
          (known.visible !== isVisible || known.detail !== closeness)
        ) {
          this._viewers.set(key, { visible: isVisible, detail: closeness });
          this._wire.look(this);
        }
      }
    });
  }

  /** Ask the gateway to look at the service now. */
  refresh(): void {
    this._wire.refresh(this);
  }

  /**
   * Take a frame of the socket.
   *
   * @returns false when patches are missing and the feed must subscribe again.
   */
  take(frame: ServerFrame): boolean {
    switch (frame.op) {
      case 'snap':
        this.replace(frame.view as SubscriptionViews[K], {
          epoch: frame.epoch,
          seq: frame.seq
        });
        return true;
      case 'patch': {
        if (!this._place || !this._view || frame.seq > this._place.seq + 1) {
          return false;
        }
        if (frame.seq <= this._place.seq) {
          return true; // told twice, as after a resume
        }
        this._view = applyMerge(this._view, frame.merge);
        this._place = { epoch: this._place.epoch, seq: frame.seq };
        this._changed.emit();
        return true;
      }
      case 'link':
        this.setLink(frame);
        return true;
      case 'gone':
        this.setLink({
          state: frame.reason === 'no-access' ? 'no-access' : 'not-found',
          since: new Date().toISOString(),
          code: frame.reason
        });
        return true;
      case 'err':
        this.setLink({
          state: linkOfCode(frame.code),
          since: new Date().toISOString(),
          code: frame.code,
          message: frame.message
        });
        return true;
      default:
        return true;
    }
  }

  /** Put a whole picture in place of the old one. */
  replace(
    view: SubscriptionViews[K],
    place?: { epoch: string; seq: number }
  ): void {
    this._view = view;
    this._place = place;
    if (this._link === null || this._link.state === 'offline') {
      this._link = { state: 'live', since: new Date().toISOString() };
    }
    this._changed.emit();
  }

  /** Set how fresh the picture is. */
  setLink(link: ILink): void {
    const same =
      this._link?.state === link.state &&
      this._link.since === link.since &&
      this._link.message === link.message;
    if (!same) {
      this._link = {
        state: link.state,
        since: link.since,
        ...(link.code ? { code: link.code } : {}),
        ...(link.message ? { message: link.message } : {})
      };
      this._changed.emit();
    }
  }

  /** Forget the place in the sequence, so that the next subscription gets a whole picture. */
  forgetPlace(): void {
    this._place = undefined;
  }

  private readonly _wire: IFeedWire;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _viewers = new Map<
    symbol,
    { readonly visible: boolean; readonly detail: WatchDetail }
  >();
  private _view: SubscriptionViews[K] | null = null;
  private _link: ILink | null = null;
  private _place: { readonly epoch: string; readonly seq: number } | undefined;
}

/** Options of a feed. */
export namespace Feed {
  export interface IOptions {
    readonly id: number;
    readonly subscription: Subscription;
    readonly wire: IFeedWire;
  }
}

/** The link state that an error code of the gateway means for a view. */
export function linkOfCode(code: string): LinkState {
  switch (code) {
    case 'auth-missing':
    case 'auth-expired':
    case 'server-sign-in':
      return 'sign-in';
    case 'auth-denied':
    case 'no-access':
      return 'no-access';
    case 'not-found':
    case 'deleted':
      return 'not-found';
    case 'conn-unknown':
    case 'unknown-connection':
      return 'unknown-connection';
    case 'gateway-absent':
    case 'server-missing':
    case 'gateway-node':
      return 'offline';
    default:
      return 'stale';
  }
}
