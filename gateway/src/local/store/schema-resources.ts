/**
 * Tables of what the KFP API names: experiments, pipelines, versions, runs, recurring runs.
 *
 * Times are milliseconds since the epoch; 0 = not set. Names compare without case, as on a MySQL-backed server
 * (kubeflow/pipelines: default collation of its tables). Wide columns stand last, so that lists do not read over them.
 */
import type { Migration } from './database.ts';

export const resourceMigrations: readonly Migration[] = [
  {
    version: 1,
    statements: [
      `CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID`,
      // Compiled pipelines, once per text: many runs share one.
      `CREATE TABLE documents (
        digest TEXT PRIMARY KEY,
        format TEXT NOT NULL CHECK (format IN ('ir', 'argo')),
        json TEXT NOT NULL
      ) STRICT`,
      `CREATE TABLE experiments (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL COLLATE NOCASE UNIQUE,
        description TEXT NOT NULL COLLATE NOCASE,
        created_at INTEGER NOT NULL,
        last_run_created_at INTEGER NOT NULL,
        storage_state TEXT NOT NULL
      ) STRICT`,
      `CREATE INDEX experiments_created ON experiments (created_at, id)`,
      `CREATE INDEX experiments_last_run ON experiments (last_run_created_at, id)`,
      `CREATE TABLE pipelines (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL COLLATE NOCASE UNIQUE,
        display_name TEXT NOT NULL COLLATE NOCASE,
        description TEXT NOT NULL COLLATE NOCASE,
        created_at INTEGER NOT NULL,
        default_version_id TEXT NOT NULL,
        tags TEXT NOT NULL
      ) STRICT`,
      `CREATE INDEX pipelines_created ON pipelines (created_at, id)`,
      `CREATE INDEX pipelines_display_name ON pipelines (display_name, id)`,
      `CREATE TABLE pipeline_versions (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        pipeline_id TEXT NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
        name TEXT NOT NULL COLLATE NOCASE,
        display_name TEXT NOT NULL COLLATE NOCASE,
        description TEXT NOT NULL COLLATE NOCASE,
        created_at INTEGER NOT NULL,
        package_url TEXT NOT NULL,
        code_source_url TEXT NOT NULL,
        tags TEXT NOT NULL,
        document TEXT NOT NULL REFERENCES documents (digest),
        UNIQUE (pipeline_id, name)
      ) STRICT`,
      `CREATE INDEX versions_created ON pipeline_versions (pipeline_id, created_at, id)`,
      `CREATE INDEX versions_document ON pipeline_versions (document)`,
      `CREATE TABLE recurring_runs (
        id TEXT PRIMARY KEY,
        resource_name TEXT NOT NULL,
        display_name TEXT NOT NULL COLLATE NOCASE,
        description TEXT NOT NULL COLLATE NOCASE,
        experiment_id TEXT NOT NULL,
        pipeline_id TEXT NOT NULL,
        pipeline_version_id TEXT NOT NULL,
        service_account TEXT NOT NULL,
        max_concurrency INTEGER NOT NULL,
        enabled INTEGER NOT NULL,
        no_catchup INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        fired INTEGER NOT NULL,
        last_fire_at INTEGER NOT NULL,
        api TEXT NOT NULL CHECK (api IN ('v1', 'v2')),
        schedule TEXT NOT NULL,
        parameters TEXT NOT NULL,
        pipeline_root TEXT NOT NULL,
        document TEXT REFERENCES documents (digest)
      ) STRICT`,
      `CREATE INDEX recurring_created ON recurring_runs (created_at, id)`,
      `CREATE INDEX recurring_experiment ON recurring_runs (experiment_id)`,
      `CREATE INDEX recurring_document ON recurring_runs (document)`,
      // experiment_id and the like are no foreign keys: runs outlive what they were made from.
      `CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL COLLATE NOCASE,
        description TEXT NOT NULL COLLATE NOCASE,
        experiment_id TEXT NOT NULL,
        recurring_run_id TEXT NOT NULL,
        pipeline_id TEXT NOT NULL,
        pipeline_version_id TEXT NOT NULL,
        storage_state TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        scheduled_at INTEGER NOT NULL,
        finished_at INTEGER NOT NULL,
        service_account TEXT NOT NULL,
        api TEXT NOT NULL CHECK (api IN ('v1', 'v2')),
        document TEXT NOT NULL REFERENCES documents (digest),
        pipeline_root TEXT NOT NULL,
        state_history TEXT NOT NULL,
        error TEXT NOT NULL,
        options TEXT NOT NULL,
        parameters TEXT NOT NULL
      ) STRICT`,
      `CREATE INDEX runs_created ON runs (created_at, id)`,
      `CREATE INDEX runs_experiment ON runs (experiment_id, created_at, id)`,
      `CREATE INDEX runs_recurring ON runs (recurring_run_id, created_at, id)`,
      `CREATE INDEX runs_name ON runs (name, id)`,
      `CREATE INDEX runs_finished ON runs (finished_at, id)`,
      `CREATE INDEX runs_scheduled ON runs (scheduled_at, id)`,
      `CREATE INDEX runs_state ON runs (state, created_at, id)`,
      `CREATE INDEX runs_document ON runs (document)`,
      `CREATE TABLE run_metrics (
        run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        node_id TEXT NOT NULL,
        name TEXT NOT NULL,
        value REAL NOT NULL,
        format TEXT NOT NULL,
        PRIMARY KEY (run_id, node_id, name)
      ) STRICT, WITHOUT ROWID`,
      // A repeated request of the workbench finds the run of the first one.
      `CREATE TABLE submit_keys (
        key TEXT PRIMARY KEY,
        run_id TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`
    ]
  },
  {
    version: 3,
    // Lists of runs filter and sort without reading the wide rows: what they look at stands in the index.
    statements: [
      'DROP INDEX runs_created',
      'DROP INDEX runs_name',
      'DROP INDEX runs_finished',
      'CREATE INDEX runs_created ON runs (created_at, id, storage_state, state, name, experiment_id)',
      'CREATE INDEX runs_name ON runs (name, id, storage_state, state, experiment_id, created_at)',
      'CREATE INDEX runs_finished ON runs (finished_at, id, storage_state, state, name, experiment_id)',
      'CREATE INDEX runs_by_state ON runs (state, id, storage_state, name, experiment_id)'
    ]
  }
];
