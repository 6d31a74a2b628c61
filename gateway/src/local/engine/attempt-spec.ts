/** Everything the task runner needs for one attempt, made from the task and the run. */
import { join } from 'node:path';

import { secretTexts } from 'jupyterlab-kfp-model';

import type { AttemptSpec } from '../tasks/contract.ts';
import { CommandLine } from './command-line.ts';
import type { RunFacts } from './constants.ts';
import type { AttemptRecord, EngineRun } from './contract.ts';
import { attemptPaths } from './executor-input.ts';
import { modelsOf } from './models.ts';
import { taskFolder } from './names.ts';
import { platformParts, taskConfigs, type PlatformParts } from './platform.ts';
import type { TaskNode } from './task-node.ts';

/** Folders the engine works in; absolute. */
export interface EngineFolders {
  readonly dataDir: string;
  readonly configDir: string;
}

/** Folder of an attempt, relative to the data folder. */
export function attemptFolder(node: TaskNode, index: number): string {
  return join(
    'runs',
    node.runId,
    taskFolder(node.number, node.key),
    `a${index}`
  );
}

/** Make the spec of an attempt. Throws `TaskError` when something it needs is missing. */
export function attemptSpec(
  node: TaskNode,
  attempt: AttemptRecord,
  run: EngineRun,
  facts: RunFacts,
  folders: EngineFolders,
  isolation: AttemptSpec['isolation']
): AttemptSpec {
  if (node.executor?.kind !== 'container') {
    throw new Error(`${node.path} is no container`);
  }
  const { container } = node.executor;
  const folder = join(folders.dataDir, attempt.folder);
  const platform = platformOf(node, attempt, run, folders);
  const runDir = join(folders.dataDir, 'runs', node.runId);
  const paths = attemptPaths(
    node,
    {
      folder,
      runDir,
      artifactRoot:
        facts.pipelineRoot === runDir
          ? join(folder, 'artifacts')
          : join(
              facts.pipelineRoot,
              taskFolder(node.number, node.key),
              `a${attempt.index}`
            )
    },
    taskConfigs(node, run.document.platform)
  );
  const line = new CommandLine(node, facts, paths);
  const window = retryWindow(node);
  const models = isolation === 'process' ? [] : modelsOf(paths.inputs);
  const deadlines = [platform.deadlineSeconds, window].filter(
    (seconds): seconds is number => seconds !== undefined
  );
  return {
    attemptId: attempt.attemptId,
    runId: node.runId,
    taskId: node.taskId,
    index: attempt.index,
    folder,
    image: line.text(container.image),
    command: line.list(container.command),
    args: line.list(container.args),
    env: [
      ...container.env.map(({ name, value }) => ({
        name,
        value: line.text(value)
      })),
      ...platform.env
    ],
    executorInput: paths.executorInput,
    outputs: paths.outputs,
    ...(run.interpreter === undefined ? {} : { interpreter: run.interpreter }),
    isolation,
    ...(deadlines.length === 0
      ? {}
      : { deadlineSeconds: Math.min(...deadlines) }),
    mounts: isolation === 'process' ? [] : platform.mounts,
    ...(models.length === 0 ? {} : { models }),
    ...(platform.sharedMemoryBytes === undefined
      ? {}
      : { sharedMemoryBytes: platform.sharedMemoryBytes }),
    secretEnv: platform.secretEnv,
    ...hiddenValues(node, run),
    ...(platform.initContainers.length === 0
      ? {}
      : { initContainers: platform.initContainers }),
    podName: attempt.podName,
    ...(node.retry === undefined
      ? {}
      : { retryIndex: attempt.index - node.generation })
  };
}

/** The executor prints its inputs into the log: those that look like secrets are masked there, under whatever name they came. */
function hiddenValues(
  node: TaskNode,
  run: EngineRun
): Pick<AttemptSpec, 'hidden'> {
  const hidden = [
    ...Object.entries(run.parameters),
    ...Object.entries(node.inputs.parameters)
  ].flatMap(([name, value]) => secretTexts(name, value));
  return hidden.length === 0 ? {} : { hidden: [...new Set(hidden)] };
}

/** The platform fields of a task for one attempt. */
export function platformOf(
  node: TaskNode,
  attempt: Pick<AttemptRecord, 'folder' | 'podName'>,
  run: EngineRun,
  folders: EngineFolders
): PlatformParts {
  return platformParts(
    node,
    run.document.platform,
    {
      ...folders,
      runDir: join(folders.dataDir, 'runs', node.runId),
      attemptDir: join(folders.dataDir, attempt.folder)
    },
    { name: attempt.podName, uid: node.taskId }
  );
}

/** Seconds of the retry window that are left; a running attempt is stopped at its end. */
function retryWindow(node: TaskNode): number | undefined {
  const maximum = node.retry?.backoffMaxDuration;
  const first = node.attempts[node.generation]?.startedAt;
  const newest = node.attempts.at(-1)?.startedAt;
  if (
    maximum === undefined ||
    maximum <= 0 ||
    first === undefined ||
    newest === undefined
  ) {
    return undefined;
  }
  return Math.max(1, maximum - (Date.parse(newest) - Date.parse(first)) / 1000);
}
