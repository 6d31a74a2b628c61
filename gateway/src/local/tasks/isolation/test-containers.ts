/** What the tests of docker and podman share: attempts in a shell of an image, and a look whether their container is there. */
import { spawnSync } from 'node:child_process';

import type { AttemptSpec } from '../contract.ts';
import { none, type Bench } from '../test-attempts.ts';
import { containerName } from './container-command.ts';

/** Attempts in containers of an image, made and looked for by `program`. */
export function containerAttempts(
  bench: Bench,
  program: 'docker' | 'podman',
  image: string
) {
  return {
    /** An attempt that runs a script and gives no outputs. */
    shell: (script: string, more: Partial<AttemptSpec> = {}): AttemptSpec =>
      bench.attempt({
        image,
        command: ['sh', '-c', script],
        outputs: none,
        isolation: 'container',
        ...more
      }),
    /** Whether the container of an attempt is there, running or not. */
    isThere: (spec: AttemptSpec): boolean =>
      spawnSync(program, ['container', 'inspect', containerName(spec)])
        .status === 0
  };
}

export type ContainerAttempts = ReturnType<typeof containerAttempts>;
