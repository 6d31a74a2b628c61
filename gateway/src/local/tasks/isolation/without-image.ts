/** What becomes of a task whose image cannot be had, where nobody insists on containers. */
import { recogniseLightweight } from 'jupyterlab-kfp-model';

import type { AttemptSpec } from '../contract.ts';
import type { IsolationKinds } from './kinds.ts';

/** A task that goes on without its container, and the sentence that says so. */
export interface WithoutImage {
  readonly spec: AttemptSpec;
  readonly warning: string;
}

/**
 * A laptop with podman may be offline, or the registry private: a task that would also run here without a container runtime
 * still does, with a warning. Undefined where only the image has what the task needs.
 *
 * @param reason - why the image cannot be had, one sentence without its full stop.
 */
export async function withoutImage(
  spec: AttemptSpec,
  kinds: IsolationKinds,
  python: string,
  reason: string
): Promise<WithoutImage | undefined> {
  const found = recogniseLightweight(spec.command, spec.args);
  const needsImage =
    found?.kind === 'containerized' ||
    spec.command.length === 0 ||
    (spec.initContainers ?? []).length > 0;
  if (needsImage) {
    return undefined;
  }
  const needsMounts = spec.mounts.length > 0;
  if (needsMounts && !(await kinds.namespaces(python))) {
    return undefined;
  }
  const instead =
    found?.kind === 'lightweight'
      ? 'a Python of this machine is used instead, without the packages of the image (image-ignored)'
      : 'host commands are used instead (host-commands)';
  return {
    spec: { ...spec, isolation: needsMounts ? 'namespace' : 'process' },
    warning: `${reason}; ${instead}`
  };
}
