/** The attempts that run now, each with the supervisor that watches it, so that they can be stopped. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { AttemptListener } from './contract.ts';
import { signalProcess } from './processes.ts';

/** An attempt under way; the pid is absent while its environment is built. */
export interface ActiveAttempt {
  readonly folder: string;
  pid?: number;
  canceled: boolean;
  readonly stop: AbortController;
}

export class ActiveAttempts {
  readonly #clock: () => number;
  readonly #attempts = new Map<string, ActiveAttempt>();

  /** `clock` gives milliseconds since 1970. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Keep an attempt under way while `work` lasts. */
  async during<Result>(
    spec: { readonly attemptId: string; readonly folder: string },
    work: (attempt: ActiveAttempt) => Promise<Result>
  ): Promise<Result> {
    const attempt: ActiveAttempt = {
      folder: spec.folder,
      canceled: false,
      stop: new AbortController()
    };
    this.#attempts.set(spec.attemptId, attempt);
    try {
      return await work(attempt);
    } finally {
      this.#attempts.delete(spec.attemptId);
    }
  }

  /** Its supervisor runs: tell so, and pass on a stop that came before. */
  started(
    attempt: ActiveAttempt,
    pid: number,
    listener: AttemptListener
  ): void {
    attempt.pid = pid;
    listener.started({
      pid,
      startedAt: new Date(this.#clock()).toISOString()
    });
    if (attempt.canceled) {
      signalProcess(pid, 'SIGTERM');
    }
  }

  /** Stop an attempt; its program has `graceMs` milliseconds to end by itself. Nothing when it is not under way. */
  cancel(attemptId: string, graceMs: number): void {
    const attempt = this.#attempts.get(attemptId);
    if (attempt === undefined || attempt.canceled) {
      return;
    }
    attempt.canceled = true;
    attempt.stop.abort();
    void writeFile(
      path.join(attempt.folder, 'cancel.json'),
      JSON.stringify({ graceMs })
    )
      .catch(() => {
        // The folder is gone; the supervisor then allows its own ten seconds.
      })
      .then(() => {
        if (attempt.pid !== undefined) {
          signalProcess(attempt.pid, 'SIGTERM');
        }
      });
  }
}
