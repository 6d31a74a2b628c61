/** Models in images: the folder `/models` of an image is copied out once and kept, so that every kind of task can mount it. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, statfs, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
  removeSurplus,
  sizeOf,
  type Marker
} from '../environments/clean-up.ts';
import type {
  ContainerRuntime,
  ContainerRuntimes
} from './container-runtime.ts';

/** Copies that are kept, in bytes; the least recently used ones go. */
const KEPT = 20e9;
/** Free bytes that a copy leaves. */
const RESERVE = 1e9;

/** A copy in use; call `release` when the attempt has ended. */
export interface HeldModel {
  readonly folder: string;
  readonly release: () => void;
}

export class ModelImages {
  readonly #root: string;
  readonly #runtimes: ContainerRuntimes;
  readonly #clock: () => number;
  readonly #keptBytes: number;
  readonly #copies = new Map<string, Promise<void>>();
  /** Names of copies that attempts use now, with how many. */
  readonly #used = new Map<string, number>();

  constructor(options: {
    readonly dataDir: string;
    readonly runtimes: ContainerRuntimes;
    readonly clock: () => number;
    readonly keptBytes?: number;
  }) {
    this.#root = path.join(options.dataDir, 'models');
    this.#runtimes = options.runtimes;
    this.#clock = options.clock;
    this.#keptBytes = options.keptBytes ?? KEPT;
  }

  /** Bring the model of an image. Throws an error with one sentence. */
  async bring(
    runtime: ContainerRuntime,
    image: string,
    waiting: (reason: string) => void
  ): Promise<HeldModel> {
    await this.#runtimes.need(runtime, image, waiting);
    const { id, bytes } = await this.#runtimes.facts(runtime, image);
    // The same image under two names is one copy; a tag that moved on is another.
    const name = `${id}-0`;
    this.#used.set(name, (this.#used.get(name) ?? 0) + 1);
    const release = (): void => {
      this.#used.set(name, (this.#used.get(name) ?? 1) - 1);
    };
    try {
      let copy = this.#copies.get(name);
      if (copy === undefined) {
        copy = this.#copy(runtime, image, { name, bytes, waiting }).finally(
          () => this.#copies.delete(name)
        );
        this.#copies.set(name, copy);
      }
      await copy;
    } catch (error) {
      release();
      throw error;
    }
    return { folder: path.join(this.#root, name, 'models'), release };
  }

  async #copy(
    runtime: ContainerRuntime,
    image: string,
    how: {
      readonly name: string;
      readonly bytes: number;
      readonly waiting: (reason: string) => void;
    }
  ): Promise<void> {
    const place = path.join(this.#root, how.name);
    const marker = path.join(place, 'complete');
    const now = this.#clock();
    if (existsSync(marker)) {
      await utimes(marker, now / 1000, now / 1000);
      return;
    }
    how.waiting(`copying the model of ${image}`);
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    try {
      const { bavail, bsize } = await statfs(place);
      if (how.bytes > bavail * bsize - RESERVE) {
        throw new Error(
          `the model of ${image} does not fit on the disk: the image has ${(how.bytes / 1e9).toFixed(1)} GB`
        );
      }
      await this.#runtimes.copyOut(runtime, {
        image,
        container: `jupyterlab-kfp-model-${randomUUID()}`,
        source: '/models',
        target: path.join(place, 'models')
      });
      const facts: Marker = {
        builtAt: now,
        pinned: true,
        bytes: await sizeOf(place)
      };
      await writeFile(marker, JSON.stringify(facts));
    } catch (error) {
      await rm(place, { recursive: true, force: true });
      throw error;
    }
    await removeSurplus(
      this.#root,
      this.#keptBytes,
      name => (this.#used.get(name) ?? 0) > 0
    );
  }
}
