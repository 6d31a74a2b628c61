/** What may explain that a task failed, beyond its exit code. */
import { open } from 'node:fs/promises';

import { remoteReason } from './remote-artifacts.ts';
import type { TaskNode } from './task-node.ts';

/** Bytes at the end of a log in which causes are looked for. */
const TAIL = 16 * 1024;
const PIP_FAILED = /^(?:ERROR: |error: |\s*× )/m;
const MISSING_MODULE = /^ModuleNotFoundError: No module named '([\w.]+)'/gm;
const PINNED =
  /['"]([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*[=<>~!]=[^'"\s]*)['"]/g;

/** Sentences without their stops, most telling first. */
export async function failureHints(
  node: TaskNode,
  logFile: string
): Promise<readonly string[]> {
  return [...logHints(node, await tailOf(logFile)), ...inputHints(node)];
}

function logHints(node: TaskNode, tail: string): readonly string[] {
  const words =
    node.executor?.kind === 'container'
      ? [...node.executor.container.command, ...node.executor.container.args]
      : [];
  const installs = words.filter(word => / pip install /.test(word));
  if (installs.length > 0 && PIP_FAILED.test(tail)) {
    const wanted = new Set(
      installs.flatMap(word =>
        [...word.matchAll(PINNED)].map(match => match[1] ?? '')
      )
    );
    return [
      wanted.size === 0
        ? 'pip could not install what the component asks for'
        : `pip could not install ${[...wanted].join(', ')}: a release that old may not exist for this Python`
    ];
  }
  const module = [...tail.matchAll(MISSING_MODULE)].at(-1)?.[1];
  return module === undefined
    ? []
    : [
        `The module "${module}" is not there: tasks have only the packages that their component names, so add it to packages_to_install`
      ];
}

function inputHints(node: TaskNode): readonly string[] {
  return Object.entries(node.inputs.artifacts).flatMap(([name, list]) => {
    if (list.length === 0) {
      return [
        `The list of artifacts "${name}" is empty; a Python component gets None for it`
      ];
    }
    const reason = list
      .map(({ uri }) => remoteReason(name, uri))
      .find(text => text !== undefined);
    return reason === undefined ? [] : [reason];
  });
}

async function tailOf(path: string): Promise<string> {
  let file;
  try {
    file = await open(path, 'r');
  } catch {
    return ''; // no log, no hint from it
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL);
    const { buffer } = await file.read(
      Buffer.alloc(length),
      0,
      length,
      size - length
    );
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}
