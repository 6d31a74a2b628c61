/** Finds Python interpreters and asks them what they are. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { probeSource } from '../python-sources.ts';

export { pythonOfImage } from 'jupyterlab-kfp-model';

const execute = promisify(execFile);

/** What the probe says about an interpreter. */
export interface Interpreter {
  readonly executable: string;
  /** The program behind it, without links and virtual environments. */
  readonly base: string;
  readonly version: string;
  readonly platform: string;
  readonly kfpVersion: string | null;
  readonly kfpFolder: string | null;
  readonly pipFolder: string | null;
  /** Folders of its packages, those of the user's home too where it reads them. */
  readonly siteFolders: readonly string[];
}

/** `3.11` of `3.11.7`. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** Remembers interpreters by path and by version. */
export class Interpreters {
  readonly #probes = new Map<string, Promise<Interpreter>>();
  readonly #found = new Map<string, Promise<Interpreter | undefined>>();
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#env = env;
  }

  /** Facts about an interpreter; asked once per path. */
  probe(executable: string): Promise<Interpreter> {
    let probe = this.#probes.get(executable);
    if (probe === undefined) {
      probe = execute(executable, ['-c', probeSource()], {
        timeout: 30_000
      }).then(
        ({ stdout }) => JSON.parse(stdout) as Interpreter,
        (error: unknown) => {
          const { code } = error as { code?: unknown };
          throw new Error(
            code === 'ENOENT'
              ? `there is no Python at ${executable}`
              : `the Python at ${executable} does not work: ${lastLine(error)}`
          );
        }
      );
      this.#probes.set(executable, probe);
      probe.catch(() => this.#probes.delete(executable));
    }
    return probe;
  }

  /** The interpreter for an image: the wanted one, `preferred` when it fits, another when one is found. */
  async choose(
    preferred: string,
    wanted: string | undefined
  ): Promise<Interpreter> {
    const own = await this.probe(preferred);
    return wanted === undefined || minorOf(own.version) === wanted
      ? own
      : ((await this.find(wanted)) ?? own);
  }

  /** An interpreter of this version on PATH, of pyenv, uv or conda. */
  find(version: string): Promise<Interpreter | undefined> {
    let search = this.#found.get(version);
    if (search === undefined) {
      search = this.#search(version);
      this.#found.set(version, search);
    }
    return search;
  }

  async #search(version: string): Promise<Interpreter | undefined> {
    for (const candidate of await this.#candidates(version)) {
      try {
        const found = await this.probe(candidate);
        if (minorOf(found.version) === version) {
          return found;
        }
      } catch {
        // A shim without its version, or no Python at all: the next one.
      }
    }
    return undefined;
  }

  async #candidates(version: string): Promise<readonly string[]> {
    const home = homedir();
    const env = this.#env;
    const onPath = (env['PATH'] ?? '')
      .split(path.delimiter)
      .filter(folder => folder !== '')
      .map(folder => path.join(folder, `python${version}`));
    const pyenv = path.join(
      env['PYENV_ROOT'] ?? path.join(home, '.pyenv'),
      'versions'
    );
    const uv =
      env['UV_PYTHON_INSTALL_DIR'] ??
      path.join(
        env['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share'),
        'uv',
        'python'
      );
    const escaped = version.replace('.', '\\.');
    const conda = await condaFolders(home, env);
    return [
      ...onPath,
      ...(await inside(pyenv, new RegExp(`^${escaped}(\\.\\d+)?$`))),
      ...(await inside(uv, new RegExp(`^cpython-${escaped}\\.`))),
      ...conda
    ].map((place, index) =>
      index < onPath.length ? place : path.join(place, 'bin', 'python')
    );
  }
}

/** Folders of environments that conda knows; base ones too. */
async function condaFolders(
  home: string,
  env: NodeJS.ProcessEnv
): Promise<readonly string[]> {
  let known: string[] = [];
  try {
    const text = await readFile(
      path.join(home, '.conda', 'environments.txt'),
      'utf8'
    );
    known = text.split('\n').filter(line => line.trim() !== '');
  } catch {
    // No conda here.
  }
  return [...(env['CONDA_PREFIX'] ? [env['CONDA_PREFIX']] : []), ...known];
}

async function inside(
  folder: string,
  name: RegExp
): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    // Newest patch release first.
    return names
      .filter(entry => name.test(entry))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map(entry => path.join(folder, entry));
  } catch {
    return []; // the tool is not there
  }
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr ?? message ?? '').trim().split('\n').at(-1) ?? '';
}
