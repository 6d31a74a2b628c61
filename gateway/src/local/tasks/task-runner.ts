/** Runs attempts as supervised processes of this machine. */
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { recogniseLightweight } from 'jupyterlab-kfp-model';
import type {
  AttemptListener,
  AttemptResult,
  AttemptSpec,
  TaskCheck,
  TaskRunner
} from './contract.ts';
import { EnvironmentError, Environments } from './environments.ts';
import { collectOutputs } from './outputs.ts';
import { installSupervisor } from './python-sources.ts';
import { taskEnvironment } from './task-environment.ts';

/** What the runner needs to know; `clock` gives milliseconds since 1970. */
export interface TaskRunnerOptions {
  readonly dataDir: string;
  /** Used when a run names none; `python3` on PATH when absent. */
  readonly interpreter?: string;
  readonly settings: { readonly logCapBytes?: number };
  readonly clock: () => number;
}

interface ExitRecord {
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason: 'canceled' | 'deadline' | null;
  readonly finished_at: string;
}

const NOTHING = { parameters: {}, artifacts: {} };
/** Longest single argument of a program on Linux, in bytes. */
const ARGUMENT_LIMIT = 128 * 1024;
/** How often an adopted attempt is looked at, in milliseconds. */
const POLL = 500;

/** Creates the runner and writes its supervisor into the data folder. */
export function createTaskRunner(options: TaskRunnerOptions): TaskRunner {
  return new ProcessRunner(options);
}

class ProcessRunner implements TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #environments: Environments;
  readonly #supervisor: string;
  /** Attempts under way; the pid is absent while the environment is built. */
  readonly #active = new Map<
    string,
    { folder: string; pid?: number; canceled: boolean }
  >();
  #closed = false;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
    this.#environments = new Environments(options.dataDir);
    this.#supervisor = installSupervisor(options.dataDir);
  }

  async run(
    spec: AttemptSpec,
    listener: AttemptListener
  ): Promise<AttemptResult> {
    const entry: { folder: string; pid?: number; canceled: boolean } = {
      folder: spec.folder,
      canceled: false
    };
    this.#active.set(spec.attemptId, entry);
    try {
      return await this.#start(spec, listener, entry);
    } catch (error) {
      const built = error instanceof EnvironmentError;
      if (built) {
        appendFileSync(path.join(spec.folder, 'log'), `${error.output}\n`);
      }
      return this.#failed(
        built ? 'environment' : 'start',
        error instanceof Error ? error.message : String(error)
      );
    } finally {
      this.#active.delete(spec.attemptId);
    }
  }

  async #start(
    spec: AttemptSpec,
    listener: AttemptListener,
    entry: { pid?: number; canceled: boolean }
  ): Promise<AttemptResult> {
    if (spec.isolation !== 'process') {
      return this.#failed(
        'start',
        `isolation ${spec.isolation} is not available here`
      );
    }
    await mkdir(spec.folder, { recursive: true });
    for (const { file } of Object.values(spec.outputs.parameters)) {
      await mkdir(path.dirname(file), { recursive: true });
    }
    for (const { path: target } of Object.values(spec.outputs.artifacts)) {
      await mkdir(path.dirname(target), { recursive: true });
    }
    const input = JSON.stringify(spec.executorInput);
    await writeFile(path.join(spec.folder, 'executor_input.json'), input);
    const found = recogniseLightweight(spec.command, spec.args);
    const interpreter =
      spec.interpreter ?? this.#options.interpreter ?? 'python3';
    const argv = [...spec.command, ...spec.args];
    let environment: string | undefined;
    if (found?.kind === 'lightweight') {
      environment = await this.#environments.ensure(
        interpreter,
        found,
        reason => listener.waiting(reason)
      );
    } else if (argv.some(word => /python|\bpip\b/.test(word))) {
      // Never the user's own packages: a clean environment stands in for the image's Python.
      environment = await this.#environments.ensure(
        interpreter,
        { packages: [], indexOptions: [] },
        reason => listener.waiting(reason)
      );
    }
    const module = path.join(spec.folder, 'ephemeral_component.py');
    if (found?.kind === 'lightweight') {
      await writeFile(module, found.source);
    } else {
      const long = argv.findIndex(
        word => Buffer.byteLength(word) >= ARGUMENT_LIMIT
      );
      if (spec.command.length === 0 || long >= 0) {
        return this.#failed(
          'start',
          long < 0
            ? 'no command: the entry point of the image is unknown without docker or podman'
            : `argument ${long + 1} is ${Math.ceil(Buffer.byteLength(argv[long] ?? '') / 1024)} KB, the operating system allows 128 KB`
        );
      }
    }
    if (entry.canceled) {
      return { outcome: 'canceled', finishedAt: this.#now() };
    }
    const job = {
      folder: spec.folder,
      logCap: this.#options.settings.logCapBytes ?? 256 * 1024 * 1024,
      env: taskEnvironment(spec, process.env, environment),
      secrets: spec.secretEnv.map(({ name, file }) => [name, file]),
      deadline: spec.deadlineSeconds ?? null,
      ...(found?.kind === 'lightweight'
        ? { python: { module, input, function: found.functionName } }
        : { argv })
    };
    const python =
      environment === undefined
        ? (await this.#environments.probe(interpreter)).executable
        : path.join(environment, 'bin', 'python');
    // Detached and without pipes that it needs later: it outlives this process.
    const child = spawn(python, ['-s', this.#supervisor], {
      cwd: spec.folder,
      detached: true,
      env: taskEnvironment({ ...spec, env: [] }, process.env, environment),
      stdio: ['pipe', 'ignore', 'pipe']
    });
    let trouble = '';
    child.stderr.on('data', (chunk: Buffer) => {
      trouble = (trouble + chunk.toString('utf8')).slice(-4000);
    });
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve());
    });
    child.stdin.on('error', () => {
      // The supervisor died before it read its job; `close` reports it.
    });
    child.stdin.end(JSON.stringify(job));
    if (child.pid !== undefined) {
      entry.pid = child.pid;
      listener.started({ pid: child.pid, startedAt: this.#now() });
    }
    await ended;
    return (
      (await this.#result(spec, listener)) ??
      this.#failed(
        'start',
        `the task's supervisor ended early: ${trouble.trim().split('\n').at(-1) ?? ''}`
      )
    );
  }

  async adopt(
    spec: AttemptSpec,
    listener: AttemptListener
  ): Promise<AttemptResult | undefined> {
    const ready = await this.#result(spec, listener);
    if (ready) {
      return ready;
    }
    const record = await readJson<{ pid: number; start: string | null }>(
      path.join(spec.folder, 'pid.json')
    );
    if (record === undefined) {
      return undefined;
    }
    this.#active.set(spec.attemptId, {
      folder: spec.folder,
      canceled: false,
      ...(isAlive(record) ? { pid: record.pid } : {})
    });
    try {
      while (isAlive(record) && !this.#closed) {
        await new Promise(resolve => setTimeout(resolve, POLL).unref());
      }
    } finally {
      this.#active.delete(spec.attemptId);
    }
    return (
      (await this.#result(spec, listener)) ??
      this.#failed(
        'interrupted',
        'interrupted: the local service stopped while this task ran'
      )
    );
  }

  cancel(attemptId: string, graceMs: number): void {
    const entry = this.#active.get(attemptId);
    if (entry === undefined) {
      return;
    }
    entry.canceled = true;
    if (entry.pid !== undefined) {
      void writeFile(
        path.join(entry.folder, 'cancel.json'),
        JSON.stringify({ graceMs })
      )
        .catch(() => {
          // The folder is gone; the supervisor then allows its own ten seconds.
        })
        .then(() => signalProcess(entry.pid));
    }
  }

  async check(spec: Parameters<TaskRunner['check']>[0]): Promise<TaskCheck> {
    const found = recogniseLightweight(spec.command, spec.args);
    const refusals = spec.needsMounts.map(
      target => `mounts ${target}: it needs docker or podman. Neither answers.`
    );
    const warnings: { name: string; text: string }[] = [];
    if (found?.kind === 'containerized') {
      refusals.push(
        `its code is in the image ${spec.image}: it needs docker or podman. Neither answers.`
      );
    } else if (spec.command.length === 0) {
      refusals.push(
        'no command: the entry point of the image is unknown without docker or podman'
      );
    } else if (found === undefined) {
      warnings.push({
        name: 'host-commands',
        text: `image ${spec.image} ignored, host commands used`
      });
    } else {
      const wanted = /(?:^|\/)python:(\d+\.\d+)[^/]*$/.exec(spec.image)?.[1];
      const { version } = await this.#environments.probe(
        spec.interpreter ?? this.#options.interpreter ?? 'python3'
      );
      const here = version.split('.').slice(0, 2).join('.');
      if (wanted === undefined) {
        warnings.push({
          name: 'image-ignored',
          text: `image ${spec.image} ignored: packages of the image are missing here`
        });
      } else if (wanted !== here) {
        warnings.push({
          name: 'python-differs',
          text: `Python ${here} used instead of ${wanted}`
        });
      }
    }
    return {
      isolation: 'process',
      refusals,
      warnings,
      packages: found?.kind === 'lightweight' ? found.packages : []
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async #result(
    spec: AttemptSpec,
    listener: AttemptListener
  ): Promise<AttemptResult | undefined> {
    const exit = await readJson<ExitRecord>(
      path.join(spec.folder, 'exit.json')
    );
    if (exit === undefined) {
      return undefined;
    }
    const finishedAt = exit.finished_at;
    if (exit.reason === 'canceled') {
      return { outcome: 'canceled', finishedAt };
    }
    const { outputs, warnings, error } = await collectOutputs(spec);
    if (exit.code === 0 && exit.reason === null && error === undefined) {
      warnings.forEach(text => listener.warning(text));
      return { outcome: 'succeeded', finishedAt, outputs, warnings };
    }
    const base = { outcome: 'failed', finishedAt, outputs } as const;
    if (exit.reason === 'deadline') {
      const message = `task exceeded its deadline of ${spec.deadlineSeconds ?? 0} s`;
      return { ...base, code: 'deadline', message };
    }
    if (exit.code === 0) {
      return { ...base, exitCode: 0, code: 'output', message: error ?? '' };
    }
    return exit.signal === null
      ? {
          ...base,
          exitCode: exit.code ?? 1,
          code: 'exit',
          message: `the task ended with exit code ${exit.code}`
        }
      : {
          ...base,
          signal: exit.signal,
          code: 'exit',
          message: `the task was ended by ${exit.signal}`
        };
  }

  #failed(code: string, message: string): AttemptResult {
    return {
      outcome: 'failed',
      finishedAt: this.#now(),
      message,
      code,
      outputs: NOTHING
    };
  }

  #now(): string {
    return new Date(this.#options.clock()).toISOString();
  }
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function signalProcess(pid: number | undefined): void {
  try {
    if (pid !== undefined) {
      process.kill(pid, 'SIGTERM');
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

/** True while the very process that wrote the record lives, not a later one with its number. */
function isAlive(record: { pid: number; start: string | null }): boolean {
  try {
    process.kill(record.pid, 0);
    if (record.start === null) {
      return true;
    }
    const stat = readFileSync(`/proc/${record.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && fields[19] === record.start;
  } catch {
    return false;
  }
}
