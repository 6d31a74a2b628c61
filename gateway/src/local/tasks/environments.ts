/** Clean Python environments with the KFP runtime, one per key, built once and kept. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonSource } from './python-sources.ts';

const execute = promisify(execFile);

/** What the probe says about an interpreter. */
export interface Interpreter {
  readonly executable: string;
  readonly version: string;
  readonly platform: string;
  readonly kfpVersion: string | null;
  readonly kfpFolder: string | null;
}

/** What an environment must hold. */
export interface Requirements {
  readonly packages: readonly string[];
  readonly indexOptions: readonly string[];
}

/** A failed build, in one sentence; `output` is what the tools printed. */
export class EnvironmentError extends Error {
  readonly output: string;
  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** Builds and remembers environments below `<dataDir>/environments`. */
export class Environments {
  readonly #folder: string;
  readonly #probes = new Map<string, Promise<Interpreter>>();
  readonly #builds = new Map<string, Promise<string>>();

  constructor(dataDir: string) {
    this.#folder = path.join(dataDir, 'environments');
  }

  /** @returns facts about an interpreter; asked once per path. */
  probe(executable: string): Promise<Interpreter> {
    let probe = this.#probes.get(executable);
    if (probe === undefined) {
      probe = execute(executable, ['-c', pythonSource('probe')]).then(
        ({ stdout }) => JSON.parse(stdout) as Interpreter
      );
      this.#probes.set(executable, probe);
      probe.catch(() => this.#probes.delete(executable));
    }
    return probe;
  }

  /**
   * @param waiting told when the environment has to be built first.
   * @returns the environment's folder.
   */
  async ensure(
    executable: string,
    wanted: Requirements,
    waiting: (reason: string) => void
  ): Promise<string> {
    const interpreter = await this.probe(executable);
    const key = createHash('sha256')
      .update(
        JSON.stringify([
          interpreter,
          [...wanted.packages].sort(),
          wanted.indexOptions
        ])
      )
      .digest('hex')
      .slice(0, 24);
    let build = this.#builds.get(key);
    if (build === undefined) {
      build = this.#build(path.join(this.#folder, key), interpreter, wanted);
      this.#builds.set(key, build);
      build.catch(() => this.#builds.delete(key));
    }
    const reason = wanted.packages.length
      ? `installing ${wanted.packages.join(', ')}`
      : 'preparing the Python environment';
    const late = setTimeout(() => waiting(reason), 100);
    try {
      return await build;
    } finally {
      clearTimeout(late);
    }
  }

  async #build(
    folder: string,
    interpreter: Interpreter,
    wanted: Requirements
  ): Promise<string> {
    const marker = path.join(folder, 'complete');
    if (await exists(marker)) {
      return folder;
    }
    await rm(folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true });
    const { executable } = interpreter;
    await run(executable, ['-m', 'venv', '--without-pip', folder]);
    const python = path.join(folder, 'bin', 'python');
    const installs = [...wanted.packages];
    if (interpreter.kfpFolder === null) {
      await run(executable, [
        ...['-m', 'pip', '--python', python, 'install', '--no-deps'],
        ...wanted.indexOptions,
        'kfp>=2,<3'
      ]);
    }
    if (installs.length > 0) {
      await run(executable, [
        ...['-m', 'pip', '--python', python, 'install', '--quiet'],
        ...wanted.indexOptions,
        ...installs
      ]);
    }
    const { stdout } = await run(python, [
      '-c',
      'import sysconfig; print(sysconfig.get_path("purelib"))'
    ]);
    const runtime = path.join(stdout.trim(), 'kfp');
    if (interpreter.kfpFolder !== null && !(await exists(runtime))) {
      await cp(interpreter.kfpFolder, runtime, {
        recursive: true,
        filter: source => path.basename(source) !== '__pycache__'
      });
    }
    // Importing it once leaves the byte code that every task starts from.
    await run(python, ['-c', 'import kfp.dsl.executor_main'], {
      _KFP_RUNTIME: 'true'
    });
    await writeFile(marker, '');
    return folder;
  }
}

async function run(
  executable: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {}
): Promise<{ stdout: string }> {
  try {
    return await execute(executable, [...args], {
      env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', ...env },
      maxBuffer: 64 * 1024 * 1024
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as {
      stdout?: string;
      stderr?: string;
    };
    const output = `${stdout}${stderr}`.trim();
    const last = output.split('\n').at(-1) ?? '';
    throw new EnvironmentError(
      `the Python environment cannot be built: ${last || String(error)}`,
      output
    );
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false
  );
}
