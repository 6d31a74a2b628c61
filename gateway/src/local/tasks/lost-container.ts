/** Containers of attempts whose supervisor died with the service before. */
import { readFile, rm, truncate } from 'node:fs/promises';
import path from 'node:path';

import type { AttemptSpec } from './contract.ts';
import { containerName, initName } from './isolation/container-command.ts';
import type { IsolationKinds } from './isolation/kinds.ts';
import { maskedFiles, type JobParts } from './job-parts.ts';
import type { Job, Launcher } from './launcher.ts';

/**
 * Go on with a container that lost its supervisor: the runtime still knows its log and how it ended.
 *
 * @returns What the new supervisor had trouble with when it ended, '' for none; undefined when there is no such container.
 */
export async function followContainer(
  spec: AttemptSpec,
  parts: JobParts,
  launcher: Launcher,
  started: (pid: number) => void
): Promise<string | undefined> {
  const { kinds, interpreters, defaultInterpreter, logCap } = parts;
  const runtime = await kinds.runtimes.find();
  const name = containerName(spec);
  if (runtime === undefined || !(await kinds.runtimes.exists(runtime, name))) {
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
  return launcher.launch({
    job,
    python: interpreter.executable,
    env,
    mayFork: false,
    started
  });
}

/** An init container that lost its supervisor ran for a task that will not begin. */
export async function removeInits(
  spec: AttemptSpec,
  kinds: IsolationKinds
): Promise<void> {
  const inits = spec.initContainers ?? [];
  const { runtimes } = kinds;
  const runtime = inits.length === 0 ? undefined : await runtimes.find();
  if (runtime !== undefined) {
    await Promise.all(
      inits.map((_, index) => runtimes.remove(runtime, initName(spec, index)))
    );
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
