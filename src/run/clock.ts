import { Poll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

/**
 * The second hand of a page: one for all views. It stands still while nobody reads it and while the page is hidden.
 */
export class Clock {
  constructor() {
    this._poll = new Poll({
      name: 'jupyterlab-kfp:Clock',
      auto: false,
      factory: async () => this._ticked.emit(Date.now()),
      frequency: { interval: 1000, backoff: false },
      standby: () => (this._readers > 0 ? 'when-hidden' : true)
    });
  }

  /** Emitted every second with the time in milliseconds. */
  get ticked(): ISignal<this, number> {
    return this._ticked;
  }

  /** Read the clock until the returned function is called. */
  read(onTick: (now: number) => void): () => void {
    const slot = (_: Clock, now: number): void => onTick(now);
    this._readers += 1;
    this._ticked.connect(slot);
    void this._poll.start();
    return () => {
      this._readers -= 1;
      this._ticked.disconnect(slot);
      if (this._readers === 0) {
        void this._poll.stop();
      }
    };
  }

  /** Stop for good. */
  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  private readonly _poll: Poll;
  private readonly _ticked = new Signal<this, number>(this);
  private _readers = 0;
}
