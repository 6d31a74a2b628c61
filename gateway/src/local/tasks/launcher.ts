/** Starts supervisors: from the environment's fork server where there is one, else as a process of their own. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { ForkServer } from './fork-server.ts';
import type { ProcessRecord } from './processes.ts';
import { isAlive } from './processes.ts';
import type { Programs } from './python-sources.ts';

/** What a supervisor is told; see `python/supervision.py`. */
export interface Job {
  readonly folder: string;
  readonly logCap: number;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly (readonly [string, string])[];
  /** Files whose contents are masked in the log beside the secrets. */
  readonly masked: readonly string[];
  /** Values that are masked in the log beside the secrets; never written to a file. */
  readonly hidden: readonly string[];
  readonly deadline: number | null;
  readonly python?: {
    readonly module: string;
    readonly input: string;
    readonly function: string;
  };
  readonly argv?: readonly string[];
  readonly stage?: string;
  /** Path of bwrap, where it makes the private root. */
  readonly bwrap?: string;
  /** Source, target, read only. */
  readonly mounts?: readonly (readonly [string, string, boolean])[];
  readonly container?: {
    readonly command: readonly string[];
    readonly name: string;
    readonly follows?: boolean;
  };
  /** Containers that end before the task's own; `title` begins their part of the log. */
  readonly init?: readonly {
    readonly name: string;
    readonly title: string;
    readonly container: string;
    readonly argv: readonly string[];
  }[];
}

export interface Launch {
  readonly job: Job;
  /** Interpreter of the supervisor, and of the task when it is a Python component. */
  readonly python: string;
  /** Variables of the supervisor itself. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether a process that was started earlier may stand in. */
  readonly mayFork: boolean;
  readonly started: (pid: number) => void;
}

/** Milliseconds after which an unused fork server ends. */
const IDLE = 60_000;
/** How often a supervisor that is not our child is looked at, in milliseconds. */
const POLL = 100;

export class Launcher {
  readonly #programs: Programs;
  readonly #forks: boolean;
  readonly #servers = new Map<string, ForkServer>();
  readonly #seen = new Set<string>();

  constructor(programs: Programs, forks: boolean) {
    this.#programs = programs;
    this.#forks = forks;
  }

  /** Run a supervisor to its end; the answer is what it said when it could not do its work. */
  async launch(launch: Launch): Promise<string> {
    const server = this.#server(launch);
    if (server !== undefined) {
      const answer = await server.run(launch.job, launch.started);
      if (answer !== undefined) {
        return answer;
      }
      this.#servers.delete(launch.python);
      if (existsSync(path.join(launch.job.folder, 'claim'))) {
        // It was forked before the server failed: it goes on alone.
        return waitForSupervisor(launch.job.folder, launch.started);
      }
    }
    return this.#plain(launch);
  }

  /** Let all fork servers end; supervisors go on. */
  close(): void {
    this.#servers.forEach(server => server.end());
    this.#servers.clear();
  }

  #server(launch: Launch): ForkServer | undefined {
    if (!this.#forks || !launch.mayFork) {
      return undefined;
    }
    const { python } = launch;
    const known = this.#servers.get(python);
    if (known?.isOpen === true) {
      return known;
    }
    if (!this.#seen.has(python)) {
      // One task alone is as fast without.
      this.#seen.add(python);
      return undefined;
    }
    const server = new ForkServer({
      python,
      program: this.#programs.forkServer,
      env: launch.env,
      idleMs: IDLE
    });
    this.#servers.set(python, server);
    return server;
  }

  #plain(launch: Launch): Promise<string> {
    return new Promise((resolve, reject) => {
      // Detached, and without pipes that it needs later: it outlives this process.
      const child = spawn(launch.python, ['-s', this.#programs.supervisor], {
        cwd: launch.job.folder,
        detached: true,
        env: launch.env,
        stdio: ['pipe', 'ignore', 'pipe']
      });
      let trouble = '';
      child.stderr.on('data', (chunk: Buffer) => {
        trouble = (trouble + chunk.toString('utf8')).slice(-4000);
      });
      child.once('error', reject);
      child.once('exit', () => {
        resolve(trouble.trim());
        child.stderr.destroy();
      });
      child.stdin.on('error', () => {
        // The supervisor died before it read its job; `exit` reports it.
      });
      child.stdin.end(JSON.stringify(launch.job));
      if (child.pid !== undefined) {
        launch.started(child.pid);
      }
    });
  }
}

/** Wait for a supervisor that is no child of ours; `isOver` ends the wait early. */
export async function waitForSupervisor(
  folder: string,
  started: (pid: number) => void,
  isOver: () => boolean = () => false
): Promise<string> {
  let told = false;
  while (!isOver() && !existsSync(path.join(folder, 'exit.json'))) {
    const record = readRecord(folder);
    if (record !== undefined && !told) {
      told = true;
      started(record.pid);
    }
    if (record !== undefined && !isAlive(record.pid, record.start)) {
      break;
    }
    await new Promise(resolve => setTimeout(resolve, POLL).unref());
  }
  return '';
}

/** What the supervisor wrote about itself; undefined before it did. */
export function readRecord(folder: string): ProcessRecord | undefined {
  try {
    return JSON.parse(
      readFileSync(path.join(folder, 'pid.json'), 'utf8')
    ) as ProcessRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
