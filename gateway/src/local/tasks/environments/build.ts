/** One build of an environment, watched by all attempts that wait for it. */

/** Told what a build does: `waiting` with a short reason, `log` with the tools' output. */
export interface BuildWatcher {
  waiting(reason: string): void;
  log(text: string): void;
}

/** Milliseconds before a wait is worth a word, and between two words. */
const QUIET = 100;
const PAUSE = 500;
/** Output that late watchers still get, in lines. */
const REMEMBERED = 2000;

export class Build {
  readonly result: Promise<string>;
  readonly #watchers = new Set<BuildWatcher>();
  readonly #lines: string[] = [];
  readonly #what: string;
  #told = 0;

  constructor(
    packages: readonly string[],
    make: (
      line: (line: string, isProgress?: boolean) => void
    ) => Promise<string>
  ) {
    this.#what =
      packages.length > 0
        ? `installing ${packages.join(', ')}`
        : 'preparing the Python environment';
    this.result = make((line, isProgress) =>
      this.#line(line, isProgress === true)
    );
  }

  /** Wait for the folder with one more watcher. */
  async watch(watcher: BuildWatcher): Promise<string> {
    if (this.#lines.length > 0) {
      watcher.log(`${this.#lines.join('\n')}\n`);
    }
    this.#watchers.add(watcher);
    const late = setTimeout(() => {
      if (this.#told === 0) {
        watcher.waiting(this.#what);
      }
    }, QUIET);
    try {
      return await this.result;
    } finally {
      clearTimeout(late);
      this.#watchers.delete(watcher);
    }
  }

  #line(line: string, isProgress: boolean): void {
    if (!isProgress) {
      if (this.#lines.length < REMEMBERED) {
        this.#lines.push(line);
      }
      this.#watchers.forEach(watcher => watcher.log(`${line}\n`));
    }
    const now = Date.now();
    if (now - this.#told > PAUSE) {
      this.#told = now;
      const reason = `${this.#what}: ${line.trim().slice(0, 200)}`;
      this.#watchers.forEach(watcher => watcher.waiting(reason));
    }
  }
}

/** Runs a few things at a time; the rest waits in line. */
export class Queue {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(work: () => Promise<T>, mustWait: () => void): Promise<T> {
    if (this.#running >= this.#limit) {
      mustWait();
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#running -= 1;
      } else {
        next(); // takes our place
      }
    }
  }
}
