/** The sequences of pictures of one watcher: one for each detail. */
import type { SubscriptionDetail } from 'jupyterlab-kfp-model';

import { Track } from './track.ts';

export class Tracks<V extends object> {
  private readonly _header: ((view: V) => V) | undefined;
  private readonly _tracks = new Map<SubscriptionDetail, Track<V>>();

  /** @param header - the view at detail `header`; absent for things without details */
  constructor(header: ((view: V) => V) | undefined) {
    this._header = header;
  }

  /** The sequence that a viewer of this detail reads. */
  of(detail: SubscriptionDetail): Track<V> {
    const key = this._header === undefined ? 'tasks' : detail;
    let track = this._tracks.get(key);
    if (track === undefined) {
      track = new Track<V>();
      this._tracks.set(key, track);
    }
    return track;
  }

  /** Take a new view of this detail; `wanted` is the closest detail that anybody reads. */
  commit(
    view: V,
    detail: SubscriptionDetail,
    wanted: SubscriptionDetail
  ): void {
    if (this._header === undefined) {
      this.of('tasks').commit(view);
      return;
    }
    this.of('header').commit(this._header(view));
    if (detail === 'tasks') {
      this.of('tasks').commit(view);
    } else if (wanted === 'header') {
      // Nobody reads it, and it falls behind from here on.
      this._tracks.delete('tasks');
    }
  }
}
