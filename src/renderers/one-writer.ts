import type { IDisposable } from '@lumino/disposable';

/** Name of the channel on which the pages of a browser hear each other. */
const CHANNEL = 'jupyterlab-kfp:writers';
/** Milliseconds in which another page may say that it writes already or wants to, too. */
const PATIENCE = 500;
/** Milliseconds after which the claim of another page counts no more: it may be closed. */
const MEMORY = 60_000;
/** What a page says that writes already; lower than every claim. */
const WRITING = -1;

/** A page wants to write something, or does. */
interface IClaim {
  readonly what: string;
  readonly rank: number;
}

/** The part of a `BroadcastChannel` that is needed. */
export interface IClaimChannel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(claim: IClaim): void;
  close(): void;
}

/**
 * Lets only one page of a browser write the end of a run into a notebook that is open in several.
 *
 * #### Notes
 * Each page that writes makes its copy of the notebook dirty, and of several dirty copies all but the first to be saved meet the question
 * of JupyterLab whether to overwrite a file that changed. The others stay clean; their copy gets the end when they are saved or opened
 * anew.
 */
export class OneWriter implements IDisposable {
  constructor(channel: IClaimChannel | null = openChannel()) {
    this._channel = channel;
    if (channel) {
      channel.onmessage = event => this._hear(event.data);
    }
  }

  /** Whether it was thrown away. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask to be the one who writes this; settled as soon as the other pages had the time to object. */
  mayWrite(what: string): Promise<boolean> {
    let asked = this._asked.get(what);
    if (!asked) {
      // the outputs of a copied cell ask together
      asked = this._ask(what).finally(() => this._asked.delete(what));
      this._asked.set(what, asked);
    }
    return asked;
  }
  /** Let go of the other pages. */
  dispose(): void {
    this._isDisposed = true;
    this._channel?.close();
  }

  private async _ask(what: string): Promise<boolean> {
    if (this._mine.get(what) === WRITING || !this._channel) {
      return true;
    }
    if (this._lowestOther(what) < Infinity) {
      return false; // it was first
    }
    const rank = Math.random();
    this._mine.set(what, rank);
    this._channel.postMessage({ what, rank });
    await new Promise(resolve => setTimeout(resolve, PATIENCE));
    const isFirst = this._lowestOther(what) > rank;
    if (isFirst) {
      this._mine.set(what, WRITING);
    } else {
      this._mine.delete(what);
    }
    return isFirst;
  }

  private _hear(data: unknown): void {
    if (!isClaim(data)) {
      return; // another version of this page
    }
    const { what, rank } = data;
    this._others.set(what, {
      rank: Math.min(rank, this._lowestOther(what)),
      at: Date.now()
    });
    const mine = this._mine.get(what);
    if (mine !== undefined && mine < rank) {
      this._channel?.postMessage({ what, rank: mine });
    }
  }

  private _lowestOther(what: string): number {
    const other = this._others.get(what);
    return other && Date.now() - other.at < MEMORY ? other.rank : Infinity;
  }

  private readonly _channel: IClaimChannel | null;
  private readonly _asked = new Map<string, Promise<boolean>>();
  /** What this page claims or writes. */
  private readonly _mine = new Map<string, number>();
  /** The lowest rank that other pages said, and when the last one spoke. */
  private readonly _others = new Map<
    string,
    { readonly rank: number; readonly at: number }
  >();
  private _isDisposed = false;
}

function openChannel(): IClaimChannel | null {
  return typeof BroadcastChannel === 'undefined'
    ? null
    : new BroadcastChannel(CHANNEL);
}

function isClaim(value: unknown): value is IClaim {
  return (
    typeof value === 'object' &&
    value !== null &&
    'what' in value &&
    typeof value.what === 'string' &&
    'rank' in value &&
    typeof value.rank === 'number'
  );
}
