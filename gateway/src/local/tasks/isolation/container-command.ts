/** The command that runs an attempt as a container, without privileges and with its folders where they are outside. */
import { existsSync } from 'node:fs';
import path from 'node:path';

import type { AttemptSpec, InitContainer } from '../contract.ts';
import { isInside, localPaths } from './paths.ts';
import type { ContainerRuntime } from './container-runtime.ts';

/** Name of an attempt's container. */
export function containerName(spec: AttemptSpec): string {
  return `jupyterlab-kfp-${spec.attemptId}`;
}

/** Name of the container of an attempt's init container. */
export function initName(spec: AttemptSpec, index: number): string {
  return `${containerName(spec)}-init-${index}`;
}

/** The whole command line of the client that stays attached to the container. */
export function containerCommand(
  runtime: ContainerRuntime,
  spec: AttemptSpec,
  env: Readonly<Record<string, string>>
): readonly string[] {
  return [
    ...begin(runtime, spec, containerName(spec)),
    ...['--workdir', spec.folder],
    ...(spec.sharedMemoryBytes === undefined
      ? []
      : ['--shm-size', String(spec.sharedMemoryBytes)]),
    ...binds(spec).flatMap(bind => ['--mount', bind]),
    ...variables(env),
    // Without a value: the client passes its own on, so that no list of processes shows it.
    ...spec.secretEnv.flatMap(({ name }) => ['--env', name]),
    ...program(spec)
  ];
}

/** The same for one of the containers before it; `args` and `env` are expanded. */
export function initCommand(
  runtime: ContainerRuntime,
  spec: AttemptSpec,
  init: InitContainer,
  index: number,
  env: Readonly<Record<string, string>>
): readonly string[] {
  return [
    ...begin(runtime, spec, initName(spec, index)),
    ...init.mounts.flatMap(({ source, target, readOnly }) => [
      '--mount',
      bind(source, target, readOnly)
    ]),
    ...variables(env),
    ...program(init)
  ];
}

/** What all containers of an attempt have in common. */
function begin(
  runtime: ContainerRuntime,
  spec: AttemptSpec,
  name: string
): readonly string[] {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return [
    runtime.name,
    'run',
    ...['--name', name],
    ...['--label', `jupyterlab-kfp.run=${spec.runId}`],
    ...['--label', `jupyterlab-kfp.attempt=${spec.attemptId}`],
    // In a rootless runtime root is the user already.
    ...['--user', runtime.isRootful ? `${uid}:${gid}` : '0:0'],
    ...['--security-opt', 'no-new-privileges'],
    // Folders of the user may not be relabelled for SELinux.
    ...['--security-opt', 'label=disable'],
    ...['--pull', 'never']
  ];
}

function variables(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`
  ]);
}

/** Image and command; without a command the image's own entry point. */
function program({
  image,
  command,
  args
}: Pick<AttemptSpec, 'image' | 'command' | 'args'>): readonly string[] {
  return [
    ...(command.length === 0
      ? [image]
      : ['--entrypoint', command[0] ?? '', image]),
    ...command.slice(1),
    ...args
  ];
}

/** The attempt's folder, what the executor input points at, and the mounts of the task. */
function binds(spec: AttemptSpec): readonly string[] {
  const result = [bind(spec.folder, spec.folder, false)];
  const bound = [spec.folder];
  for (const mount of spec.mounts) {
    result.push(bind(mount.source, mount.target, mount.readOnly));
    if (mount.target === '/kfp-workspace') {
      // Values that were made outside name the folder itself.
      result.push(bind(mount.source, mount.source, false));
      bound.push(mount.source);
    }
  }
  for (const place of localPaths(spec.executorInput)) {
    if (
      !bound.some(folder => isInside(place, folder)) &&
      path.dirname(place) !== place &&
      existsSync(place)
    ) {
      bound.push(place);
      result.push(bind(place, place, true));
    }
  }
  return result;
}

function bind(source: string, target: string, readOnly: boolean): string {
  return [
    'type=bind',
    `source=${source}`,
    `target=${target}`,
    ...(readOnly ? ['readonly'] : [])
  ].join(',');
}
