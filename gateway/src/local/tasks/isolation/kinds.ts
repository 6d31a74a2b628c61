/** Which kinds of isolation there are on this machine; asked only when a task could use them. */
import { execFile } from 'node:child_process';

import type { Programs } from '../python-sources.ts';
import type { IsolationSetting } from '../settings.ts';
import {
  ContainerRuntimes,
  type ContainerRuntime
} from './container-runtime.ts';

export class IsolationKinds {
  readonly setting: IsolationSetting;
  readonly runtimes: ContainerRuntimes;
  readonly #programs: Programs;
  /** `own`, the path of bwrap, or empty for neither. */
  #tool: Promise<string> | undefined;
  #bwrap: string | undefined;

  constructor(options: {
    readonly setting: IsolationSetting;
    readonly programs: Programs;
    readonly clock: () => number;
  }) {
    this.setting = options.setting;
    this.#programs = options.programs;
    this.runtimes = new ContainerRuntimes(options.clock);
  }

  /** The container runtime that tasks may use. */
  container(): Promise<ContainerRuntime | undefined> {
    return this.setting === 'auto' || this.setting === 'container'
      ? this.runtimes.find()
      : Promise.resolve(undefined);
  }

  /** Whether tasks may get private mounts; `python` runs the probe. */
  async namespaces(python: string): Promise<boolean> {
    if (this.setting !== 'auto' && this.setting !== 'namespace') {
      return false;
    }
    this.#tool ??= new Promise(resolve => {
      const { supervisor, stage } = this.#programs;
      execFile(
        python,
        ['-s', supervisor, '--probe-namespace', stage],
        { timeout: 10_000 },
        (error, stdout) => resolve(error === null ? stdout.trim() : '')
      );
    });
    const tool = await this.#tool;
    this.#bwrap = tool === 'own' || tool === '' ? undefined : tool;
    return tool !== '';
  }

  /** Path of bwrap, where private mounts are to be had by it alone; known once `namespaces` has answered. */
  get bwrap(): string | undefined {
    return this.#bwrap;
  }
}
