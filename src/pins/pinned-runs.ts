import type { IStateDB } from '@jupyterlab/statedb';
import { Signal, type ISignal } from '@lumino/signaling';
import type { RunKey } from 'jupyterlab-kfp-model';

/** Where the pins stand in the state database. */
const KEY = 'jupyterlab-kfp:pinned-runs';
/** Runs that are pinned at most; the oldest pin gives way. */
const MOST = 20;

/** A run that its reader wants to find again at once. */
export interface IPinnedRun extends RunKey {
  /** Its name when it was pinned: it is shown until the run is there. */
  readonly name: string;
}

/** The pinned runs of the user. */
export interface IPinnedRuns {
  /** Newest pin first. */
  readonly runs: readonly IPinnedRun[];
  /** Emitted after a run was pinned or let go. */
  readonly changed: ISignal<IPinnedRuns, void>;
  has(key: RunKey): boolean;
  /** Pin a run, or let it go when it is pinned. */
  toggle(run: IPinnedRun): void;
}

/** Pins in the state database of the user: they are his, not of a notebook or a service. */
export class PinnedRuns implements IPinnedRuns {
  constructor(database: IStateDB | null) {
    this._database = database;
    this._ready = this._load();
  }

  /** Settled when what was kept has been read. */
  get ready(): Promise<void> {
    return this._ready;
  }

  get runs(): readonly IPinnedRun[] {
    return this._runs;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  has(key: RunKey): boolean {
    return this._runs.some(run => isSame(run, key));
  }

  toggle(run: IPinnedRun): void {
    const { connection, run_id, name } = run;
    this._runs = this.has(run)
      ? this._runs.filter(each => !isSame(each, run))
      : [{ connection, run_id, name }, ...this._runs].slice(0, MOST);
    this._changed.emit();
    this._database
      ?.save(
        KEY,
        this._runs.map(each => ({ ...each }))
      )
      .catch((reason: unknown) => {
        console.warn('The pinned runs could not be kept.', reason);
      });
  }

  private async _load(): Promise<void> {
    const kept: unknown = await this._database
      ?.fetch(KEY)
      .catch((reason: unknown) => {
        console.warn('The pinned runs could not be read.', reason);
      });
    // what was pinned while this was read stays
    const known = Array.isArray(kept) ? kept.filter(isPin) : [];
    this._runs = [
      ...this._runs,
      ...known.filter(each => !this.has(each))
    ].slice(0, MOST);
    if (known.length > 0) {
      this._changed.emit();
    }
  }

  private readonly _database: IStateDB | null;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _ready: Promise<void>;
  private _runs: readonly IPinnedRun[] = [];
}

function isSame(left: RunKey, right: RunKey): boolean {
  return left.connection === right.connection && left.run_id === right.run_id;
}

function isPin(value: unknown): value is IPinnedRun {
  const pin = (value ?? {}) as Partial<IPinnedRun>;
  return (
    typeof pin.connection === 'string' &&
    typeof pin.run_id === 'string' &&
    typeof pin.name === 'string'
  );
}
