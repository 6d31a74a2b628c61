/** Pipelines: names under which versions gather. */
import { randomUUID } from 'node:crypto';

import type { Database } from './database.ts';
import type { DocumentStore } from './documents.ts';
import type { ListSpec, SqlRow } from './list-query.ts';
import { json, number, text } from './row-values.ts';
import { alreadyExists, invalidInput, wrapping } from './service-error.ts';
import { Table } from './table.ts';

export type Tags = Readonly<Record<string, string>>;

export interface Pipeline {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly createdAt: number;
  readonly tags: Tags;
  /** The version v1beta1 shows; '' before there is one. */
  readonly defaultVersionId: string;
}

export interface NewPipeline {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly tags: Tags;
}

/** The fields that pipelines and their versions share. */
export const PIPELINE_FIELDS = {
  id: { column: 'id', kind: 'text' },
  name: { column: 'name', kind: 'text' },
  display_name: { column: 'display_name', kind: 'text' },
  created_at: { column: 'created_at', kind: 'time' },
  description: { column: 'description', kind: 'text' }
} as const;

const SPEC: ListSpec = {
  model: 'Pipeline',
  table: 'pipelines',
  taggable: true,
  fields: {
    ...PIPELINE_FIELDS,
    pipeline_id: { column: 'id', kind: 'text' },
    namespace: { column: "''", kind: 'text' }
  }
};

export class PipelineStore extends Table<Pipeline> {
  private readonly _documents: DocumentStore;
  private readonly _now: () => number;

  constructor(database: Database, documents: DocumentStore, now: () => number) {
    super(database, SPEC, toPipeline);
    this._documents = documents;
    this._now = now;
  }

  create(pipeline: NewPipeline): Pipeline {
    return this.database.transaction(() => {
      const taken = this.database
        .statement('SELECT 1 AS taken FROM pipelines WHERE name = ?')
        .get(pipeline.name);
      if (taken !== undefined) {
        throw alreadyExists(
          `Failed to create a new pipeline. The name ${pipeline.name} already exist. Please specify a new name`
        ).wrap('Failed to create a pipeline in PipelineStore');
      }
      const id = randomUUID();
      this.database
        .statement(`INSERT INTO pipelines VALUES (?, ?, ?, ?, ?, '', ?)`)
        .run(
          id,
          pipeline.name,
          pipeline.displayName,
          pipeline.description,
          this._now(),
          JSON.stringify(pipeline.tags)
        );
      return this.get(id);
    });
  }

  findByName(name: string): Pipeline | undefined {
    return this.first('name = ?', name);
  }

  update(
    id: string,
    change: { readonly displayName: string; readonly tags?: Tags }
  ): Pipeline {
    return this.database.transaction(() => {
      const before = this.get(id);
      this.database
        .statement(
          'UPDATE pipelines SET display_name = ?, tags = ? WHERE id = ?'
        )
        .run(
          change.displayName || before.displayName,
          JSON.stringify(change.tags ?? before.tags),
          id
        );
      return this.get(id);
    });
  }

  /** Throws when versions exist and `cascade` was not asked. */
  delete(id: string, cascade: boolean): void {
    this.database.transaction(() => {
      wrapping(
        `Failed to delete pipeline with id ${id} as it was not found`,
        () => this.get(id)
      );
      const versions = this.database
        .statement(
          'SELECT id, document FROM pipeline_versions WHERE pipeline_id = ? ORDER BY seq DESC'
        )
        .all(id);
      const newest = versions[0];
      if (newest !== undefined && !cascade) {
        throw invalidInput(
          `Failed to delete pipeline with id ${id} as it has existing pipeline versions (e.g. ${text(newest, 'id')}). Set cascade=true to delete all versions`
        );
      }
      this.database.statement('DELETE FROM pipelines WHERE id = ?').run(id);
      for (const row of versions) {
        this._documents.release(text(row, 'document'));
      }
    });
  }

  /** The version v1beta1 shows from now on. */
  setDefaultVersion(pipelineId: string, versionId: string): void {
    this.database
      .statement('UPDATE pipelines SET default_version_id = ? WHERE id = ?')
      .run(versionId, pipelineId);
  }
}

function toPipeline(row: SqlRow): Pipeline {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    displayName: text(row, 'display_name'),
    description: text(row, 'description'),
    createdAt: number(row, 'created_at'),
    tags: json<Tags>(row, 'tags'),
    defaultVersionId: text(row, 'default_version_id')
  };
}
