/** Images for the container tests, made on this machine: no registry can be asked. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { PYTHON } from '../test-attempts.ts';

/** Name of the image with a shell. */
export const SHELL_IMAGE = 'localhost/jupyterlab-kfp-test-shell:1';

const TOOLS =
  'true sh cat ls id sleep echo test touch head tail df env pwd mkdir'.split(
    ' '
  );

/** Why there are no containers here; undefined when there are. Sets up podman for this process. */
export function missingPodman(): string | undefined {
  if (process.env['CONTAINERS_CONF'] === undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), 'containers-'));
    const file = path.join(folder, 'containers.conf');
    writeFileSync(
      file,
      '[engine]\nruntime = "runc"\n[containers]\nnetns = "host"\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'
    );
    process.env['CONTAINERS_CONF'] = file;
  }
  // A docker of this machine does not know podman's images.
  process.env['DOCKER_HOST'] ??= 'unix:///nowhere/docker.sock';
  const version = spawnSync('podman', ['version'], { timeout: 10_000 });
  if (version.status !== 0) {
    return 'podman does not answer';
  }
  if (busybox() === undefined) {
    return 'no busybox for an image';
  }
  shellImage(SHELL_IMAGE);
  const trial = spawnSync('podman', ['run', '--rm', SHELL_IMAGE, 'true'], {
    encoding: 'utf8',
    timeout: 60_000
  });
  return trial.status === 0
    ? undefined
    : `podman cannot run containers here: ${trial.stderr.trim().split('\n').at(-1)}`;
}

/** A service that a docker client can talk to. */
export interface DockerService {
  /** Why there is none; undefined when it answers. */
  readonly missing?: string;
  readonly close: () => void;
}

/** Lets the docker client of this machine, where there is one, work on podman's images. */
export async function dockerOverPodman(): Promise<DockerService> {
  const missing = missingPodman();
  if (missing !== undefined) {
    return { missing, close: () => undefined };
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'docker-'));
  const address = `unix://${path.join(folder, 'socket')}`;
  const service = spawn('podman', ['system', 'service', '--time=0', address], {
    stdio: 'ignore'
  });
  const close = (): void => {
    service.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.env['DOCKER_HOST'] = address;
  for (let n = 0; n < 50; n++) {
    const answer = spawnSync('docker', ['version'], { timeout: 10_000 });
    if (answer.status === 0) {
      return { close };
    }
    if (answer.error !== undefined) {
      break;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  close();
  return { missing: 'no docker client here', close: () => undefined };
}

function busybox(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .concat('/bin', '/usr/bin')
    .map(folder => path.join(folder, 'busybox'))
    .find(file => existsSync(file));
}

/** An image with a shell, under the name that a pipeline asks for. */
export function shellImage(
  name: string,
  changes: readonly string[] = []
): void {
  const root = mkdtempSync(path.join(tmpdir(), 'image-'));
  try {
    fillShell(root);
    importImage(root, name, changes);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** An image with nothing but a model: one file in the folder `/models`, or elsewhere. */
export function modelImage(
  name: string,
  content: string,
  folder = 'models'
): void {
  const root = mkdtempSync(path.join(tmpdir(), 'image-'));
  try {
    mkdirSync(path.join(root, folder, 'deep'), { recursive: true });
    writeFileSync(path.join(root, folder, 'deep', 'weights'), content);
    importImage(root, name, []);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** An image with a shell, Python and KFP's runtime. */
export function pythonImage(name: string): void {
  const root = mkdtempSync(path.join(tmpdir(), 'image-'));
  try {
    fillShell(root);
    const facts = JSON.parse(
      execFileSync(
        PYTHON,
        [
          '-c',
          'import sys, sysconfig, json, kfp, os; print(json.dumps({"lib": sysconfig.get_path("stdlib"), "exe": os.path.realpath(sys.executable), "kfp": os.path.dirname(kfp.__file__)}))'
        ],
        { encoding: 'utf8' }
      )
    ) as { lib: string; exe: string; kfp: string };
    const lib = path.join(root, facts.lib);
    const left =
      /\/(test|tests|site-packages|idlelib|tkinter|ensurepip|lib2to3|__pycache__|config-[^/]*)$/;
    cpSync(facts.lib, lib, {
      recursive: true,
      filter: source => !left.test(source)
    });
    cpSync(facts.kfp, path.join(lib, 'site-packages', 'kfp'), {
      recursive: true,
      filter: source => !/__pycache__$/.test(source)
    });
    place(root, facts.exe);
    const libraries = execFileSync(
      'sh',
      [
        '-c',
        `ldd ${facts.exe} ${facts.lib}/lib-dynload/*.so | grep -o '/[^ ]*' | sort -u`
      ],
      { encoding: 'utf8' }
    );
    for (const file of libraries.split('\n')) {
      const library = file.replace(/:$/, '');
      if (library !== '' && !library.includes('lib-dynload')) {
        place(root, library);
      }
    }
    symlinkSync(facts.exe, path.join(root, 'bin', 'python3'));
    importImage(root, name, []);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function place(root: string, file: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  if (!existsSync(target)) {
    copyFileSync(realpathSync(file), target);
  }
}

function fillShell(root: string): void {
  const bin = path.join(root, 'bin');
  mkdirSync(bin);
  mkdirSync(path.join(root, 'tmp'), { mode: 0o1777 });
  copyFileSync(busybox() ?? '', path.join(bin, 'busybox'));
  chmodSync(path.join(bin, 'busybox'), 0o755);
  for (const tool of TOOLS) {
    symlinkSync('busybox', path.join(bin, tool));
  }
}

function importImage(
  root: string,
  name: string,
  changes: readonly string[]
): void {
  const archive = `${root}.tar`;
  try {
    execFileSync('tar', ['c', '-C', root, '-f', archive, '.']);
    execFileSync(
      'podman',
      [
        'import',
        ...['ENV PATH=/bin', ...changes].flatMap(change => [
          '--change',
          change
        ]),
        archive,
        name
      ],
      { stdio: 'pipe' }
    );
  } finally {
    rmSync(archive, { force: true });
  }
}
