import { Signal, type ISignal } from '@lumino/signaling';

import { isPageSeen } from '../page-sight';

/** Milliseconds between two ticks. */
const STEP = 1000;

/**
 * The second hand of a page: one for all views. It stands still, without a timer, while nobody reads it and while nobody can see the
 * page.
 */
export class Clock {
  constructor() {
    document.addEventListener('visibilitychange', this._onSight);
  }

  /** Emitted every second with the time in milliseconds, and at once when the page is seen again. */
  get ticked(): ISignal<this, number> {
    return this._ticked;
  }

  /** Read the clock until the returned function is called. */
  read(onTick: (now: number) => void): () => void {
    const slot = (_: Clock, now: number): void => onTick(now);
    this._readers += 1;
    this._ticked.connect(slot);
    this._goOrStand();
    return () => {
      this._readers -= 1;
      this._ticked.disconnect(slot);
      this._goOrStand();
    };
  }

  /** Stop for good. */
  dispose(): void {
    document.removeEventListener('visibilitychange', this._onSight);
    this._readers = 0;
    this._goOrStand();
    Signal.clearData(this);
  }

  private _goOrStand(): void {
    const mayGo = this._readers > 0 && isPageSeen();
    if (mayGo && this._timer === 0) {
      this._timer = window.setInterval(() => this._tick(), STEP);
    } else if (!mayGo) {
      window.clearInterval(this._timer);
      this._timer = 0;
    }
  }

  private _tick(): void {
    this._ticked.emit(Date.now());
  }

  private readonly _onSight = (): void => {
    this._goOrStand();
    if (this._timer !== 0) {
      this._tick();
    }
  };

  private readonly _ticked = new Signal<this, number>(this);
  private _readers = 0;
  private _timer = 0;
}
