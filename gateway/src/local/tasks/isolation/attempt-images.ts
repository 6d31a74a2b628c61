/** Brings what an attempt needs of images: its models as mounts, and the image of its container. */
import type { AttemptListener, AttemptSpec, Mount } from '../contract.ts';
import { StartError, type JobParts } from '../job-parts.ts';
import { withoutImage } from './without-image.ts';

/** An attempt with its images; call `release` when it has ended. */
export interface BroughtImages {
  readonly spec: AttemptSpec;
  readonly release: () => void;
}

/** Throws an error with one sentence where something cannot be had. */
export async function bringImages(
  asked: AttemptSpec,
  parts: JobParts,
  listener: AttemptListener
): Promise<BroughtImages> {
  const { models = [] } = asked;
  const held: (() => void)[] = [];
  const release = (): void => held.forEach(free => free());
  try {
    const mounts: Mount[] = [];
    for (const { image, target } of models) {
      const runtime = await parts.kinds.container();
      if (runtime === undefined) {
        throw new StartError(
          `the model of ${image} needs docker or podman. Neither answers.`
        );
      }
      const model = await parts.models.bring(runtime, image, reason =>
        listener.waiting(reason)
      );
      held.push(model.release);
      mounts.push({ source: model.folder, target, readOnly: true });
    }
    const spec =
      mounts.length === 0
        ? asked
        : { ...asked, mounts: [...asked.mounts, ...mounts] };
    return { spec: await withImage(spec, parts, listener), release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Bring the image of a container; where that fails and nobody insists on containers, go on without. */
async function withImage(
  spec: AttemptSpec,
  { kinds, defaultInterpreter }: JobParts,
  listener: AttemptListener
): Promise<AttemptSpec> {
  const runtime =
    spec.isolation === 'container' && kinds.setting === 'auto'
      ? await kinds.container()
      : undefined;
  if (runtime === undefined) {
    return spec;
  }
  try {
    await kinds.runtimes.need(runtime, spec.image, reason =>
      listener.waiting(reason)
    );
    return spec;
  } catch (error) {
    const instead = await withoutImage(
      spec,
      kinds,
      spec.interpreter ?? defaultInterpreter,
      error instanceof Error ? error.message : String(error)
    );
    if (instead === undefined) {
      throw error;
    }
    listener.warning(instead.warning);
    return instead.spec;
  }
}
