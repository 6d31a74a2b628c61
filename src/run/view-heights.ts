import type { IStateDB } from '@jupyterlab/statedb';

import type { IHeights } from './environment';

/** Where the heights stand in the state database. */
const KEY = 'jupyterlab-kfp:heights';
/** Runs whose height is remembered. */
const KEPT = 200;
/** Milliseconds after the last drag before it is written. */
const PATIENCE = 500;

/** Heights of the bodies of runs by run id, in the state database of the user and never in a notebook. */
export class ViewHeights implements IHeights {
  constructor(database: IStateDB | null) {
    this._database = database;
    this._ready = this._load();
  }

  /** Settled when what was kept has been read. */
  get ready(): Promise<void> {
    return this._ready;
  }

  get(runId: string): number {
    return this._heights.get(runId) ?? 0;
  }

  set(runId: string, height: number): void {
    this._heights.delete(runId); // the newest stands last
    this._heights.set(runId, height);
    for (const oldest of this._heights.keys()) {
      if (this._heights.size <= KEPT) {
        break;
      }
      this._heights.delete(oldest);
    }
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => {
      this._database
        ?.save(KEY, Object.fromEntries(this._heights))
        .catch((reason: unknown) => {
          console.warn('The height of a run could not be kept.', reason);
        });
    }, PATIENCE);
  }

  private async _load(): Promise<void> {
    const kept = await this._database?.fetch(KEY).catch(() => undefined);
    for (const [runId, height] of Object.entries(kept ?? {})) {
      if (typeof height === 'number' && !this._heights.has(runId)) {
        this._heights.set(runId, height);
      }
    }
  }

  private readonly _database: IStateDB | null;
  private readonly _heights = new Map<string, number>();
  private readonly _ready: Promise<void>;
  private _timer = 0;
}
