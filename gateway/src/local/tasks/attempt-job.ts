/** Makes an attempt ready: its folder and files, its environment, and the job for its supervisor. */
import { constants, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';

import {
  recogniseLightweight,
  type LightweightComponent
} from 'jupyterlab-kfp-model';

import type { AttemptSpec } from './contract.ts';
import type { BuildWatcher } from './environments/build.ts';
import type { Environments } from './environments/environments.ts';
import {
  pythonOfImage,
  type Interpreters
} from './environments/interpreters.ts';
import {
  containerCommand,
  containerName
} from './isolation/container-command.ts';
import type { IsolationKinds } from './isolation/kinds.ts';
import type { Job } from './launcher.ts';
import type { Programs } from './python-sources.ts';
import {
  hostVariables,
  ownVariables,
  withEnvironment
} from './task-environment.ts';

/** A start that is refused: the person's to mend, never retried by itself. */
export class StartError extends Error {}

export interface JobParts {
  readonly environments: Environments;
  readonly interpreters: Interpreters;
  readonly kinds: IsolationKinds;
  readonly programs: Programs;
  readonly defaultInterpreter: string;
  readonly logCap: number;
}

/** A job and how its supervisor is to be started. */
export interface ReadyJob {
  readonly job: Job;
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  readonly mayFork: boolean;
  /** Call when the attempt has ended. */
  readonly release: () => Promise<void>;
}

/** Longest single argument of a program, and all of them with the variables, in bytes on Linux. */
const ARGUMENT_LIMIT = 128 * 1024;
const ALL_LIMIT = 2 * 1024 * 1024;
const DEFAULT_RUNTIME = 'kfp>=2,<3';
/** Source that installs packages by itself. */
const CALLS_PIP = /\bpip\b|\bensurepip\b/;
/** Variables that Python and the loader read before any code runs: only a fresh process takes them. */
const AT_START = /^(PYTHON|LD_|DYLD_|MALLOC_|GLIBC_|LANG$|LC_)/;

/**
 * Make the folders of an attempt and its outputs. A few small ones: at once is far quicker than a way through the
 * thread pool for each.
 */
export function makeFolders(spec: AttemptSpec): void {
  const folders = new Set([spec.folder]);
  for (const { file } of Object.values(spec.outputs.parameters)) {
    folders.add(path.dirname(file));
  }
  for (const { path: target } of Object.values(spec.outputs.artifacts)) {
    folders.add(path.dirname(target));
  }
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
  }
}

/** Make the job of an attempt. Throws `StartError` or `EnvironmentError`. */
export async function makeJob(
  spec: AttemptSpec,
  parts: JobParts,
  watcher: BuildWatcher
): Promise<ReadyJob> {
  if (spec.isolation === 'container') {
    return containerJob(spec, parts, watcher);
  }
  const found = recogniseLightweight(spec.command, spec.args);
  if (found?.kind === 'lightweight') {
    return pythonJob(spec, found, parts, watcher);
  }
  return literalJob(spec, parts, watcher);
}

async function pythonJob(
  spec: AttemptSpec,
  found: LightweightComponent,
  parts: JobParts,
  watcher: BuildWatcher
): Promise<ReadyJob> {
  const preferred = spec.interpreter ?? parts.defaultInterpreter;
  const donor = await parts.interpreters.probe(preferred);
  const pip = CALLS_PIP.test(found.source);
  const shared = await parts.environments.ensure(
    {
      interpreter: await parts.interpreters.choose(
        preferred,
        pythonOfImage(spec.image)
      ),
      donor,
      runtime: found.kfpRequirement ?? DEFAULT_RUNTIME,
      packages: found.packages,
      indexOptions: found.indexOptions,
      pip
    },
    watcher
  );
  const module = path.join(spec.folder, 'ephemeral_component.py');
  writeFileSync(module, found.source);
  const { environment, release } = await occupy(spec, shared, pip, parts);
  const special = spec.env.filter(({ name }) => AT_START.test(name));
  const env = withEnvironment(hostVariables(process.env), environment);
  return {
    job: {
      ...common(spec, parts),
      env: { ...env, ...ownVariables(spec) },
      python: {
        module,
        input: JSON.stringify(spec.executorInput),
        function: found.functionName
      }
    },
    python: path.join(environment, 'bin', 'python'),
    env:
      special.length === 0
        ? env
        : {
            ...env,
            ...Object.fromEntries(
              Object.entries(ownVariables(spec)).filter(([name]) =>
                AT_START.test(name)
              )
            )
          },
    mayFork: special.length === 0 && !pip,
    release
  };
}

async function literalJob(
  spec: AttemptSpec,
  parts: JobParts,
  watcher: BuildWatcher
): Promise<ReadyJob> {
  const argv = [...spec.command, ...spec.args];
  checkArguments(spec, argv);
  const interpreter = await parts.interpreters.probe(
    spec.interpreter ?? parts.defaultInterpreter
  );
  const host = hostVariables(process.env);
  if (!argv.some(word => /python|\bpip\b/.test(word))) {
    return {
      job: {
        ...common(spec, parts),
        env: { ...host, ...ownVariables(spec) },
        argv
      },
      python: interpreter.executable,
      env: host,
      mayFork: false,
      release: async () => undefined
    };
  }
  // Never the user's own packages: a clean environment stands in for the image's Python.
  const pip = argv.some(word => CALLS_PIP.test(word));
  const shared = await parts.environments.ensure(
    {
      interpreter: await parts.interpreters.choose(
        interpreter.executable,
        pythonOfImage(spec.image)
      ),
      runtime: undefined,
      packages: [],
      indexOptions: [],
      pip
    },
    watcher
  );
  const { environment, release } = await occupy(spec, shared, pip, parts);
  const env = withEnvironment(host, environment);
  return {
    job: {
      ...common(spec, parts),
      env: { ...env, ...ownVariables(spec) },
      argv
    },
    python: interpreter.executable,
    env: host,
    mayFork: false,
    release
  };
}

async function containerJob(
  spec: AttemptSpec,
  parts: JobParts,
  watcher: BuildWatcher
): Promise<ReadyJob> {
  const runtime = await parts.kinds.container();
  if (runtime === undefined) {
    throw new StartError(
      `image ${spec.image} needs docker or podman. Neither answers.`
    );
  }
  try {
    await parts.kinds.runtimes.need(runtime, spec.image, reason =>
      watcher.waiting(reason)
    );
  } catch (error) {
    throw new StartError(
      error instanceof Error ? error.message : String(error)
    );
  }
  for (const mount of spec.mounts) {
    await makeSource(mount.source);
  }
  const argv = containerCommand(runtime, spec, ownVariables(spec));
  checkArguments(spec, argv);
  const interpreter = await parts.interpreters.probe(
    spec.interpreter ?? parts.defaultInterpreter
  );
  return {
    job: {
      ...common(spec, parts),
      env: definedOnly(process.env),
      argv,
      container: { command: [runtime.name], name: containerName(spec) }
    },
    python: interpreter.executable,
    env: process.env,
    mayFork: false,
    release: async () => undefined
  };
}

/** Note who runs from an environment; a task that installs by itself gets a copy of its own. */
async function occupy(
  spec: AttemptSpec,
  shared: string,
  ownCopy: boolean,
  parts: JobParts
): Promise<{ environment: string; release: () => Promise<void> }> {
  if (!ownCopy) {
    const release = parts.environments.use(shared);
    return { environment: shared, release: async () => release() };
  }
  const environment = path.join(spec.folder, 'environment');
  await parts.environments.copy(shared, environment);
  return {
    environment,
    release: () => parts.environments.removeCopy(environment)
  };
}

function common(spec: AttemptSpec, parts: JobParts): Omit<Job, 'env'> {
  return {
    folder: spec.folder,
    logCap: parts.logCap,
    secrets: spec.secretEnv.map(({ name, file }) => [name, file] as const),
    masked: maskedFiles(spec),
    deadline: spec.deadlineSeconds ?? null,
    ...(spec.isolation === 'namespace' && spec.mounts.length > 0
      ? {
          stage: parts.programs.stage,
          mounts: spec.mounts.map(
            ({ source, target, readOnly }) =>
              [source, target, readOnly] as const
          )
        }
      : {})
  };
}

/** What the operating system would refuse with a riddle. */
function checkArguments(spec: AttemptSpec, argv: readonly string[]): void {
  if (spec.isolation !== 'container' && spec.command.length === 0) {
    throw new StartError(
      'no command: the entry point of the image is unknown without docker or podman'
    );
  }
  const long = argv.findIndex(
    word => Buffer.byteLength(word) >= ARGUMENT_LIMIT
  );
  if (long >= 0) {
    throw new StartError(
      `argument ${long + 1} is ${Math.ceil(Buffer.byteLength(argv[long] ?? '') / 1024)} KB, the operating system allows 128 KB`
    );
  }
  const all = [...argv, ...spec.env.map(({ value }) => value)].reduce(
    (sum, word) => sum + Buffer.byteLength(word) + 9,
    0
  );
  if (all >= ALL_LIMIT) {
    throw new StartError(
      `arguments and variables are ${Math.ceil(all / 1024)} KB together, the operating system allows 2048 KB`
    );
  }
}

/** Files of mounted secrets: their contents are masked in the log. */
export function maskedFiles(spec: AttemptSpec): readonly string[] {
  return spec.mounts
    .filter(mount => mount.secret === true)
    .flatMap(({ source }) =>
      readdirSync(source, { withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => path.join(source, entry.name))
    );
}

/** A mount's source that nobody made yet, for example an empty folder of the attempt. */
export async function makeSource(source: string): Promise<void> {
  try {
    await access(source, constants.F_OK);
  } catch {
    await mkdir(source, { recursive: true });
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (pair): pair is [string, string] => pair[1] !== undefined
    )
  );
}
