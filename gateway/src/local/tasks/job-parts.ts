/** What the jobs of all kinds have in common, and what is refused before one is made. */
import { constants, readdirSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';

import type { AttemptSpec } from './contract.ts';
import type { Environments } from './environments/environments.ts';
import type { Interpreters } from './environments/interpreters.ts';
import type { IsolationKinds } from './isolation/kinds.ts';
import type { ModelImages } from './isolation/model-images.ts';
import type { Job } from './launcher.ts';
import type { Programs } from './python-sources.ts';

/** A start that is refused: the person's to mend, never retried by itself. */
export class StartError extends Error {}

export interface JobParts {
  readonly environments: Environments;
  readonly interpreters: Interpreters;
  readonly kinds: IsolationKinds;
  readonly models: ModelImages;
  readonly programs: Programs;
  readonly defaultInterpreter: string;
  readonly logCap: number;
  readonly sitePackages: boolean;
  readonly exactRuntime: boolean;
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
/** Whether a word of a command starts a Python, which then is a clean one of ours. */
export function callsPython(word: string): boolean {
  return /python|\bpip\b/.test(word);
}

/** What the supervisor is told about any attempt. */
export function commonJob(
  spec: AttemptSpec,
  parts: JobParts
): Omit<Job, 'env'> {
  return {
    folder: spec.folder,
    logCap: parts.logCap,
    secrets: spec.secretEnv.map(({ name, file }) => [name, file] as const),
    masked: maskedFiles(spec),
    hidden: spec.hidden ?? [],
    deadline: spec.deadlineSeconds ?? null,
    ...(spec.isolation === 'namespace' && spec.mounts.length > 0
      ? {
          stage: parts.programs.stage,
          ...(parts.kinds.bwrap === undefined
            ? {}
            : { bwrap: parts.kinds.bwrap }),
          mounts: spec.mounts.map(
            ({ source, target, readOnly }) =>
              [source, target, readOnly] as const
          )
        }
      : {})
  };
}

/** What the operating system would refuse with a riddle. */
export function checkArguments(
  spec: AttemptSpec,
  argv: readonly string[]
): void {
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
