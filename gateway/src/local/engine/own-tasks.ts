/** Tasks that the engine does by itself, without an attempt: importers and volumes. */
import { join } from 'node:path';

import { ArtifactRecords } from './artifact-records.ts';
import { TaskError } from './engine-error.ts';
import type { EngineShell } from './engine.ts';
import { importArtifact, importedUri } from './importer.ts';
import type { LauncherHost } from './launcher-host.ts';
import { isModel, modelImage, noModel } from './models.ts';
import type { ResultCache } from './result-cache.ts';
import { emptyScope, type TaskNode } from './task-node.ts';
import { createVolume, deleteVolume, isVolumeThere } from './volumes.ts';

export class OwnTasks {
  private readonly _host: LauncherHost;
  private readonly _options: EngineShell['options'];
  private readonly _cache: ResultCache;
  private readonly _artifacts: ArtifactRecords;

  constructor(parts: {
    readonly host: LauncherHost;
    readonly options: EngineShell['options'];
    readonly cache: ResultCache;
  }) {
    this._host = parts.host;
    this._options = parts.options;
    this._cache = parts.cache;
    this._artifacts = new ArtifactRecords(parts.options);
  }

  /** Throws `TaskError` when there is nothing to import. */
  async import(node: TaskNode): Promise<void> {
    const { store, dataDir, newId, now } = this._options;
    const pipeline = this._host.run.document.spec.pipelineInfo.name;
    await this._checkModel(node);
    const { outputs, isNew } = await importArtifact(
      node,
      this._host.scheduler.facts,
      {
        store,
        pipeline,
        runDir: join(dataDir, 'runs', node.runId),
        newId
      }
    );
    this._host.dispatch(
      { type: 'imported', taskId: node.taskId, outputs },
      () => {
        if (isNew) {
          this._artifacts.save(node, outputs, { pipeline, at: now() });
        }
      }
    );
  }

  /** A cached result of a volume task counts only while its effect lasts. */
  async volume(node: TaskNode, action: 'create' | 'delete'): Promise<void> {
    const { dataDir, newId, now } = this._options;
    const isThere = isVolumeThere(node, dataDir);
    const key =
      isThere === undefined ? undefined : this._cache.key(node, undefined);
    if (
      isThere === (action === 'create') &&
      takeCached(this._host, this._cache, node, key)
    ) {
      return;
    }
    const outputs = emptyScope();
    if (action === 'create') {
      outputs.parameters['name'] = await createVolume(node, dataDir, newId);
    } else {
      await deleteVolume(node, dataDir);
    }
    this._host.dispatch(
      { type: 'imported', taskId: node.taskId, outputs },
      () => {
        if (key !== undefined) {
          this._cache.save(node, key, outputs, now());
        }
      }
    );
  }

  /** A model in an image that nobody can bring fails here, where it is named. */
  private async _checkModel(node: TaskNode): Promise<void> {
    const uri = importedUri(node);
    if (!isModel(uri)) {
      return;
    }
    const image = modelImage(uri);
    const reason = await this._options.runner.withoutContainers();
    if (reason !== undefined) {
      throw new TaskError(noModel(image, reason), 'importer');
    }
  }
}

/** Take over an earlier result, where there is one. */
export function takeCached(
  host: LauncherHost,
  cache: ResultCache,
  node: TaskNode,
  key: string | undefined
): boolean {
  const found = key === undefined ? undefined : cache.find(key);
  if (found === undefined) {
    return false;
  }
  host.dispatch({ type: 'cached', taskId: node.taskId, ...found });
  return true;
}
