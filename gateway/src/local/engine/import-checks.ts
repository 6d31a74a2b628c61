/** What is known before a run of artifacts that come from elsewhere. */
import type { Warning } from 'jupyterlab-kfp-model';

import type { TaskRunner } from '../tasks/contract.ts';
import { knownUri, type ArtifactOrigins } from './artifact-origins.ts';
import { artifactPath } from './artifact-path.ts';
import { TaskError } from './engine-error.ts';
import { isModel, modelImage, noModel } from './models.ts';
import { needsFile } from './needs-file.ts';
import { remoteReason } from './remote-artifacts.ts';
import type { StaticTask } from './static-tasks.ts';

/** Why an importer cannot do its work here. */
export async function importReasons(
  task: StaticTask,
  runner: TaskRunner
): Promise<readonly string[]> {
  const uri = knownUri(task);
  if (uri === undefined || !isModel(uri)) {
    return [];
  }
  const reason = await runner.withoutContainers();
  try {
    const image = modelImage(uri);
    return reason === undefined ? [] : [noModel(image, reason)];
  } catch (error) {
    if (error instanceof TaskError) {
      return [error.message];
    }
    throw error;
  }
}

/** Where models in images will be mounted. */
export function modelMounts(
  task: StaticTask,
  origins: ArtifactOrigins
): readonly string[] {
  return imported(task, origins)
    .filter(({ uri }) => isModel(uri))
    .map(({ uri }) => artifactPath(uri));
}

/** Artifacts that a task opens although they are neither here nor can be fetched. */
export function remoteWarnings(
  task: StaticTask,
  origins: ArtifactOrigins
): readonly Warning[] {
  return imported(task, origins).flatMap(({ input, uri }) => {
    const reason = needsFile(task, input)
      ? remoteReason(input, uri)
      : undefined;
    return reason === undefined
      ? []
      : [
          {
            name: 'remote-artifact',
            text: `Task ${task.path} opens a file that is not here: ${reason}.`
          }
        ];
  });
}

function imported(
  task: StaticTask,
  origins: ArtifactOrigins
): readonly { readonly input: string; readonly uri: string }[] {
  const found = new Map<string, { input: string; uri: string }>();
  for (const input of Object.keys(task.task.inputs.artifacts)) {
    for (const origin of origins.of(task, input)) {
      const uri = knownUri(origin.task);
      if (uri !== undefined) {
        found.set(`${input} ${uri}`, { input, uri });
      }
    }
  }
  return [...found.values()];
}
