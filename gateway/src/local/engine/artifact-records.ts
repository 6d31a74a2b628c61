/** Gives the artifacts that tasks make their ids, and stores them. */
import type { ExecutionStore } from '../store/execution.ts';
import type { AttemptOutputs } from '../tasks/contract.ts';
import type { ImportedRecord } from './importer.ts';
import { emptyScope, type Scope, type TaskNode } from './task-node.ts';

export class ArtifactRecords {
  private readonly _store: ExecutionStore;
  private readonly _newId: () => string;

  constructor(options: {
    readonly store: ExecutionStore;
    readonly newId: () => string;
  }) {
    this._store = options.store;
    this._newId = options.newId;
  }

  /** What an attempt wrote, with an id for each artifact. */
  withIds(outputs: AttemptOutputs): Scope {
    const scope = emptyScope();
    Object.assign(scope.parameters, outputs.parameters);
    for (const [name, list] of Object.entries(outputs.artifacts)) {
      scope.artifacts[name] = list.map(artifact => ({
        artifactId: this._newId(),
        ...artifact
      }));
    }
    return scope;
  }

  /** Store the artifacts of a task; `imported` says who imported them when. */
  save(
    node: TaskNode,
    outputs: Scope,
    imported?: ImportedRecord['imported']
  ): void {
    for (const [output, list] of Object.entries(outputs.artifacts)) {
      for (const artifact of list) {
        this._store.saveArtifact({
          artifactId: artifact.artifactId,
          runId: node.runId,
          taskId: node.taskId,
          output,
          uri: artifact.uri,
          record: JSON.stringify({ ...artifact, imported })
        });
      }
    }
  }
}
