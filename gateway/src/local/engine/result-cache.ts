/** Results of earlier tasks of the same pipeline (pipeline-execution section 10). */
import { existsSync } from 'node:fs';

import type { Json } from 'jupyterlab-kfp-model';

import type { ExecutionStore } from '../store/execution.ts';
import type { TaskCheck } from '../tasks/contract.ts';
import { cacheKey } from './cache-key.ts';
import type { EngineRun } from './contract.ts';
import { localPath } from './importer.ts';
import { fieldsOf, usesWorkspace, volumeNames } from './platform.ts';
import type { Scope, TaskNode } from './task-node.ts';

/** Outputs that can be taken over, and whose they are. */
export interface CachedResult {
  readonly outputs: Scope;
  readonly from: { readonly runId: string; readonly taskId: string };
}

/** Outputs as kept; `files` are the artifacts that existed, since an output may be left unwritten. */
interface StoredResult extends Scope {
  readonly files?: readonly string[];
}

export class ResultCache {
  private readonly _store: ExecutionStore;
  private readonly _run: EngineRun;

  constructor(store: ExecutionStore, run: EngineRun) {
    this._store = store;
    this._run = run;
  }

  /** The key of a task whose inputs are known; `undefined` when its results are not reused. */
  key(node: TaskNode, check: TaskCheck | undefined): string | undefined {
    const { document, cache } = this._run;
    return cacheKey(node, {
      ...(cache === undefined ? {} : { override: cache }),
      isolation: check?.isolation ?? '',
      interpreter: check?.python ?? '',
      volumes: volumeNames(node, document.platform),
      ...(usesWorkspace(node) ? { workspaceRun: this._run.runId } : {}),
      platformFields: fieldsOf(node, document.platform) as Json
    });
  }

  /** The result under a key. One whose files are gone counts as none. */
  find(key: string): CachedResult | undefined {
    const row = this._store.cached(this._pipeline, key);
    if (row === undefined) {
      return undefined;
    }
    const { files, parameters, artifacts } = JSON.parse(
      row.outputs
    ) as StoredResult;
    const outputs = { parameters, artifacts };
    return (files ?? filesOf(outputs)).every(path => existsSync(path))
      ? { outputs, from: { runId: row.runId, taskId: row.taskId } }
      : undefined;
  }

  /** Keep the result of a task that succeeded; the caller holds the transaction. */
  save(node: TaskNode, key: string, outputs: Scope, now: number): void {
    const result: StoredResult = {
      ...outputs,
      files: filesOf(outputs).filter(path => existsSync(path))
    };
    this._store.saveCached(
      this._pipeline,
      key,
      {
        runId: node.runId,
        taskId: node.taskId,
        outputs: JSON.stringify(result)
      },
      now
    );
  }

  private get _pipeline(): string {
    return this._run.document.spec.pipelineInfo.name;
  }
}

function filesOf(outputs: Scope): readonly string[] {
  return Object.values(outputs.artifacts)
    .flat()
    .map(artifact => localPath(artifact.uri))
    .filter(path => path !== undefined);
}
