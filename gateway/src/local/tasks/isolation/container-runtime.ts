/** Docker or podman, whichever answers: how it is called, and its images. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A runtime that answered. */
export interface ContainerRuntime {
  readonly name: 'docker' | 'podman';
  /** Whether it acts as root on the host, so that the user's own uid has to be asked for. */
  readonly isRootful: boolean;
}

/** Milliseconds a runtime has for its version, and for which an answer holds. */
const PATIENCE = 2000;
const HOLDS = 60_000;

/** Looks for a runtime when somebody needs one, and remembers what it found for a minute. */
export class ContainerRuntimes {
  readonly #clock: () => number;
  #search:
    { at: number; found: Promise<ContainerRuntime | undefined> } | undefined;
  readonly #pulls = new Map<string, Promise<void>>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The runtime of this machine; undefined when neither docker nor podman answers. */
  find(): Promise<ContainerRuntime | undefined> {
    const now = this.#clock();
    if (this.#search === undefined || now - this.#search.at > HOLDS) {
      this.#search = { at: now, found: search() };
    }
    return this.#search.found;
  }

  /** Bring an image; `line` is told what the pull says. Throws an error with one sentence. */
  async need(
    runtime: ContainerRuntime,
    image: string,
    waiting: (reason: string) => void
  ): Promise<void> {
    if (image.startsWith('-')) {
      throw new Error(`${image} is no name of an image`);
    }
    if (await answers(runtime.name, ['image', 'inspect', image], 30_000)) {
      return;
    }
    waiting(`pulling the image ${image}`);
    let pull = this.#pulls.get(image);
    if (pull === undefined) {
      pull = execute(runtime.name, ['pull', '--quiet', image], {
        maxBuffer: 16 * 1024 * 1024
      }).then(
        () => undefined,
        (error: unknown) => {
          const { stderr, message } = error as {
            stderr?: string;
            message: string;
          };
          const last = (stderr ?? message).trim().split('\n').at(-1) ?? '';
          throw new Error(
            `the image ${image} cannot be pulled: ${last.replace(/^Error:\s*/i, '').slice(0, 500)}`
          );
        }
      );
      this.#pulls.set(image, pull);
      const forget = () => this.#pulls.delete(image);
      // A pull that failed is not tried again by each of a thousand tasks.
      pull.then(forget, () => setTimeout(forget, HOLDS).unref());
    }
    await pull;
  }

  /** What a runtime says about an image that is there: an id of 24 characters, and its size. */
  async facts(
    runtime: ContainerRuntime,
    image: string
  ): Promise<{ readonly id: string; readonly bytes: number }> {
    const text = await asks(
      runtime.name,
      ['image', 'inspect', '--format', '{{.Id}} {{.Size}}', image],
      30_000
    );
    const [id = '', bytes = ''] = (text ?? '')
      .replace(/^sha256:/, '')
      .split(' ');
    if (!/^[0-9a-f]{24,}$/.test(id)) {
      throw new Error(`${runtime.name} does not know the image ${image}`);
    }
    return { id: id.slice(0, 24), bytes: Number(bytes) };
  }

  /** Copy a folder out of an image; nothing of it is run. Throws an error with one sentence. */
  async copyOut(
    runtime: ContainerRuntime,
    what: {
      readonly image: string;
      /** Name of the container that stands for the image meanwhile. */
      readonly container: string;
      readonly source: string;
      readonly target: string;
    }
  ): Promise<void> {
    const { image, container, source, target } = what;
    try {
      // An image with nothing but a model has no program of its own.
      const create = ['create', '--pull', 'never', '--name', container];
      await execute(runtime.name, [...create, image, source]);
      await execute(runtime.name, ['cp', `${container}:${source}`, target]);
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      const last = (stderr ?? message).trim().split('\n').at(-1) ?? '';
      throw new Error(
        `the folder ${source} of the image ${image} cannot be copied: ${last.replace(/^Error[^:]*:\s*/i, '').slice(0, 500)}`
      );
    } finally {
      await this.remove(runtime, container);
    }
  }

  /** Remove a container, running or ended; one that is not there is no error. */
  async remove(runtime: ContainerRuntime, name: string): Promise<void> {
    // Podman would first wait ten seconds for it to end by itself.
    const atOnce = runtime.name === 'podman' ? ['--time', '0'] : [];
    await answers(runtime.name, ['rm', '--force', ...atOnce, name], 30_000);
  }

  /** Whether a container of this name is there, running or ended. */
  exists(runtime: ContainerRuntime, name: string): Promise<boolean> {
    return answers(runtime.name, ['container', 'inspect', name], 30_000);
  }
}

async function search(): Promise<ContainerRuntime | undefined> {
  const [docker, podman] = await Promise.all([
    asks('docker', [
      'info',
      '--format',
      '{{.ServerVersion}} {{.SecurityOptions}}'
    ]),
    asks('podman', ['version', '--format', '{{.Client.Version}}'])
  ]);
  if (docker !== undefined && /^\d/.test(docker)) {
    return { name: 'docker', isRootful: !docker.includes('name=rootless') };
  }
  return podman === undefined
    ? undefined
    : { name: 'podman', isRootful: process.getuid?.() === 0 };
}

async function asks(
  command: string,
  args: readonly string[],
  timeout = PATIENCE
): Promise<string | undefined> {
  try {
    const { stdout } = await execute(command, [...args], { timeout });
    return stdout.trim();
  } catch {
    return undefined; // not there, or no answer in time
  }
}

async function answers(
  command: string,
  args: readonly string[],
  timeout: number
): Promise<boolean> {
  return (await asks(command, args, timeout)) !== undefined;
}
