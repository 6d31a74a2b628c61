/** Runs attempts under supervisors: as processes, with private mounts, or as containers. */
import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Machine } from 'jupyterlab-kfp-model';

import { ActiveAttempts, type ActiveAttempt } from './active-attempts.ts';
import { makeFolders, makeJob } from './attempt-job.ts';
import {
  endedResult,
  failed,
  freeBytes,
  interrupted,
  storedResult
} from './attempt-result.ts';
import { checkTask, noContainer } from './check.ts';
import type {
  AttemptListener,
  AttemptResult,
  AttemptSpec,
  TaskCheck,
  TaskRunner
} from './contract.ts';
import { Environments } from './environments/environments.ts';
import { Interpreters } from './environments/interpreters.ts';
import { EnvironmentError } from './environments/tool.ts';
import { bringImages } from './isolation/attempt-images.ts';
import { IsolationKinds } from './isolation/kinds.ts';
import { ModelImages } from './isolation/model-images.ts';
import { callsPython, makeSource, type JobParts } from './job-parts.ts';
import { isProgram } from './programs-here.ts';
import { Launcher, readRecord, waitForSupervisor } from './launcher.ts';
import { followContainer, removeInits } from './lost-container.ts';
import { isAlive, signalProcess, type ProcessRecord } from './processes.ts';
import { installPrograms } from './python-sources.ts';
import type { TaskSettings } from './settings.ts';

/** What the runner needs to know; `clock` gives milliseconds since 1970. */
export interface TaskRunnerOptions {
  readonly dataDir: string;
  /** Used when a run names none; `python3` on PATH when absent. */
  readonly interpreter?: string;
  readonly settings: TaskSettings;
  readonly clock: () => number;
}

const LOG_CAP = 256 * 1024 * 1024;

/** Creates the runner and writes its supervisor into the data folder. */
export function createTaskRunner(options: TaskRunnerOptions): TaskRunner {
  return new SupervisingRunner(options);
}

class SupervisingRunner implements TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #parts: JobParts;
  readonly #launcher: Launcher;
  readonly #active: ActiveAttempts;
  #closed = false;
  #free: { at: number; bytes: Promise<number> } | undefined;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
    this.#active = new ActiveAttempts(options.clock);
    const { dataDir, settings, clock } = options;
    const programs = installPrograms(dataDir);
    const kinds = new IsolationKinds({
      setting: settings.isolation ?? 'auto',
      programs,
      clock
    });
    this.#parts = {
      environments: new Environments({
        dataDir,
        clock,
        ...(settings.environmentBytes === undefined
          ? {}
          : { keptBytes: settings.environmentBytes })
      }),
      interpreters: new Interpreters(),
      kinds,
      models: new ModelImages({ dataDir, runtimes: kinds.runtimes, clock }),
      programs,
      defaultInterpreter: options.interpreter ?? 'python3',
      logCap: settings.logCapBytes ?? LOG_CAP,
      sitePackages: settings.sitePackages ?? false,
      exactRuntime: settings.exactRuntime ?? false
    };
    this.#launcher = new Launcher(
      programs,
      settings.forkServer ?? process.platform !== 'darwin'
    );
  }

  async run(
    spec: AttemptSpec,
    listener: AttemptListener
  ): Promise<AttemptResult> {
    try {
      return await this.#active.during(spec, entry =>
        this.#start(spec, listener, entry)
      );
    } catch (error) {
      return failed(
        error instanceof EnvironmentError ? 'environment' : 'start',
        error instanceof Error ? error.message : String(error),
        this.#now()
      );
    }
  }

  async #start(
    asked: AttemptSpec,
    listener: AttemptListener,
    entry: ActiveAttempt
  ): Promise<AttemptResult> {
    makeFolders(asked);
    const { spec, release } = await bringImages(asked, this.#parts, listener);
    try {
      return await this.#launch(spec, listener, entry);
    } finally {
      release();
    }
  }

  async #launch(
    spec: AttemptSpec,
    listener: AttemptListener,
    entry: ActiveAttempt
  ): Promise<AttemptResult> {
    if (spec.isolation === 'namespace') {
      const { kinds, defaultInterpreter } = this.#parts;
      await kinds.namespaces(spec.interpreter ?? defaultInterpreter);
    }
    const ready = await makeJob(spec, this.#parts, {
      waiting: reason => listener.waiting(reason),
      log: text => appendFileSync(path.join(spec.folder, 'log'), text)
    });
    try {
      if (spec.isolation === 'namespace') {
        for (const mount of spec.mounts) {
          await makeSource(mount.source);
        }
      }
      // For people only: the task was given its own copy, so a failure to write it is none of the task's.
      const written = writeFile(
        path.join(spec.folder, 'executor_input.json'),
        JSON.stringify(spec.executorInput)
      ).catch(() => undefined);
      await listener.ready(entry.stop.signal);
      if (entry.canceled) {
        return { outcome: 'canceled', finishedAt: this.#now() };
      }
      // Before the task begins: a task that deletes its folder must not meet this file half-way.
      await written;
      const trouble = await this.#launcher.launch({
        ...ready,
        started: pid => this.#active.started(entry, pid, listener)
      });
      return await endedResult(spec, entry.canceled, trouble, this.#now());
    } finally {
      await ready.release();
    }
  }

  async adopt(
    spec: AttemptSpec,
    listener: AttemptListener
  ): Promise<AttemptResult | undefined> {
    const ready = await storedResult(spec);
    if (ready) {
      return ready;
    }
    const record = readRecord(spec.folder);
    return record === undefined
      ? undefined
      : this.#active.during(spec, entry =>
          this.#adopt(spec, listener, entry, record)
        );
  }

  async #adopt(
    spec: AttemptSpec,
    listener: AttemptListener,
    entry: ActiveAttempt,
    record: ProcessRecord
  ): Promise<AttemptResult> {
    if (isAlive(record.pid, record.start)) {
      entry.pid = record.pid;
      await waitForSupervisor(
        spec.folder,
        () => undefined,
        () => this.#closed
      );
    }
    const result = await storedResult(spec);
    if (result !== undefined || this.#closed) {
      return result ?? interrupted(this.#now());
    }
    if (
      record.task !== undefined &&
      isAlive(record.task, record.taskStart ?? null)
    ) {
      // Nobody watches it any more.
      signalProcess(-record.task, 'SIGKILL');
    }
    const trouble =
      spec.isolation === 'container'
        ? await followContainer(spec, this.#parts, this.#launcher, pid =>
            this.#active.started(entry, pid, listener)
          )
        : undefined;
    if (trouble !== undefined) {
      return endedResult(spec, entry.canceled, trouble, this.#now());
    }
    await removeInits(spec, this.#parts.kinds);
    return interrupted(this.#now());
  }

  cancel(attemptId: string, graceMs: number): void {
    this.#active.cancel(attemptId, graceMs);
  }

  check(spec: Parameters<TaskRunner['check']>[0]): Promise<TaskCheck> {
    return checkTask(spec, {
      ...this.#parts,
      dataDir: this.#options.dataDir,
      freeBytes: () => this.#freeBytes()
    });
  }

  async withoutContainers(): Promise<string | undefined> {
    return (await this.#parts.kinds.container()) === undefined
      ? noContainer(this.#parts)
      : undefined;
  }

  async machine(): Promise<Machine> {
    const { kinds, defaultInterpreter } = this.#parts;
    const containers = (await kinds.container()) !== undefined;
    return {
      containers,
      mounts: containers || (await kinds.namespaces(defaultInterpreter)),
      has: program => callsPython(program) || isProgram(program)
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#launcher.close();
  }

  /** Asked for every task of a run at once: one look a second is enough. */
  async #freeBytes(): Promise<number> {
    const now = this.#options.clock();
    if (this.#free === undefined || Math.abs(now - this.#free.at) > 1000) {
      this.#free = { at: now, bytes: freeBytes(this.#options.dataDir) };
    }
    return this.#free.bytes;
  }

  #now(): string {
    return new Date(this.#options.clock()).toISOString();
  }
}
