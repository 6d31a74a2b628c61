/** Which tasks of a run would take over earlier results: the scheduler is played through with the cache alone. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { ExecutionStore } from '../store/execution.ts';
import type { TaskCheck } from '../tasks/contract.ts';
import type { RunFacts } from './constants.ts';
import type { EngineRun } from './contract.ts';
import { TaskError } from './engine-error.ts';
import { findImported } from './importer.ts';
import type { ServiceFolders } from './platform-stores.ts';
import { ResultCache } from './result-cache.ts';
import type { Command } from './scheduler-events.ts';
import { Scheduler } from './scheduler.ts';
import { emptyScope, type Scope, type TaskNode } from './task-node.ts';
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
 * a task, which no earlier result can match, and `unknown` where only values come from it.
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
  let ids = 0;
  const scheduler = new Scheduler({
    runId: run.runId,
    document: run.document,
    facts: parts.facts,
    inputs: parts.inputs,
    newId: () => `${run.runId}-${ids++}`
  });
  const found = new Map<string, Foretold>();
  const open: Command[] = [...scheduler.handle({ type: 'begin' }, 0)];
  for (let next = open.shift(); next; next = open.shift()) {
    if (scheduler.tree.size > MAX_NODES) {
      return new Map();
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
      const path = node.vertex ?? node.key;
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
  addFollowers(scheduler, found);
  return found;

  function lookUp(node: TaskNode, check: TaskCheck | undefined) {
    if (node.executor?.kind !== 'container') {
      return undefined;
    }
    try {
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

/** Tasks that the play did not reach. */
function addFollowers(
  scheduler: Scheduler,
  found: Map<string, Foretold>
): void {
  const isNew = (node: TaskNode | undefined): boolean =>
    node !== undefined && found.get(node.vertex ?? node.key)?.cache === 'new';
  for (let changed = true; changed;) {
    changed = false;
    for (const node of scheduler.tree.nodes()) {
      const path = node.vertex ?? node.key;
      if (
        node.executor?.kind !== 'container' ||
        node.state !== 'PENDING' ||
        found.has(path)
      ) {
        continue;
      }
      const takesNew = Object.values(node.spec?.inputs.artifacts ?? {}).some(
        source =>
          source.kind === 'output' &&
          isNew(node.parent?.children.get(source.task))
      );
      if (takesNew) {
        found.set(path, { cache: 'new' });
        changed = true;
      }
    }
  }
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
