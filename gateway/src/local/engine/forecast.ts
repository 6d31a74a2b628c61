/** Which tasks of a run would take over earlier results: the scheduler is played through with the cache alone. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { PipelineDocument } from 'jupyterlab-kfp-model';

import type { ExecutionStore } from '../store/execution.ts';
import type { TaskCheck } from '../tasks/contract.ts';
import { userKey } from './cache-key.ts';
import type { RunFacts } from './constants.ts';
import type { EngineRun } from './contract.ts';
import { TaskError } from './engine-error.ts';
import { addFollowers } from './forecast-followers.ts';
import { knownPart } from './forecast-groups.ts';
import { findImported } from './importer.ts';
import { resolveInputs } from './inputs.ts';
import type { ServiceFolders } from './platform-stores.ts';
import { ResultCache } from './result-cache.ts';
import type { Command } from './scheduler-events.ts';
import { Scheduler } from './scheduler.ts';
import { staticTasks } from './static-tasks.ts';
import {
  emptyScope,
  hasSucceeded,
  isGroup,
  type Scope,
  type TaskNode
} from './task-node.ts';
import { isVolumeThere, volumeAction } from './volumes.ts';

/** What is foretold of one task of the document. */
export interface Foretold {
  readonly cache: 'hit' | 'new' | 'unknown';
  /** Run whose results would be taken. */
  readonly cachedFrom?: string;
}

/** Task instances that are played through at most; beyond, nothing is foretold. */
const MAX_NODES = 2000;

/**
 * Foretell by path (without `root.` and without indexes of rounds).
 *
 * A task that would run ends the play on its branch: what comes after it is `new` where it takes an artifact of such
 * a task, which no earlier result can match, and `unknown` where only values come from it. What takes nothing from it
 * is looked up as it is.
 */
export function foretell(parts: {
  readonly run: EngineRun;
  readonly facts: RunFacts;
  readonly inputs: Scope;
  readonly store: ExecutionStore;
  readonly folders: ServiceFolders;
  /** How each task would run, by path. */
  readonly checks: ReadonlyMap<string, TaskCheck>;
}): ReadonlyMap<string, Foretold> {
  const { run, store, folders, checks } = parts;
  const cache = new ResultCache(store, run);
  const tasks = staticTasks(run.document, run.parameters);
  if (!store.hasCached(run.document.spec.pipelineInfo.name)) {
    return new Map(tasks.map(({ path }) => [path, { cache: 'new' }]));
  }
  let ids = 0;
  let size = 0;
  const found = new Map<string, Foretold>();
  if (!play(run.document, parts.inputs, '')) {
    return new Map();
  }
  addFollowers(tasks, found, (task, key) =>
    cache.find(userKey(task.task.componentRef, key))
  );
  return found;

  /** Play a pipeline, then what is known of the groups that wait in it; false when that is too much. */
  function play(
    document: PipelineDocument,
    inputs: Scope,
    prefix: string
  ): boolean {
    const scheduler = new Scheduler({
      runId: run.runId,
      document,
      facts: parts.facts,
      inputs,
      newId: () => `${run.runId}-${ids++}`
    });
    const pathOf = (node: TaskNode): string =>
      `${prefix}${node.vertex ?? node.key}`;
    const open: Command[] = [...scheduler.handle({ type: 'begin' }, 0)];
    for (let next = open.shift(); next; next = open.shift()) {
      if (size + scheduler.tree.size > MAX_NODES) {
        return false;
      }
      if (next.type === 'import') {
        const outputs = importedOutputs(next.node, parts);
        if (outputs !== undefined) {
          const { taskId } = next.node;
          open.push(
            ...scheduler.handle({ type: 'imported', taskId, outputs }, 0)
          );
        }
      } else if (next.type === 'launch') {
        const { node } = next;
        const path = pathOf(node);
        const result = lookUp(node, checks.get(path));
        add(
          found,
          path,
          result === undefined ? 'new' : 'hit',
          result?.from.runId
        );
        if (result !== undefined) {
          open.push(
            ...scheduler.handle(
              { type: 'cached', taskId: node.taskId, ...result },
              0
            )
          );
        }
      }
    }
    // What only waits for others is known all the same; a condition may yet leave it out.
    for (const node of scheduler.tree.nodes()) {
      const path = pathOf(node);
      if (
        node.executor?.kind === 'container' &&
        node.state === 'PENDING' &&
        !found.has(path) &&
        node.spec?.triggerPolicy?.condition === undefined &&
        hasInputs(node)
      ) {
        const result = lookUp(node, checks.get(path), true);
        add(
          found,
          path,
          result === undefined ? 'new' : 'hit',
          result?.from.runId
        );
      }
    }
    size += scheduler.tree.size;
    for (const node of scheduler.tree.nodes()) {
      const part =
        isGroup(node) && node.state === 'PENDING'
          ? knownPart(node, parts.facts, document)
          : undefined;
      const above = pathOf(node).slice(0, -node.key.length);
      if (part !== undefined && !play(part.document, part.inputs, above)) {
        return false;
      }
    }
    return true;
  }

  function lookUp(
    node: TaskNode,
    check: TaskCheck | undefined,
    isWaiting = false
  ) {
    if (node.executor?.kind !== 'container') {
      return undefined;
    }
    try {
      if (isWaiting) {
        node.inputs = resolveInputs(node, parts.facts);
      }
      const action = volumeAction(node.executor.container.image);
      if (
        action !== undefined &&
        isVolumeThere(node, folders.dataDir) !== (action === 'create')
      ) {
        return undefined;
      }
      const key = cache.key(node, check);
      return key === undefined ? undefined : cache.find(key);
    } catch (error) {
      if (error instanceof TaskError) {
        return undefined; // it would be refused, which the checks say
      }
      throw error;
    }
  }
}

function add(
  found: Map<string, Foretold>,
  path: string,
  cache: 'hit' | 'new',
  runId?: string
): void {
  const before = found.get(path);
  if (before?.cache === 'new' || cache === 'new') {
    found.set(path, { cache: 'new' });
  } else {
    found.set(path, {
      cache: 'hit',
      ...(runId === undefined ? {} : { cachedFrom: runId })
    });
  }
}

/** Whether everything that a task takes is there: it only waits for others to end. */
function hasInputs(node: TaskNode): boolean {
  const { spec, parent } = node;
  if (spec === undefined || parent === undefined || spec.iterator) {
    return false;
  }
  const sources = [
    ...Object.values(spec.inputs.parameters),
    ...Object.values(spec.inputs.artifacts)
  ];
  return sources.every(source => {
    if (source.kind === 'final-status') {
      return false;
    }
    const producer =
      source.kind === 'output' ? parent.children.get(source.task) : undefined;
    return (
      source.kind !== 'output' ||
      (producer !== undefined && hasSucceeded(producer))
    );
  });
}

function importedOutputs(
  node: TaskNode,
  parts: {
    readonly run: EngineRun;
    readonly facts: RunFacts;
    readonly store: ExecutionStore;
    readonly folders: ServiceFolders;
  }
): Scope | undefined {
  try {
    const wanted = findImported(node, parts.facts, {
      store: parts.store,
      pipeline: parts.run.document.spec.pipelineInfo.name,
      runDir: join(parts.folders.dataDir, 'runs', node.runId)
    });
    const isMissing = wanted.local !== undefined && !existsSync(wanted.local);
    if (isMissing || wanted.isCopied) {
      return undefined;
    }
    const outputs = emptyScope();
    outputs.artifacts[wanted.name] = [
      wanted.earlier ?? { artifactId: '', ...wanted.artifact }
    ];
    return outputs;
  } catch (error) {
    if (error instanceof TaskError) {
      return undefined; // its own failure, at its own time
    }
    throw error;
  }
}
