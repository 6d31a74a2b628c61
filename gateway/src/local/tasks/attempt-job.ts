/** Makes an attempt ready: its folder and files, its environment, and the job for its supervisor. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import {
  recogniseLightweight,
  type LightweightComponent
} from 'jupyterlab-kfp-model';

import { containerJob } from './container-job.ts';
import type { AttemptSpec } from './contract.ts';
import type { BuildWatcher } from './environments/build.ts';
import { pythonOfImage } from './environments/interpreters.ts';
import {
  callsPython,
  checkArguments,
  commonJob,
  type JobParts,
  type ReadyJob
} from './job-parts.ts';
import {
  hostVariables,
  ownVariables,
  withEnvironment
} from './task-environment.ts';

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
      pip,
      exact: parts.exactRuntime && found.kfpRequirement !== undefined,
      sitePackages: parts.sitePackages
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
      ...commonJob(spec, parts),
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
  if (!argv.some(callsPython)) {
    return {
      job: {
        ...commonJob(spec, parts),
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
      pip,
      sitePackages: parts.sitePackages
    },
    watcher
  );
  const { environment, release } = await occupy(spec, shared, pip, parts);
  const env = withEnvironment(host, environment);
  return {
    job: {
      ...commonJob(spec, parts),
      env: { ...env, ...ownVariables(spec) },
      argv
    },
    python: interpreter.executable,
    env: host,
    mayFork: false,
    release
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
