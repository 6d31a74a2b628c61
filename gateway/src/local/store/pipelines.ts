/** Pipelines and their versions. */
import { randomUUID } from 'node:crypto';

import type { Database } from './database.ts';
import type { DocumentStore, StoredDocument } from './documents.ts';
import {
  listRows,
  type ListPage,
  type ListRequest,
  type ListSpec,
  type SqlRow
} from './list-query.ts';
import { json, number, text } from './row-values.ts';
import {
  alreadyExists,
  invalidInput,
  notFound,
  wrapping
} from './service-error.ts';

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

export interface NewPipeline {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly tags: Tags;
}

export interface NewVersion extends NewPipeline {
  readonly packageUrl?: string;
  readonly codeSourceUrl?: string;
  readonly document: StoredDocument;
}

const FIELDS = {
  id: { column: 'id', kind: 'text' },
  name: { column: 'name', kind: 'text' },
  display_name: { column: 'display_name', kind: 'text' },
  created_at: { column: 'created_at', kind: 'time' },
  description: { column: 'description', kind: 'text' }
} as const;

const PIPELINES: ListSpec = {
  model: 'Pipeline',
  table: 'pipelines',
  taggable: true,
  fields: {
    ...FIELDS,
    pipeline_id: { column: 'id', kind: 'text' },
    namespace: { column: "''", kind: 'text' }
  }
};

const VERSIONS: ListSpec = {
  model: 'PipelineVersion',
  table: 'pipeline_versions',
  taggable: true,
  fields: {
    ...FIELDS,
    pipeline_version_id: { column: 'id', kind: 'text' },
    status: { column: "'READY'", kind: 'text' },
    pipeline_spec: {
      column:
        '(SELECT json FROM documents WHERE digest = pipeline_versions.document)',
      kind: 'text'
    }
  }
};

export class PipelineStore {
  private readonly _database: Database;
  private readonly _documents: DocumentStore;
  private readonly _now: () => number;

  constructor(database: Database, documents: DocumentStore, now: () => number) {
    this._database = database;
    this._documents = documents;
    this._now = now;
  }

  create(pipeline: NewPipeline): Pipeline {
    return this._database.transaction(() => {
      const taken = this._database
        .statement('SELECT 1 AS taken FROM pipelines WHERE name = ?')
        .get(pipeline.name);
      if (taken !== undefined) {
        throw alreadyExists(
          `Failed to create a new pipeline. The name ${pipeline.name} already exist. Please specify a new name`
        ).wrap('Failed to create a pipeline in PipelineStore');
      }
      const id = randomUUID();
      this._database
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

  /** Throws 404. */
  get(id: string): Pipeline {
    const found = this.find(id);
    if (found === undefined) {
      throw notFound('Pipeline', id);
    }
    return found;
  }

  find(id: string): Pipeline | undefined {
    const row = this._database
      .statement('SELECT * FROM pipelines WHERE id = ?')
      .get(id);
    return row === undefined ? undefined : toPipeline(row);
  }

  findByName(name: string): Pipeline | undefined {
    const row = this._database
      .statement('SELECT * FROM pipelines WHERE name = ?')
      .get(name);
    return row === undefined ? undefined : toPipeline(row);
  }

  list(request: ListRequest): ListPage<Pipeline> {
    const page = listRows(this._database, PIPELINES, request);
    return { ...page, rows: page.rows.map(toPipeline) };
  }

  update(
    id: string,
    change: { readonly displayName: string; readonly tags?: Tags }
  ): Pipeline {
    return this._database.transaction(() => {
      const before = this.get(id);
      this._database
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
    this._database.transaction(() => {
      wrapping(
        `Failed to delete pipeline with id ${id} as it was not found`,
        () => this.get(id)
      );
      const versions = this._database
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
      this._database.statement('DELETE FROM pipelines WHERE id = ?').run(id);
      for (const row of versions) {
        this._documents.release(text(row, 'document'));
      }
    });
  }

  createVersion(pipelineId: string, version: NewVersion): PipelineVersion {
    return this._database.transaction(() => {
      this.get(pipelineId);
      const taken = this._database
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
      this._database
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
      this.setDefaultVersion(pipelineId, id);
      return this.getVersion(id);
    });
  }

  /** Throws 404. The pipeline's id does not matter, as on the server. */
  getVersion(id: string): PipelineVersion {
    const found = this.findVersion(id);
    if (found === undefined) {
      throw notFound('PipelineVersion', id);
    }
    return found;
  }

  findVersion(id: string): PipelineVersion | undefined {
    const row = this._database
      .statement('SELECT * FROM pipeline_versions WHERE id = ?')
      .get(id);
    return row === undefined ? undefined : toVersion(row);
  }

  /** The version made last; `undefined` for a pipeline without versions. */
  latestVersion(pipelineId: string): PipelineVersion | undefined {
    const row = this._database
      .statement(
        'SELECT * FROM pipeline_versions WHERE pipeline_id = ? ORDER BY created_at DESC, seq DESC LIMIT 1'
      )
      .get(pipelineId);
    return row === undefined ? undefined : toVersion(row);
  }

  listVersions(
    pipelineId: string,
    request: ListRequest
  ): ListPage<PipelineVersion> {
    const page = listRows(this._database, VERSIONS, request, [
      { sql: 'pipeline_id = ?', values: [pipelineId] }
    ]);
    return { ...page, rows: page.rows.map(toVersion) };
  }

  updateVersion(
    id: string,
    change: { readonly displayName: string; readonly tags?: Tags }
  ): PipelineVersion {
    return this._database.transaction(() => {
      const before = this.getVersion(id);
      this._database
        .statement(
          'UPDATE pipeline_versions SET display_name = ?, tags = ? WHERE id = ?'
        )
        .run(
          change.displayName || before.displayName,
          JSON.stringify(change.tags ?? before.tags),
          id
        );
      return this.getVersion(id);
    });
  }

  deleteVersion(id: string): void {
    this._database.transaction(() => {
      const version = this.getVersion(id);
      this._database
        .statement('DELETE FROM pipeline_versions WHERE id = ?')
        .run(id);
      const latest = this.latestVersion(version.pipelineId);
      this._database
        .statement(
          'UPDATE pipelines SET default_version_id = ? WHERE id = ? AND default_version_id = ?'
        )
        .run(latest?.id ?? '', version.pipelineId, id);
      this._documents.release(version.document);
    });
  }

  setDefaultVersion(pipelineId: string, versionId: string): void {
    this._database
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
