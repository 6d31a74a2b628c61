/** A gateway with an empty store for the corpus, spoken to over HTTP only. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

import { buildServer } from '../server.ts';

/** The interpreter of this checkout, which has the SDK; else the one of the machine. */
export const PYTHON = resolve(import.meta.dirname, '../../../.venv/bin/python');

/** An answer of the service. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface CorpusService {
  readonly dataDir: string;
  readonly configDir: string;
  /** Ask the service; `path` begins at the gateway's root. */
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** Bytes of an answer. */
  bytes(path: string): Promise<Buffer>;
  /** An empty folder. */
  folder(): string;
  close(): Promise<void>;
}

/** Start a gateway in this process, on a free port; `env` holds its settings. */
export async function startService(
  env: NodeJS.ProcessEnv
): Promise<CorpusService> {
  // The gateway takes python3 of PATH for components.
  process.env['PATH'] =
    `${dirname(PYTHON)}${delimiter}${process.env['PATH'] ?? ''}`;
  const root = mkdtempSync(join(tmpdir(), 'kfp-corpus-'));
  const [data, config, runtime] = ['data', 'config', 'runtime'].map(name => {
    const folder = join(root, name);
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }) as [string, string, string];
  const token = randomBytes(16).toString('hex');
  const gateway = await buildServer({
    folders: { data, config, runtime },
    version: '0',
    token,
    env,
    own: () => '',
    logFile: join(data, 'gateway.log')
  });
  const address = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  const send = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(address + path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` }
    });
  let folders = 0;
  return {
    dataDir: data,
    configDir: config,
    ask: async (path, init) => {
      const response = await send(path, init);
      return { status: response.status, text: await response.text() };
    },
    bytes: async path => Buffer.from(await (await send(path)).arrayBuffer()),
    folder: () => {
      const folder = join(root, `case-${folders++}`);
      mkdirSync(folder);
      return folder;
    },
    close: async () => {
      await gateway.app.close();
      rmSync(root, { recursive: true, force: true });
    }
  };
}

/** Whether this machine has what a case needs; asked once. */
export function hasRequirement(name: string): boolean {
  const known = requirements.get(name) ?? probe(name);
  requirements.set(name, known);
  return known;
}

const requirements = new Map<string, boolean>();

function probe(name: string): boolean {
  switch (name) {
    case 'package-index':
      return works(PYTHON, [
        ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-cache-dir'],
        ...['--dest', join(tmpdir(), 'kfp-corpus-index'), 'six==1.17.0']
      ]);
    case 'python<=3.12':
      return works(PYTHON, [
        '-c',
        'import sys; sys.exit(sys.version_info >= (3, 13))'
      ]);
    case 'sh-double-brackets':
      return works('sh', ['-c', '[[ a == a ]]']);
    case 'mount':
      return (
        works('unshare', ['-Urm', 'true']) ||
        works('bwrap', ['--bind', '/', '/', 'true'])
      );
    default:
      throw new Error(`the corpus asks for something unknown: ${name}`);
  }
}

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, [...args], { stdio: 'ignore', timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
