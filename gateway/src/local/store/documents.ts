/** Compiled pipelines, kept once per content. */
import { createHash } from 'node:crypto';

import type { Json } from 'jupyterlab-kfp-model';

import type { Database } from './database.ts';

/** A pipeline as stored: the IR with its platform document, or an Argo workflow. */
export interface StoredDocument {
  readonly format: 'ir' | 'argo';
  readonly pipeline: { readonly [key: string]: Json };
  readonly platform?: { readonly [key: string]: Json };
  /** The text as given, where the wire sends it back (Argo workflows of v1 clients). */
  readonly text?: string;
}

const CACHED = 64;

/** Keeps documents by the digest of their content. */
export class DocumentStore {
  private readonly _database: Database;
  private readonly _cache = new Map<string, StoredDocument>();

  constructor(database: Database) {
    this._database = database;
  }

  /** Store a document, or find the equal one; answers its digest. */
  put(document: StoredDocument): string {
    const json = JSON.stringify({
      pipeline: document.pipeline,
      platform: document.platform,
      text: document.text
    });
    const digest = createHash('sha256').update(json).digest('hex');
    this._database
      .statement(
        `INSERT INTO documents (digest, format, json) VALUES (?, ?, ?)
         ON CONFLICT (digest) DO NOTHING`
      )
      .run(digest, document.format, json);
    return digest;
  }

  /** The document with this digest; a reference without one is a fault of the database. */
  get(digest: string): StoredDocument {
    const cached = this._cache.get(digest);
    if (cached !== undefined) {
      return cached;
    }
    const row = this._database
      .statement('SELECT format, json FROM documents WHERE digest = ?')
      .get(digest);
    if (row === undefined) {
      throw new Error(`The database has no document ${digest}.`);
    }
    const parsed = JSON.parse(String(row['json'])) as Omit<
      StoredDocument,
      'format'
    >;
    const document: StoredDocument = {
      format: row['format'] === 'argo' ? 'argo' : 'ir',
      ...parsed
    };
    if (this._cache.size >= CACHED) {
      const oldest = this._cache.keys().next();
      if (!oldest.done) {
        this._cache.delete(oldest.value);
      }
    }
    this._cache.set(digest, document);
    return document;
  }

  /** Remove the document when nothing refers to it any more. */
  release(digest: string): void {
    this._database
      .statement(
        `DELETE FROM documents WHERE digest = ?1
         AND NOT EXISTS (SELECT 1 FROM runs WHERE document = ?1)
         AND NOT EXISTS (SELECT 1 FROM pipeline_versions WHERE document = ?1)
         AND NOT EXISTS (SELECT 1 FROM recurring_runs WHERE document = ?1)`
      )
      .run(digest);
    this._cache.delete(digest);
  }
}
