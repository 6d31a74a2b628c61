/** Tables of the engine: task instances, attempts, artifacts, cache. */
import type { Migration } from './database.ts';

export const executionMigrations: readonly Migration[] = [
  {
    version: 2,
    statements: [
      // One row per task instance. `record` is the JSON of what only the engine reads.
      `CREATE TABLE tasks (
        task_id TEXT PRIMARY KEY,
        run_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        path TEXT NOT NULL,
        state TEXT NOT NULL,
        record TEXT NOT NULL
      ) WITHOUT ROWID`,
      'CREATE INDEX tasks_by_run ON tasks (run_id, number)',
      `CREATE TABLE attempts (
        attempt_id TEXT PRIMARY KEY,
        task_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        record TEXT NOT NULL
      ) WITHOUT ROWID`,
      'CREATE INDEX attempts_by_run ON attempts (run_id)',
      `CREATE TABLE artifacts (
        artifact_id TEXT PRIMARY KEY,
        run_id TEXT NOT NULL,
        task_id TEXT NOT NULL,
        output TEXT NOT NULL,
        uri TEXT NOT NULL,
        record TEXT NOT NULL
      ) WITHOUT ROWID`,
      'CREATE INDEX artifacts_by_run ON artifacts (run_id)',
      'CREATE INDEX artifacts_by_uri ON artifacts (uri)',
      `CREATE TABLE cache (
        pipeline TEXT NOT NULL,
        key TEXT NOT NULL,
        run_id TEXT NOT NULL,
        task_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        outputs TEXT NOT NULL,
        PRIMARY KEY (pipeline, key)
      ) WITHOUT ROWID`,
      'CREATE INDEX cache_by_run ON cache (run_id)',
      `CREATE TABLE run_warnings (
        run_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (run_id, text)
      ) WITHOUT ROWID`,
      `CREATE TABLE run_facts (
        run_id TEXT PRIMARY KEY,
        record TEXT NOT NULL
      ) WITHOUT ROWID`
    ]
  },
  {
    version: 4,
    statements: [
      // What answers say of the tasks of a final run, made once. `form` changes with the program that makes it.
      `CREATE TABLE run_texts (
        run_id TEXT PRIMARY KEY,
        form INTEGER NOT NULL,
        tasks BLOB NOT NULL
      ) STRICT`,
      // A run that goes on begins with its root, and one that is deleted loses it.
      `CREATE TRIGGER run_goes_on AFTER UPDATE ON tasks WHEN NEW.path = 'root'
       BEGIN DELETE FROM run_texts WHERE run_id = NEW.run_id; END`,
      `CREATE TRIGGER run_deleted AFTER DELETE ON tasks WHEN OLD.path = 'root'
       BEGIN DELETE FROM run_texts WHERE run_id = OLD.run_id; END`
    ]
  }
];
