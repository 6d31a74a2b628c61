/** The two ways to make an environment and to install into it: `uv` where it is found, else `venv` and `pip`. */
import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

import type { Interpreter } from './interpreters.ts';
import { runTool } from './tool.ts';

type Line = (line: string) => void;

/** The user's own choice of package indexes, in pip's words; wins over what a component asks for. */
interface Mirror {
  readonly index?: string;
  readonly extra: readonly string[];
  readonly links: readonly string[];
  readonly trusted: readonly string[];
  readonly certificates?: string;
}

/** Where `uv` is: on PATH, beside the interpreter, or in its usual places. */
export function findUv(
  interpreter: Interpreter,
  env: NodeJS.ProcessEnv = process.env
): string | undefined {
  const home = homedir();
  return [
    path.dirname(interpreter.executable),
    ...(env['PATH'] ?? '').split(path.delimiter).filter(place => place !== ''),
    path.join(home, '.local', 'bin'),
    path.join(home, '.cargo', 'bin')
  ]
    .map(place => path.join(place, 'uv'))
    .find(place => existsSync(place));
}

/** Make an empty environment without pip. */
export async function makeEnvironment(
  folder: string,
  interpreter: Interpreter
): Promise<void> {
  const uv = findUv(interpreter);
  await (uv === undefined
    ? runTool(interpreter.executable, ['-m', 'venv', '--without-pip', folder])
    : runTool(uv, [
        ...['venv', '--quiet', '--no-project', '--no-config'],
        ...['--python', interpreter.executable, folder]
      ]));
}

/** Install requirements into an environment. */
export async function install(
  folder: string,
  interpreter: Interpreter,
  requirements: readonly string[],
  indexOptions: readonly string[],
  line: Line
): Promise<void> {
  const python = path.join(folder, 'bin', 'python');
  const uv = findUv(interpreter);
  const mirror = await userMirror(interpreter);
  const options = mirror.index === undefined ? [...indexOptions] : []; // the user's mirror stands in for all of them
  if (uv === undefined) {
    await ensurePip(folder, interpreter);
    await runTool(
      python,
      ['-m', 'pip', 'install', '--no-color', ...options, ...requirements],
      { line }
    );
    return;
  }
  await runTool(
    uv,
    [
      ...['pip', 'install', '--python', python, '--no-config'],
      // As pip does: the best version of all indexes, not the first index that has any.
      ...['--index-strategy', 'unsafe-best-match'],
      ...mirrorOptions(mirror),
      ...options.map(option =>
        option === '--trusted-host' ? '--allow-insecure-host' : option
      ),
      ...requirements
    ],
    {
      line,
      env: {
        NO_COLOR: '1',
        ...(mirror.certificates === undefined ||
        process.env['SSL_CERT_FILE'] !== undefined
          ? {}
          : { SSL_CERT_FILE: mirror.certificates })
      }
    }
  );
}

/** Give an environment its own pip: copied from the interpreter where it has one, so that no network is needed. */
export async function ensurePip(
  folder: string,
  interpreter: Interpreter
): Promise<void> {
  const target = await sitePackages(folder);
  if (existsSync(path.join(target, 'pip'))) {
    return;
  }
  if (interpreter.pipFolder === null) {
    await runTool(path.join(folder, 'bin', 'python'), ['-m', 'ensurepip']);
    return;
  }
  const source = path.dirname(interpreter.pipFolder);
  const names = (await readdir(source)).filter(name =>
    /^pip(-[\d.a-z]+\.dist-info)?$/.test(name)
  );
  for (const name of names) {
    await copyFolder(path.join(source, name), path.join(target, name));
  }
}

/** Folder of an environment's packages. */
export async function sitePackages(folder: string): Promise<string> {
  const lib = path.join(folder, 'lib');
  const python = (await readdir(lib)).find(name => name.startsWith('python'));
  return path.join(lib, python ?? 'python3', 'site-packages');
}

/** Copy a package without its byte code. */
export async function copyFolder(
  source: string,
  target: string
): Promise<void> {
  await cp(source, target, {
    recursive: true,
    filter: place => path.basename(place) !== '__pycache__'
  });
}

const mirrors = new Map<string, Promise<Mirror>>();

/** What pip's configuration says about indexes; `uv` does not read it. */
function userMirror(interpreter: Interpreter): Promise<Mirror> {
  const { executable } = interpreter;
  let mirror = mirrors.get(executable);
  if (mirror === undefined) {
    mirror =
      interpreter.pipFolder === null
        ? Promise.resolve(parseMirror('', process.env))
        : runTool(executable, ['-m', 'pip', 'config', 'list']).then(
            text => parseMirror(text, process.env),
            () => parseMirror('', process.env)
          );
    mirrors.set(executable, mirror);
  }
  return mirror;
}

/** Reads `pip config list` and pip's variables. Exported for its test. */
export function parseMirror(text: string, env: NodeJS.ProcessEnv): Mirror {
  const value = (name: string): string | undefined => {
    const variable = env[`PIP_${name.toUpperCase().replaceAll('-', '_')}`];
    if (variable !== undefined && variable !== '') {
      return variable;
    }
    for (const section of ['install', 'global']) {
      const found = new RegExp(
        `^${section}\\.${name}=(['"])(.*)\\1$`,
        'm'
      ).exec(text)?.[2];
      if (found !== undefined) {
        return found.replaceAll('\\n', '\n');
      }
    }
    return undefined;
  };
  const words = (name: string): readonly string[] =>
    (value(name) ?? '').split(/\s+/).filter(word => word !== '');
  const index = value('index-url');
  const certificates = value('cert');
  return {
    ...(index === undefined ? {} : { index }),
    extra: words('extra-index-url'),
    links: words('find-links'),
    trusted: words('trusted-host'),
    ...(certificates === undefined ? {} : { certificates })
  };
}

function mirrorOptions(mirror: Mirror): readonly string[] {
  return [
    ...(mirror.index === undefined ? [] : ['--index-url', mirror.index]),
    ...mirror.extra.flatMap(url => ['--extra-index-url', url]),
    ...mirror.links.flatMap(place => ['--find-links', place]),
    ...mirror.trusted.flatMap(host => ['--allow-insecure-host', host])
  ];
}
