/** Clean Python environments, one per key, built once and kept: never the user's own packages. */
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  utimes,
  writeFile
} from 'node:fs/promises';
import path from 'node:path';

import { Build, Queue, type BuildWatcher } from './build.ts';
import { removeSurplus, sizeOf, type Marker } from './clean-up.ts';
import { fillEnvironment, isPinned, keyOf, type Wanted } from './contents.ts';

/** An environment on disk. */
interface Stored {
  readonly folder: string;
  readonly marker: Marker;
}

/** Milliseconds after which unpinned requirements are looked up again. */
const FRESH = 7 * 24 * 3600 * 1000;
/** Environments that are kept, in bytes. */
const KEPT = 10e9;
const PARALLEL_BUILDS = 2;
/** Milliseconds between two notes that an environment is in use. */
const TOUCH = 600_000;

/** Builds and remembers environments below `<dataDir>/environments`. */
export class Environments {
  readonly #folder: string;
  readonly #keptBytes: number;
  readonly #clock: () => number;
  readonly #ready = new Map<string, Stored>();
  readonly #builds = new Map<string, Build>();
  readonly #queue = new Queue(PARALLEL_BUILDS);
  /** Folders that attempts run from now, with how many. */
  readonly #used = new Map<string, number>();

  readonly #building = new Set<string>();
  readonly #touched = new Map<string, number>();

  constructor(options: {
    readonly dataDir: string;
    readonly clock: () => number;
    readonly keptBytes?: number;
  }) {
    this.#folder = path.join(options.dataDir, 'environments');
    this.#keptBytes = options.keptBytes ?? KEPT;
    this.#clock = options.clock;
  }

  /** The folder of an environment; `watcher` is told what a build does. Throws `EnvironmentError`. */
  async ensure(wanted: Wanted, watcher: BuildWatcher): Promise<string> {
    const key = keyOf(wanted);
    const ready = this.#ready.get(key);
    if (
      ready !== undefined &&
      !this.#isStale(ready.marker) &&
      existsSync(ready.folder)
    ) {
      return ready.folder;
    }
    let build = this.#builds.get(key);
    if (build === undefined) {
      build = new Build(wanted.packages, line => this.#open(key, wanted, line));
      this.#builds.set(key, build);
      build.result.then(
        () => this.#builds.delete(key),
        () => this.#builds.delete(key)
      );
    }
    return build.watch(watcher);
  }

  /** Say that an attempt runs from this environment; call the answer when it has ended. */
  use(folder: string): () => void {
    const now = this.#clock();
    if (now - (this.#touched.get(folder) ?? 0) > TOUCH) {
      this.#touched.set(folder, now);
      utimes(path.join(folder, 'complete'), now / 1000, now / 1000).catch(
        () => {
          // Removed by hand meanwhile; the next task builds it again.
        }
      );
    }
    this.#used.set(folder, (this.#used.get(folder) ?? 0) + 1);
    return () => {
      const left = (this.#used.get(folder) ?? 1) - 1;
      if (left > 0) {
        this.#used.set(folder, left);
      } else {
        this.#used.delete(folder);
      }
    };
  }

  /** A copy for a task that installs at run time, so that the next task does not find what it did. */
  async copy(folder: string, target: string): Promise<string> {
    await cp(folder, target, { recursive: true, verbatimSymlinks: true });
    return target;
  }

  /** Remove such a copy. */
  async removeCopy(target: string): Promise<void> {
    await rm(target, { recursive: true, force: true });
  }

  #isStale(marker: Marker): boolean {
    return !marker.pinned && this.#clock() - marker.builtAt > FRESH;
  }

  /** Take what is there, or build; a build that fails leaves the stale one in use. */
  async #open(
    key: string,
    wanted: Wanted,
    line: (line: string, isProgress?: boolean) => void
  ): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const { newest, last } = await this.#stored(key);
    if (newest !== undefined && !this.#isStale(newest.marker)) {
      return this.#take(key, newest);
    }
    const folder = path.join(this.#folder, `${key}-${last + 1}`);
    return this.#queue.run(
      async () => {
        this.#building.add(folder);
        try {
          return await this.#renew(key, folder, wanted, newest, line);
        } finally {
          this.#building.delete(folder);
        }
      },
      () => line('waiting for other environments to be built', true)
    );
  }

  async #renew(
    key: string,
    folder: string,
    wanted: Wanted,
    stale: Stored | undefined,
    line: (line: string) => void
  ): Promise<string> {
    try {
      await rm(folder, { recursive: true, force: true });
      await fillEnvironment(folder, wanted, line);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if (stale === undefined) {
        throw error;
      }
      line(
        `The packages could not be looked up again (${error instanceof Error ? error.message : String(error)}); those of ${new Date(stale.marker.builtAt).toISOString().slice(0, 10)} are used.`
      );
      return this.#take(key, {
        folder: stale.folder,
        marker: { ...stale.marker, pinned: true }
      });
    }
    const marker: Marker = {
      builtAt: this.#clock(),
      pinned: wanted.packages.every(isPinned),
      bytes: await sizeOf(folder)
    };
    await writeFile(path.join(folder, 'complete'), JSON.stringify(marker));
    const taken = await this.#take(key, { folder, marker });
    const removed = await removeSurplus(this.#folder, this.#keptBytes, name => {
      const place = path.join(this.#folder, name);
      return this.#used.has(place) || this.#building.has(place);
    });
    for (const [other, ready] of this.#ready) {
      if (removed.includes(path.basename(ready.folder))) {
        this.#ready.delete(other);
      }
    }
    return taken;
  }

  async #take(key: string, found: Stored): Promise<string> {
    this.#ready.set(key, found);
    const now = new Date(this.#clock());
    await utimes(path.join(found.folder, 'complete'), now, now);
    return found.folder;
  }

  async #stored(key: string): Promise<{
    newest?: Stored;
    last: number;
  }> {
    const numbers = (await readdir(this.#folder))
      .filter(name => name.startsWith(`${key}-`))
      .map(name => Number(name.slice(key.length + 1)))
      .filter(Number.isInteger)
      .sort((a, b) => b - a);
    for (const number of numbers) {
      const folder = path.join(this.#folder, `${key}-${number}`);
      try {
        const text = await readFile(path.join(folder, 'complete'), 'utf8');
        return {
          newest: { folder, marker: JSON.parse(text) as Marker },
          last: numbers[0] ?? 0
        };
      } catch {
        // Half built: the clean-up takes it.
      }
    }
    return { last: numbers[0] ?? 0 };
  }
}
