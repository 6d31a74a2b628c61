/** The versions of pipelines. */
import { randomUUID } from 'node:crypto';

import type { Database } from './database.ts';
import type { DocumentStore, StoredDocument } from './documents.ts';
import type { ListSpec, SqlRow } from './list-query.ts';
import {
  PIPELINE_FIELDS,
  type NewPipeline,
  type PipelineStore,
  type Tags
} from './pipelines.ts';
import { json, number, text } from './row-values.ts';
import { alreadyExists } from './service-error.ts';
import { Table } from './table.ts';

export interface PipelineVersion {
  readonly id: string;
  readonly pipelineId: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly createdAt: number;
  readonly packageUrl: string;
  readonly codeSourceUrl: string;
  readonly tags: Tags;
  /** Digest of the stored document. */
  readonly document: string;
}

export interface NewVersion extends NewPipeline {
  readonly packageUrl?: string;
  readonly codeSourceUrl?: string;
  readonly document: StoredDocument;
}

const SPEC: ListSpec = {
  model: 'PipelineVersion',
  table: 'pipeline_versions',
  taggable: true,
  fields: {
    ...PIPELINE_FIELDS,
    pipeline_version_id: { column: 'id', kind: 'text' },
    status: { column: "'READY'", kind: 'text' },
    pipeline_spec: {
      column:
        '(SELECT json FROM documents WHERE digest = pipeline_versions.document)',
      kind: 'text'
    }
  }
};

/** As on the server, a version is found by its id alone; the pipeline in a path does not matter. */
export class PipelineVersionStore extends Table<PipelineVersion> {
  private readonly _pipelines: PipelineStore;
  private readonly _documents: DocumentStore;
  private readonly _now: () => number;

  constructor(
    database: Database,
    pipelines: PipelineStore,
    documents: DocumentStore,
    now: () => number
  ) {
    super(database, SPEC, toVersion);
    this._pipelines = pipelines;
    this._documents = documents;
    this._now = now;
  }

  create(pipelineId: string, version: NewVersion): PipelineVersion {
    return this.database.transaction(() => {
      this._pipelines.get(pipelineId);
      const taken = this.database
        .statement(
          'SELECT 1 AS taken FROM pipeline_versions WHERE pipeline_id = ? AND name = ?'
        )
        .get(pipelineId, version.name);
      if (taken !== undefined) {
        throw alreadyExists(
          `Failed to create a new pipeline version. The name ${version.name} already exist. Specify a new name`
        );
      }
      const id = randomUUID();
      this.database
        .statement(
          `INSERT INTO pipeline_versions
           (id, pipeline_id, name, display_name, description, created_at, package_url, code_source_url, tags, document)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
        )
        .run(
          id,
          pipelineId,
          version.name,
          version.displayName,
          version.description,
          this._now(),
          version.packageUrl ?? '',
          version.codeSourceUrl ?? '',
          JSON.stringify(version.tags),
          this._documents.put(version.document)
        );
      this._pipelines.setDefaultVersion(pipelineId, id);
      return this.get(id);
    });
  }

  /** The version made last; `undefined` for a pipeline without versions. */
  latestOf(pipelineId: string): PipelineVersion | undefined {
    return this.first(
      'pipeline_id = ? ORDER BY created_at DESC, seq DESC LIMIT 1',
      pipelineId
    );
  }

  update(
    id: string,
    change: { readonly displayName: string; readonly tags?: Tags }
  ): PipelineVersion {
    return this.database.transaction(() => {
      const before = this.get(id);
      this.database
        .statement(
          'UPDATE pipeline_versions SET display_name = ?, tags = ? WHERE id = ?'
        )
        .run(
          change.displayName || before.displayName,
          JSON.stringify(change.tags ?? before.tags),
          id
        );
      return this.get(id);
    });
  }

  delete(id: string): void {
    this.database.transaction(() => {
      const version = this.get(id);
      this.database
        .statement('DELETE FROM pipeline_versions WHERE id = ?')
        .run(id);
      const latest = this.latestOf(version.pipelineId);
      this.database
        .statement(
          'UPDATE pipelines SET default_version_id = ? WHERE id = ? AND default_version_id = ?'
        )
        .run(latest?.id ?? '', version.pipelineId, id);
      this._documents.release(version.document);
    });
  }
}

function toVersion(row: SqlRow): PipelineVersion {
  return {
    id: text(row, 'id'),
    pipelineId: text(row, 'pipeline_id'),
    name: text(row, 'name'),
    displayName: text(row, 'display_name'),
    description: text(row, 'description'),
    createdAt: number(row, 'created_at'),
    packageUrl: text(row, 'package_url'),
    codeSourceUrl: text(row, 'code_source_url'),
    tags: json<Tags>(row, 'tags'),
    document: text(row, 'document')
  };
}
