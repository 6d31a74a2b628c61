/** What is watched, from where, and by whom. */
import type { LinkState, SubscriptionDetail } from 'jupyterlab-kfp-model';

/** Where a watched thing is read from. */
export interface Backend<V> {
  /** Two backends with the same identity are the same one. */
  readonly identity: unknown;
  fetch(detail: SubscriptionDetail): Promise<V>;
  /** Absent where the backend can only be polled. */
  readonly listen?: (listener: () => void) => () => void;
  /**
   * Be given pictures at detail `header` that came with looks at other things, as long as `isPolled` says so. Absent where nothing comes
   * along.
   */
  readonly share?: (
    isPolled: () => boolean,
    take: (view: V) => void
  ) => () => void;
}

/** What is watched. */
export interface WatchTarget<V extends object> {
  /** The backend of this moment; `undefined` when its connection is not known. */
  resolve(): Backend<V> | undefined;
  /** The view at detail `header`; absent for things without details. */
  readonly header?: (view: V) => V;
  /** True when the thing does not change by itself any more. */
  isFinal(view: V): boolean;
  /** When the thing was made, milliseconds since the epoch, where that makes it worth a closer look. */
  bornAt(view: V): number | undefined;
  /** Whether a missing thing is told as `gone`. */
  readonly canBeGone: boolean;
}

/** How the newest picture came about. */
export type WatchStatus =
  | {
      readonly kind: 'link';
      readonly state: LinkState;
      /** RFC 3339. For `stale` the time of the last good look, where there was one. */
      readonly since: string;
      /** Milliseconds to the next try. */
      readonly next_ms?: number;
      readonly code?: string;
      readonly message?: string;
    }
  | { readonly kind: 'gone'; readonly reason: 'deleted' | 'not-found' };

/** A subscriber of a watcher. */
export interface Viewer {
  readonly visible: boolean;
  readonly detail: SubscriptionDetail;
  /** Whether the viewer only wants to hear of the end. */
  readonly wantsOnlyEnd: boolean;
  /** The track of the viewer's detail may hold something new. */
  onTrack(): void;
  onStatus(status: WatchStatus): void;
}

/** What a watcher needs from its surroundings. */
export interface WatchSurroundings {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of errors that are no problems of a person or a service. */
  readonly report: (error: unknown) => void;
}
