import type { IStateDB } from '@jupyterlab/statedb';
import { Signal, type ISignal } from '@lumino/signaling';

/** Where the sizes stand in the state database. */
const KEY = 'jupyterlab-kfp:sizes';
/** Runs whose height is remembered. */
const KEPT = 200;
/** Milliseconds after the last drag before it is written. */
const PATIENCE = 500;

/** Percent of the width that the details of a task have before anybody dragged. */
export const DETAIL_SHARE = 40;

/** How large the reader made the parts of views. */
export interface IViewSizes {
  /** Pixels of the body of a run; 0 when never dragged. */
  height(runId: string): number;
  /** Remember a height; 0 forgets it. */
  setHeight(runId: string, height: number): void;
  /** Percent of the width that the details of a task have beside the list. */
  detailShare: number;
  /** Emitted after a size changed, and when what was kept has been read. */
  readonly changed: ISignal<IViewSizes, void>;
}

/** Sizes in the state database of the user, never in a notebook: heights by run id, and one share of the details for all. */
export class ViewSizes implements IViewSizes {
  constructor(database: IStateDB | null) {
    this._database = database;
    this._ready = this._load();
  }

  /** Settled when what was kept has been read. */
  get ready(): Promise<void> {
    return this._ready;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get detailShare(): number {
    return this._detailShare ?? DETAIL_SHARE;
  }
  set detailShare(share: number) {
    this._detailShare = share;
    this._keep();
  }

  height(runId: string): number {
    return this._heights.get(runId) ?? 0;
  }

  setHeight(runId: string, height: number): void {
    this._heights.delete(runId); // the newest stands last
    if (height > 0) {
      this._heights.set(runId, height);
    }
    for (const oldest of this._heights.keys()) {
      if (this._heights.size <= KEPT) {
        break;
      }
      this._heights.delete(oldest);
    }
    this._keep();
  }

  private _keep(): void {
    this._changed.emit();
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => {
      this._database
        ?.save(KEY, {
          heights: Object.fromEntries(this._heights),
          detailShare: this.detailShare
        })
        .catch((reason: unknown) => {
          console.warn('The sizes of runs could not be kept.', reason);
        });
    }, PATIENCE);
  }

  // what was dragged meanwhile is newer than what was kept
  private async _load(): Promise<void> {
    const kept = (await this._database?.fetch(KEY).catch(() => undefined)) as
      { heights?: object; detailShare?: unknown } | undefined;
    const newer = [...this._heights];
    this._heights.clear();
    for (const [runId, height] of [
      ...Object.entries(kept?.heights ?? {}),
      ...newer
    ] as [string, unknown][]) {
      if (typeof height === 'number') {
        this._heights.delete(runId);
        this._heights.set(runId, height);
      }
    }
    if (typeof kept?.detailShare === 'number') {
      this._detailShare ??= kept.detailShare;
    }
    this._changed.emit();
  }

  private readonly _database: IStateDB | null;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _heights = new Map<string, number>();
  private _detailShare: number | null = null;
  private readonly _ready: Promise<void>;
  private _timer = 0;
}
