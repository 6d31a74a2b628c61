/** For tests: a real gateway in a process of its own, with state in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { readAddress } from '../address-file.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const STARTED = 20_000;

export interface GatewayProcess {
  readonly child: ChildProcess;
  /** `http://127.0.0.1:…/t/<token>/`. */
  readonly base: string;
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  /** What it wrote to its error stream. */
  errors(): string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** TERM, and wait for the end. */
  stop(): Promise<number>;
}

/** A gateway that may not answer yet. */
export interface SpawnedGateway {
  readonly child: ChildProcess;
  readonly errors: () => string;
  readonly runtime: string;
  readonly dataDir: string;
}

export interface GatewayOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
}

/** Start one on the state below `folder` and wait until it answers. Rejects when it ends first. */
export async function startGateway(
  folder: string,
  options: GatewayOptions = {}
): Promise<GatewayProcess> {
  return attachGateway([spawnGateway(folder, options)]);
}

/** Wait until one of several answers that were started on one folder. Rejects when all end. */
export async function attachGateway(
  all: readonly SpawnedGateway[]
): Promise<GatewayProcess> {
  const deadline = Date.now() + STARTED;
  for (;;) {
    const address = all[0] && readAddress(all[0].runtime);
    const one = all.find(({ child }) => child.pid === address?.pid) ?? all[0];
    if (one === undefined) {
      throw new Error('none was started');
    }
    const { child, errors, dataDir } = one;
    if (
      all.every(
        each => each.child.exitCode !== null || each.child.signalCode !== null
      )
    ) {
      throw new Error(`The gateway ended (${child.exitCode}): ${errors()}`);
    }
    if (address !== undefined && address.pid === child.pid) {
      const base = `${address.url}/t/${address.token}/`;
      const answer = await fetch(`${base}api/status`, {
        signal: AbortSignal.timeout(5000)
      }).catch(() => undefined);
      if (answer?.ok === true) {
        return {
          child,
          base,
          url: address.url,
          token: address.token,
          dataDir,
          errors,
          kill: () => end(child, 'SIGKILL').then(() => undefined),
          stop: () => end(child, 'SIGTERM')
        };
      }
    }
    if (Date.now() > deadline) {
      const error = new Error(
        `The gateway did not answer in time (${address?.pid === child.pid ? 'listening' : 'not listening'}, ${cpuSeconds(child)} s of CPU): ${errors()}\n${logOf(dataDir)}`
      );
      child.kill('SIGKILL');
      throw error;
    }
    await sleep(15);
  }
}

/** Start one without waiting. */
export function spawnGateway(
  folder: string,
  options: GatewayOptions = {}
): SpawnedGateway {
  const runtime = join(folder, 'runtime');
  const dataDir = join(folder, 'data');
  const config = join(folder, 'config');
  for (const path of [runtime, config]) {
    mkdirSync(path, { recursive: true });
  }
  const child = spawn(
    process.execPath,
    [
      '--conditions=jupyterlab-kfp-source',
      // A built one on demand: long tests are then safe from edits of the sources.
      process.env['KFP_GATEWAY'] ?? join(ROOT, 'gateway/src/main.ts'),
      ...['--data-dir', dataDir, '--config-dir', config],
      ...['--runtime-dir', runtime, '--idle-minutes', '0'],
      ...(options.args ?? [])
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        // The tasks' Python is the one that has kfp.
        PATH: [
          join(ROOT, '.venv/bin'),
          dirname(process.execPath),
          process.env['PATH']
        ].join(delimiter),
        KF_PIPELINES_ENDPOINT: '',
        ...options.env
      }
    }
  );
  let text = '';
  child.stderr?.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return { child, errors: () => text, runtime, dataDir };
}

/** CPU time of a process, to tell one that spins from one that waits. */
function cpuSeconds(child: ChildProcess): string {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ');
    return ((Number(fields[13]) + Number(fields[14])) / 100).toFixed(1);
  } catch {
    return '?';
  }
}

function logOf(dataDir: string): string {
  const file = join(dataDir, 'gateway.log');
  return existsSync(file) ? readFileSync(file, 'utf8').slice(-2000) : '';
}

async function end(
  child: ChildProcess,
  signal: NodeJS.Signals
): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode ?? -1;
}
