/** Models in images: an artifact `oci://<image>` is the folder `/models` of that image. */
import type { ImageFolder } from '../tasks/contract.ts';
import { artifactPath } from './artifact-path.ts';
import { TaskError } from './engine-error.ts';
import type { Scope } from './task-node.ts';

const SCHEME = 'oci://';
/** As docker and podman name images; never an option of their command line. */
const IMAGE = /^[A-Za-z0-9][\w.:@/-]*$/;

/** Whether an artifact is a folder of an image. */
export function isModel(uri: string): boolean {
  return uri.startsWith(SCHEME);
}

/** The image of a model. Throws `TaskError` when the address names none. */
export function modelImage(uri: string): string {
  const image = uri.slice(SCHEME.length);
  if (!IMAGE.test(image)) {
    throw new TaskError(
      `${uri} names no image: an address is oci://<registry>/<name>:<tag>`,
      'importer'
    );
  }
  return image;
}

/** Folders of images that a task finds at the places where KFP's runtime looks for them. */
export function modelsOf(inputs: Scope): readonly ImageFolder[] {
  const uris = new Set(
    Object.values(inputs.artifacts)
      .flat()
      .map(({ uri }) => uri)
      .filter(isModel)
  );
  return [...uris].map(uri => ({
    image: modelImage(uri),
    target: artifactPath(uri)
  }));
}

/** Why a model cannot be had; `reason` says what is missing here. */
export function noModel(image: string, reason: string): string {
  return `its model is in the image ${image}: ${reason}`;
}
