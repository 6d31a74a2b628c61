/** Requests that are sent twice, as after an answer was lost, and must be done once. */

/** Milliseconds for which an answer is remembered, as long as the local service remembers the runs it made. */
const LIFETIME = 3_600_000;
/** Answers remembered at most; the oldest are forgotten first. */
const MOST = 1000;

/**
 * Does what a request asks for once per key: whoever sends the key again gets the first answer, also while that is still being made.
 *
 * #### Notes
 * A request that was refused did nothing, so its key is free again.
 */
export class Once<T> {
  private readonly _known = new Map<
    string,
    { readonly at: number; readonly answer: Promise<T> }
  >();
  private readonly _now: () => number;

  constructor(now: () => number = Date.now) {
    this._now = now;
  }

  /** Do it, unless the key was seen before; without a key do it always. */
  do(key: string | undefined, act: () => Promise<T>): Promise<T> {
    if (key === undefined) {
      return act();
    }
    this._forget();
    const known = this._known.get(key);
    if (known !== undefined) {
      return known.answer;
    }
    const answer = act();
    this._known.set(key, { at: this._now(), answer });
    answer.catch(() => this._known.delete(key));
    return answer;
  }

  /** Entries stand in the order of their age. */
  private _forget(): void {
    for (const [key, { at }] of this._known) {
      if (this._now() - at < LIFETIME && this._known.size < MOST) {
        return;
      }
      this._known.delete(key);
    }
  }
}
