/** What can be said about a task before it runs here: how it would be isolated, why not at all, and what differs. */
import {
  recogniseLightweight,
  type ContainerizedComponent,
  type LightweightComponent
} from 'jupyterlab-kfp-model';

import type { TaskCheck } from './contract.ts';
import {
  minorOf,
  pythonOfImage,
  type Interpreters
} from './environments/interpreters.ts';
import type { IsolationKinds } from './isolation/kinds.ts';
import { callsPython } from './job-parts.ts';

/** A container component as it stands in the pipeline. */
export interface TaskQuestion {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly needsMounts: readonly string[];
  /** What only containers can do for this task, as the subject of a sentence. */
  readonly needsContainer?: string;
  readonly interpreter?: string;
}

export interface CheckParts {
  readonly kinds: IsolationKinds;
  readonly interpreters: Interpreters;
  readonly defaultInterpreter: string;
  readonly dataDir: string;
  /** Whether tasks see the packages of their Python. */
  readonly sitePackages: boolean;
  readonly freeBytes: () => Promise<number>;
}

/** Free bytes below which nothing starts. */
const NEEDED = 1e9;

interface Verdict {
  readonly refusals: string[];
  readonly warnings: { name: string; text: string }[];
  container: boolean;
}

/** Check one task. Rejects never but for a bug: a Python that does not work is a refusal. */
export async function checkTask(
  question: TaskQuestion,
  parts: CheckParts
): Promise<TaskCheck> {
  const { kinds } = parts;
  const found = recogniseLightweight(question.command, question.args);
  const verdict: Verdict = { refusals: [], warnings: [], container: false };
  const packages = found?.kind === 'lightweight' ? found.packages : [];
  const free = await parts.freeBytes();
  if (free < NEEDED) {
    verdict.refusals.push(
      `only ${(free / 1e9).toFixed(1)} GB free in ${parts.dataDir}`
    );
  }
  if (kinds.setting === 'container') {
    verdict.container = (await kinds.container()) !== undefined;
    if (!verdict.container) {
      verdict.refusals.push(
        'the setting isolation is "container": it needs docker or podman. Neither answers.'
      );
    }
  } else if (question.needsContainer !== undefined) {
    verdict.container = (await kinds.container()) !== undefined;
    if (!verdict.container) {
      verdict.refusals.push(
        `${question.needsContainer}: ${noContainer(parts)}`
      );
    }
  } else {
    await judge(question, found, parts, verdict);
  }
  const isolation = verdict.container
    ? 'container'
    : await withoutContainer(question, parts, verdict);
  const python =
    isolation === 'container'
      ? undefined
      : await pythonOf(question, found !== undefined, parts);
  return {
    isolation,
    ...(python === undefined ? {} : { python }),
    refusals: verdict.refusals,
    warnings: isolation === 'container' ? [] : verdict.warnings,
    packages
  };
}

/** Whether a container is wanted and there; else what is missing without one. */
async function judge(
  question: TaskQuestion,
  found: LightweightComponent | ContainerizedComponent | undefined,
  parts: CheckParts,
  verdict: Verdict
): Promise<void> {
  const { image } = question;
  if (found?.kind === 'lightweight') {
    const problem = await pythonProblem(question, parts, verdict);
    if (problem !== undefined) {
      verdict.container = (await parts.kinds.container()) !== undefined;
      verdict.warnings.push(problem);
    }
    return;
  }
  verdict.container = (await parts.kinds.container()) !== undefined;
  if (verdict.container) {
    return;
  }
  const missing = noContainer(parts);
  if (found?.kind === 'containerized') {
    verdict.refusals.push(`its code is in the image ${image}: ${missing}`);
  } else if (question.command.length === 0) {
    verdict.refusals.push(
      'no command: the entry point of the image is unknown without docker or podman'
    );
  } else {
    verdict.warnings.push({
      name: 'host-commands',
      text: `image ${image} ignored, host commands used`
    });
  }
}

/** Why a clean environment of this machine is not quite the image. */
async function pythonProblem(
  question: TaskQuestion,
  parts: CheckParts,
  verdict: Verdict
): Promise<{ name: string; text: string } | undefined> {
  const { image } = question;
  const wanted = pythonOfImage(image);
  if (wanted === undefined) {
    return {
      name: 'image-ignored',
      text: `image ${image} ignored: packages of the image are missing here`
    };
  }
  try {
    const { version } = await parts.interpreters.choose(
      question.interpreter ?? parts.defaultInterpreter,
      wanted
    );
    const here = minorOf(version);
    return here === wanted
      ? undefined
      : {
          name: 'python-differs',
          text: `Python ${here} used instead of ${wanted}`
        };
  } catch (error) {
    verdict.refusals.push(
      error instanceof Error ? error.message : String(error)
    );
    return undefined;
  }
}

/** Version of the Python of this machine that runs a task; `undefined` for commands that name none. */
async function pythonOf(
  question: TaskQuestion,
  isComponent: boolean,
  parts: CheckParts
): Promise<string | undefined> {
  if (
    !isComponent &&
    ![...question.command, ...question.args].some(callsPython)
  ) {
    return undefined;
  }
  try {
    const { version } = await parts.interpreters.choose(
      question.interpreter ?? parts.defaultInterpreter,
      pythonOfImage(question.image)
    );
    // What such a task gives is no result for one that does without.
    return parts.sitePackages ? `${version} with its packages` : version;
  } catch {
    return undefined; // there is none; its start says so
  }
}

async function withoutContainer(
  question: TaskQuestion,
  parts: CheckParts,
  verdict: Verdict
): Promise<TaskCheck['isolation']> {
  const { kinds } = parts;
  const { needsMounts } = question;
  if (needsMounts.length === 0 && kinds.setting !== 'namespace') {
    return 'process';
  }
  const python = question.interpreter ?? parts.defaultInterpreter;
  if (await kinds.namespaces(python)) {
    return 'namespace';
  }
  if (needsMounts.length > 0 && (await kinds.container()) !== undefined) {
    return 'container';
  }
  verdict.refusals.push(
    ...needsMounts.map(target => `mounts ${target}: ${noContainer(parts)}`)
  );
  return 'process';
}

/** Why there are no containers, as the end of a sentence. */
export function noContainer({ kinds }: Pick<CheckParts, 'kinds'>): string {
  const { setting } = kinds;
  return setting === 'auto' || setting === 'container'
    ? 'it needs docker or podman. Neither answers.'
    : `it needs docker or podman, which the setting isolation "${setting}" rules out`;
}
