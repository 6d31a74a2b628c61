/** Runs attempts under supervisors: as processes, with private mounts, or as containers. */
import { appendFileSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Machine } from 'jupyterlab-kfp-model';

import { makeFolders, makeJob } from './attempt-job.ts';
import { failed, freeBytes, storedResult } from './attempt-result.ts';
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
import { containerName, initName } from './isolation/container-command.ts';
import { IsolationKinds } from './isolation/kinds.ts';
import { ModelImages } from './isolation/model-images.ts';
import {
  callsPython,
  makeSource,
  maskedFiles,
  type JobParts
} from './job-parts.ts';
import { isProgram } from './programs-here.ts';
import {
  Launcher,
  readRecord,
  waitForSupervisor,
  type Job
} from './launcher.ts';
import { isAlive, signalProcess } from './processes.ts';
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

/** An attempt under way; the pid is absent while its environment is built. */
interface Active {
  readonly folder: string;
  pid?: number;
  canceled: boolean;
  readonly stop: AbortController;
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
  readonly #active = new Map<string, Active>();
  #closed = false;
  #free: { at: number; bytes: Promise<number> } | undefined;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
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
    const entry: Active = {
      folder: spec.folder,
      canceled: false,
      stop: new AbortController()
    };
    this.#active.set(spec.attemptId, entry);
    try {
      return await this.#start(spec, listener, entry);
    } catch (error) {
      return failed(
        error instanceof EnvironmentError ? 'environment' : 'start',
        error instanceof Error ? error.message : String(error),
        this.#now()
      );
    } finally {
      this.#active.delete(spec.attemptId);
    }
  }

  async #start(
    asked: AttemptSpec,
    listener: AttemptListener,
    entry: Active
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
    entry: Active
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
      await listener.ready(entry.stop.signal);
      if (entry.canceled) {
        return { outcome: 'canceled', finishedAt: this.#now() };
      }
      const launched = this.#launcher.launch({
        ...ready,
        started: pid => this.#started(entry, pid, listener)
      });
      // For people only: the task was given its own copy, so it need not wait for this.
      writeFile(
        path.join(spec.folder, 'executor_input.json'),
        JSON.stringify(spec.executorInput)
      ).catch(() => {
        // The task deleted its folder: its result says so.
      });
      return await this.#outcome(spec, entry, await launched);
    } finally {
      await ready.release();
    }
  }

  async #outcome(
    spec: AttemptSpec,
    entry: Active,
    trouble: string
  ): Promise<AttemptResult> {
    const result = await storedResult(spec);
    if (result !== undefined) {
      return result;
    }
    if (entry.canceled) {
      // Stopped before it could write anything down.
      return { outcome: 'canceled', finishedAt: this.#now() };
    }
    const last = trouble.split('\n').at(-1) ?? '';
    return failed(
      'start',
      `the task's supervisor ended early${last === '' ? '' : `: ${last}`}`,
      this.#now()
    );
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
    if (record === undefined) {
      return undefined;
    }
    const entry: Active = {
      folder: spec.folder,
      canceled: false,
      stop: new AbortController()
    };
    this.#active.set(spec.attemptId, entry);
    try {
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
        return result ?? this.#interrupted();
      }
      if (
        record.task !== undefined &&
        isAlive(record.task, record.taskStart ?? null)
      ) {
        // Nobody watches it any more.
        signalProcess(-record.task, 'SIGKILL');
      }
      const followed =
        spec.isolation === 'container'
          ? await this.#follow(spec, listener, entry)
          : undefined;
      if (followed === undefined) {
        await this.#removeInits(spec);
      }
      return followed ?? this.#interrupted();
    } finally {
      this.#active.delete(spec.attemptId);
    }
  }

  /** An init container that lost its supervisor ran for a task that will not begin. */
  async #removeInits(spec: AttemptSpec): Promise<void> {
    const inits = spec.initContainers ?? [];
    const { runtimes } = this.#parts.kinds;
    const runtime = inits.length === 0 ? undefined : await runtimes.find();
    if (runtime !== undefined) {
      await Promise.all(
        inits.map((_, index) => runtimes.remove(runtime, initName(spec, index)))
      );
    }
  }

  /** Go on with a container that lost its supervisor: the runtime still knows its log and how it ended. */
  async #follow(
    spec: AttemptSpec,
    listener: AttemptListener,
    entry: Active
  ): Promise<AttemptResult | undefined> {
    const { kinds, interpreters, defaultInterpreter, logCap } = this.#parts;
    const runtime = await kinds.runtimes.find();
    const name = containerName(spec);
    if (
      runtime === undefined ||
      !(await kinds.runtimes.exists(runtime, name))
    ) {
      return undefined;
    }
    await rm(path.join(spec.folder, 'claim'), { force: true });
    await rm(path.join(spec.folder, 'pid.json'), { force: true });
    // It is written again from the start by the runtime's own copy.
    await truncate(
      path.join(spec.folder, 'log'),
      await taskLogBegins(spec.folder)
    );
    const interpreter = await interpreters.probe(
      spec.interpreter ?? defaultInterpreter
    );
    const env = Object.fromEntries(
      Object.entries(process.env).filter(
        (pair): pair is [string, string] => pair[1] !== undefined
      )
    );
    const job: Job = {
      folder: spec.folder,
      logCap,
      env,
      secrets: spec.secretEnv.map(({ name: key, file }) => [key, file]),
      masked: maskedFiles(spec),
      hidden: spec.hidden ?? [],
      deadline: spec.deadlineSeconds ?? null,
      argv: [runtime.name, 'logs', '--follow', name],
      container: { command: [runtime.name], name, follows: true }
    };
    const trouble = await this.#launcher.launch({
      job,
      python: interpreter.executable,
      env,
      mayFork: false,
      started: pid => this.#started(entry, pid, listener)
    });
    return this.#outcome(spec, entry, trouble);
  }

  cancel(attemptId: string, graceMs: number): void {
    const entry = this.#active.get(attemptId);
    if (entry === undefined || entry.canceled) {
      return;
    }
    entry.canceled = true;
    entry.stop.abort();
    void writeFile(
      path.join(entry.folder, 'cancel.json'),
      JSON.stringify({ graceMs })
    )
      .catch(() => {
        // The folder is gone; the supervisor then allows its own ten seconds.
      })
      .then(() => {
        if (entry.pid !== undefined) {
          signalProcess(entry.pid, 'SIGTERM');
        }
      });
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

  #started(entry: Active, pid: number, listener: AttemptListener): void {
    entry.pid = pid;
    listener.started({ pid, startedAt: this.#now() });
    if (entry.canceled) {
      signalProcess(pid, 'SIGTERM');
    }
  }

  #interrupted(): AttemptResult {
    return failed(
      'interrupted',
      'interrupted: the local service stopped while this task ran',
      this.#now()
    );
  }

  #now(): string {
    return new Date(this.#options.clock()).toISOString();
  }
}

/** Where the task's own part of the log begins: after those of its init containers. */
async function taskLogBegins(folder: string): Promise<number> {
  try {
    return Number(await readFile(path.join(folder, 'task_log.json'), 'utf8'));
  } catch {
    return 0; // it has none
  }
}
