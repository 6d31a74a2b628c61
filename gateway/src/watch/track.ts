/** The sequence of pictures of one watcher at one detail: the newest view, and the patches that led to it. */
import { randomUUID } from 'node:crypto';

import { diffMerge } from 'jupyterlab-kfp-model';

import { splitMerge, splitView } from './merge-parts.ts';

const MAX_PATCHES = 256;
/** Bytes. */
const MAX_RING = 1024 * 1024;

/** A patch as JSON text, made once for all subscribers. */
export interface TrackPatch {
  readonly seq: number;
  readonly merge: string;
}

/** What a subscriber without a usable place gets: a snap, then patches where the view is too large for one frame. */
export interface TrackSnap {
  /** Where the client resumes; see {@link Track.resume}. */
  readonly epoch: string;
  readonly seq: number;
  readonly view: string;
  readonly patches: readonly TrackPatch[];
}

export class Track<V extends object> {
  private readonly _epoch = randomUUID();
  private readonly _ring: TrackPatch[] = [];
  private _ringBytes = 0;
  private _seq = 0;
  private _view: V | undefined;
  private _snap: TrackSnap | undefined;

  /** Number of the newest view; 0 before the first. */
  get seq(): number {
    return this._seq;
  }

  get view(): V | undefined {
    return this._view;
  }

  /** Take a new view. Returns whether anything changed. */
  commit(view: V): boolean {
    if (this._view === undefined) {
      this._view = view;
      this._seq = 1;
      return true;
    }
    const merge = diffMerge(this._view, view);
    if (merge === undefined) {
      return false;
    }
    this._view = view;
    this._snap = undefined;
    for (const text of splitMerge(merge)) {
      this._seq += 1;
      this._ring.push({ seq: this._seq, merge: text });
      this._ringBytes += Buffer.byteLength(text);
    }
    while (this._ring.length > MAX_PATCHES || this._ringBytes > MAX_RING) {
      const oldest = this._ring.shift();
      if (oldest === undefined) {
        break;
      }
      this._ringBytes -= Buffer.byteLength(oldest.merge);
    }
    return true;
  }

  /** The patches after `seq`; `undefined` when they are not kept any more or the number is none of ours. */
  since(seq: number): readonly TrackPatch[] | undefined {
    if (seq === this._seq) {
      return [];
    }
    const oldest = this._ring[0];
    if (oldest === undefined || seq < oldest.seq - 1 || seq > this._seq) {
      return undefined;
    }
    return this._ring.slice(seq - oldest.seq + 1);
  }

  /** The newest view as frames; `undefined` before the first. */
  snap(): TrackSnap | undefined {
    if (this._view === undefined) {
      return undefined;
    }
    if (this._snap === undefined) {
      const { base, parts } = splitView(this._view);
      const first = this._seq - parts.length;
      this._snap = {
        // The numbers of the parts are no numbers of the ring: a client that got only some of them must not go on from there.
        epoch: parts.length === 0 ? this._epoch : `${this._epoch}~${this._seq}`,
        seq: first,
        view: base,
        patches: parts.map((merge, index) => ({
          seq: first + index + 1,
          merge
        }))
      };
    }
    return this._snap;
  }

  /**
   * Whether a client that names this place can go on with patches. An epoch with `~n` was handed out with a view in parts;
   * it is complete from number n on.
   */
  resume(epoch: string, seq: number): boolean {
    const [name, from = '1'] = epoch.split('~');
    return (
      name === this._epoch &&
      seq >= Number(from) &&
      this.since(seq) !== undefined
    );
  }
}
