/** What is in an environment: its packages, KFP's runtime, and its own pip. */
import { createHash } from 'node:crypto';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
  copyFolder,
  ensurePip,
  install,
  makeEnvironment,
  sitePackages
} from './installers.ts';
import type { Interpreter } from './interpreters.ts';
import { runTool } from './tool.ts';

/** What an environment must hold. */
export interface Wanted {
  readonly interpreter: Interpreter;
  /** Where KFP's runtime may be copied from when the interpreter has none. */
  readonly donor?: Interpreter;
  /** Whether KFP's runtime is needed, and what to install where nobody has one. */
  readonly runtime: string | undefined;
  /** Whether exactly that runtime is installed, though a copy is at hand. */
  readonly exact?: boolean;
  readonly packages: readonly string[];
  readonly indexOptions: readonly string[];
  /** Whether the task calls pip itself. */
  readonly pip: boolean;
  /** Whether the interpreter's own packages are seen, after those of the environment. */
  readonly sitePackages?: boolean;
}

/** Make an environment. Throws `EnvironmentError`. */
export async function fillEnvironment(
  folder: string,
  wanted: Wanted,
  line: (line: string) => void
): Promise<void> {
  const { interpreter, packages, indexOptions } = wanted;
  await makeEnvironment(folder, interpreter);
  await ownPip(folder);
  const packagesFolder = await sitePackages(folder);
  // The runtime first: a package that depends on kfp then finds it.
  if (wanted.runtime !== undefined && !packages.some(isKfp)) {
    const source = runtimeSource(wanted);
    if (source === undefined) {
      if (wanted.exact !== true) {
        line(`No kfp was found; installing ${wanted.runtime}`);
      }
      await install(
        folder,
        interpreter,
        ['--no-deps', wanted.runtime],
        indexOptions,
        line
      );
    } else {
      await copyRuntime(source, packagesFolder);
    }
  }
  if (packages.length > 0) {
    await install(folder, interpreter, packages, indexOptions, line);
  }
  if (wanted.pip) {
    await ensurePip(folder, interpreter);
  }
  if (wanted.sitePackages === true) {
    await showSitePackages(packagesFolder, interpreter);
  }
  if (wanted.runtime !== undefined) {
    // Importing it once leaves the byte code that every task starts from.
    await runTool(
      path.join(folder, 'bin', 'python'),
      ['-s', '-c', 'import kfp.dsl.executor_main'],
      { env: { _KFP_RUNTIME: 'true' } }
    );
  }
}

/** Where the runtime is copied from; `undefined` when it has to be installed. */
function runtimeSource(wanted: Wanted): string | undefined {
  return wanted.exact === true
    ? undefined
    : (wanted.interpreter.kfpFolder ?? wanted.donor?.kfpFolder ?? undefined);
}

/** What makes two environments the same. */
export function keyOf(wanted: Wanted): string {
  const { interpreter, donor } = wanted;
  const runtime =
    wanted.runtime === undefined || wanted.exact === true
      ? (wanted.runtime ?? '')
      : (interpreter.kfpVersion ?? donor?.kfpVersion ?? wanted.runtime);
  return createHash('sha256')
    .update(
      JSON.stringify([
        interpreter.base,
        interpreter.version,
        interpreter.platform,
        runtime,
        [...wanted.packages].sort(),
        wanted.indexOptions,
        wanted.pip,
        // Left out where it is not so: environments of earlier releases keep their keys.
        ...(wanted.exact === true ? ['exact'] : []),
        ...(wanted.sitePackages === true
          ? ['site', ...interpreter.siteFolders]
          : [])
      ])
    )
    .digest('hex')
    .slice(0, 24);
}

/** Whether a requirement names one version only. */
export function isPinned(requirement: string): boolean {
  return /^[^=<>!~;@]+===?\s*[^*,\s]+\s*(;.*)?$/.test(requirement.trim());
}

function isKfp(requirement: string): boolean {
  return /^kfp(?![-\w.])/i.test(requirement.trim());
}

async function copyRuntime(source: string, target: string): Promise<void> {
  await copyFolder(source, path.join(target, 'kfp'));
  const around = path.dirname(source);
  for (const name of await readdir(around)) {
    if (/^kfp-[\d.a-z]+\.dist-info$/.test(name)) {
      await copyFolder(path.join(around, name), path.join(target, name));
    }
  }
}

/** `pip` on PATH is the environment's, whether it has one or not: never the user's. */
async function ownPip(folder: string): Promise<void> {
  for (const name of ['pip', 'pip3']) {
    const file = path.join(folder, 'bin', name);
    await writeFile(
      file,
      '#!/bin/sh\nexec "$(dirname "$0")/python" -m pip "$@"\n'
    );
    await chmod(file, 0o755);
  }
}

/** Packages of the interpreter come last, with what their own `.pth` files add (editable installs). */
async function showSitePackages(
  target: string,
  interpreter: Interpreter
): Promise<void> {
  const lines = interpreter.siteFolders.map(
    folder => `import site; site.addsitedir(${JSON.stringify(folder)})\n`
  );
  await writeFile(path.join(target, 'zz-site-packages.pth'), lines.join(''));
}
