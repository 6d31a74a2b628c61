/** The log that was read last: a cluster gives all of it at every call, and who reads it asks for piece after piece. */

/** Milliseconds for which it is kept. */
const KEPT = 10_000;

/** All of a log as it was at one moment. */
export interface WholeLog {
  readonly bytes: Buffer;
  /** Whether more may come. */
  readonly isRunning: boolean;
}

export class KeptLog {
  private _name = '';
  private _log: WholeLog | undefined;
  private _timer: NodeJS.Timeout | undefined;

  /** The log of this name, where it has something behind this offset; counting from the end needs the newest. */
  find(name: string, from: number): WholeLog | undefined {
    return this._log !== undefined &&
      this._name === name &&
      from >= 0 &&
      from < this._log.bytes.length
      ? this._log
      : undefined;
  }

  keep(name: string, log: WholeLog): void {
    clearTimeout(this._timer);
    this._name = name;
    this._log = log;
    this._timer = setTimeout(() => this.clear(), KEPT).unref();
  }

  clear(): void {
    clearTimeout(this._timer);
    this._log = undefined;
  }
}
