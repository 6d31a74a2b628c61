/** Artifacts of all runs, as the 3.0 routes list them. The engine writes them. */
import type { Json } from 'jupyterlab-kfp-model';

import type { Database } from './database.ts';
import type { ListPage, ListRequest, ListSpec, SqlRow } from './list-query.ts';
import { json, text } from './row-values.ts';
import { Table } from './table.ts';

/** An artifact as recorded by the engine. */
export interface ArtifactRecord {
  readonly artifactId: string;
  readonly name: string;
  readonly type: {
    readonly schemaTitle?: string;
    readonly instanceSchema?: string;
    readonly schemaVersion?: string;
  };
  readonly uri: string;
  readonly metadata: Readonly<Record<string, Json>>;
}

const SPEC: ListSpec = {
  model: 'Artifact',
  // The list machinery pages by "id".
  table: '(SELECT *, artifact_id AS id FROM artifacts)',
  fields: {
    artifact_id: { column: 'id', kind: 'text' },
    id: { column: 'id', kind: 'text' },
    uri: { column: 'uri', kind: 'text' },
    run_id: { column: 'run_id', kind: 'text' },
    task_id: { column: 'task_id', kind: 'text' },
    name: { column: "record ->> '$.name'", kind: 'text' }
  }
};

export class ArtifactStore extends Table<ArtifactRecord> {
  constructor(database: Database) {
    super(database, SPEC, toArtifact);
  }

  override list(request: ListRequest): ListPage<ArtifactRecord> {
    return super.list({
      ...request,
      sortBy: request.sortBy || 'artifact_id'
    });
  }

  runOf(id: string): string | undefined {
    const row = this.database
      .statement('SELECT run_id FROM artifacts WHERE artifact_id = ?')
      .get(id);
    return row === undefined ? undefined : text(row, 'run_id');
  }
}

function toArtifact(row: SqlRow): ArtifactRecord {
  return {
    ...json<Omit<ArtifactRecord, 'artifactId'>>(row, 'record'),
    artifactId: text(row, 'artifact_id')
  };
}
