/** The job of an attempt that runs in a container, after its init containers. */
import type { AttemptSpec, InitContainer } from './contract.ts';
import type { BuildWatcher } from './environments/build.ts';
import {
  containerCommand,
  containerName,
  initCommand,
  initName
} from './isolation/container-command.ts';
import type { ContainerRuntime } from './isolation/container-runtime.ts';
import {
  checkArguments,
  commonJob,
  makeSource,
  StartError,
  type JobParts,
  type ReadyJob
} from './job-parts.ts';
import type { Job } from './launcher.ts';
import { expandVariables, ownVariables } from './task-environment.ts';

/** Make the job; brings the images. Throws `StartError`. */
export async function containerJob(
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
  const inits = spec.initContainers ?? [];
  try {
    for (const { image } of [...inits, spec]) {
      await parts.kinds.runtimes.need(runtime, image, reason =>
        watcher.waiting(reason)
      );
    }
  } catch (error) {
    throw new StartError(
      error instanceof Error ? error.message : String(error)
    );
  }
  for (const { mounts } of [...inits, spec]) {
    for (const mount of mounts) {
      await makeSource(mount.source);
    }
  }
  const argv = containerCommand(runtime, spec, ownVariables(spec));
  checkArguments(spec, argv);
  const interpreter = await parts.interpreters.probe(
    spec.interpreter ?? parts.defaultInterpreter
  );
  return {
    job: {
      ...commonJob(spec, parts),
      env: definedOnly(process.env),
      argv,
      container: { command: [runtime.name], name: containerName(spec) },
      ...(inits.length === 0
        ? {}
        : {
            init: inits.map((init, index) =>
              initJob(runtime, spec, init, index)
            )
          })
    },
    python: interpreter.executable,
    env: process.env,
    mayFork: false,
    release: async () => undefined
  };
}

/** Kubernetes replaces `$(NAME)` in the words of such a container, too. */
function initJob(
  runtime: ContainerRuntime,
  spec: AttemptSpec,
  init: InitContainer,
  index: number
): NonNullable<Job['init']>[number] {
  const env: Record<string, string> = {};
  for (const { name, value } of init.env) {
    env[name] = expandVariables(value, env);
  }
  const expanded = (words: readonly string[]): readonly string[] =>
    words.map(word => expandVariables(word, env));
  const count = spec.initContainers?.length ?? 0;
  return {
    name: init.name,
    title: `init container ${init.name} (${index + 1} of ${count}), image ${init.image}`,
    container: initName(spec, index),
    argv: initCommand(
      runtime,
      spec,
      { ...init, command: expanded(init.command), args: expanded(init.args) },
      index,
      env
    )
  };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (pair): pair is [string, string] => pair[1] !== undefined
    )
  );
}
