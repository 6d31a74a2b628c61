/**
 * What happens when somebody deletes the data folder under a running service: its runs are stopped, so that no process is left
 * without a record, and then the service says that it is lost.
 */

/** Milliseconds between looks. */
const PERIOD = 1000;
/** Milliseconds after which the service is given up although a run has not ended. */
const PATIENCE = 15_000;

export interface FolderWatchOptions {
  readonly isGone: () => boolean;
  readonly isActive: () => boolean;
  readonly stopAll: () => void;
  /** Told once, when the runs have ended. */
  readonly gone: () => void;
}

export class FolderWatch {
  private readonly _options: FolderWatchOptions;
  private _timer: NodeJS.Timeout | undefined;
  private _goneFor = 0;

  constructor(options: FolderWatchOptions) {
    this._options = options;
  }

  start(): void {
    this._timer = setInterval(() => this.look(), PERIOD);
    this._timer.unref();
  }

  /** Look once. */
  look(): void {
    if (!this._options.isGone()) {
      return;
    }
    if (this._goneFor === 0) {
      this._options.stopAll();
    }
    this._goneFor += PERIOD;
    if (!this._options.isActive() || this._goneFor > PATIENCE) {
      this.close();
      this._options.gone();
    }
  }

  close(): void {
    clearInterval(this._timer);
  }
}
