/** What the engine keeps: one row per task instance, attempt and artifact, and the cache. */
import type { Database } from './database.ts';

/** A task instance as a row; `record` is the engine's JSON. */
export interface TaskRow {
  readonly taskId: string;
  readonly runId: string;
  readonly number: number;
  readonly path: string;
  readonly state: string;
  readonly record: string;
}

export interface AttemptRow {
  readonly attemptId: string;
  readonly taskId: string;
  readonly runId: string;
  readonly attempt: number;
  readonly record: string;
}

export interface ArtifactRow {
  readonly artifactId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly output: string;
  readonly uri: string;
  readonly record: string;
}

export interface CacheRow {
  readonly runId: string;
  readonly taskId: string;
  readonly outputs: string;
}

/** Rows of the engine. All writes belong into a transaction of the caller. */
export class ExecutionStore {
  readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  saveTask(row: TaskRow): void {
    this.database
      .statement(
        `INSERT INTO tasks (task_id, run_id, number, path, state, record) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (task_id) DO UPDATE SET state = excluded.state, record = excluded.record`
      )
      .run(row.taskId, row.runId, row.number, row.path, row.state, row.record);
  }

  removeTask(taskId: string): void {
    this.database.statement('DELETE FROM tasks WHERE task_id = ?').run(taskId);
    this.database
      .statement('DELETE FROM attempts WHERE task_id = ?')
      .run(taskId);
  }

  /** Tasks of a run in the order in which they were made: parents before children. */
  tasks(runId: string): readonly TaskRow[] {
    return this.database
      .statement('SELECT * FROM tasks WHERE run_id = ? ORDER BY number')
      .all(runId)
      .map(row => ({
        taskId: String(row['task_id']),
        runId,
        number: Number(row['number']),
        path: String(row['path']),
        state: String(row['state']),
        record: String(row['record'])
      }));
  }

  /** The run a task belongs to. */
  runOf(taskId: string): string | undefined {
    const row = this.database
      .statement('SELECT run_id FROM tasks WHERE task_id = ?')
      .get(taskId);
    return row === undefined ? undefined : String(row['run_id']);
  }

  saveAttempt(row: AttemptRow): void {
    this.database
      .statement(
        `INSERT INTO attempts (attempt_id, task_id, run_id, attempt, record) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (attempt_id) DO UPDATE SET record = excluded.record`
      )
      .run(row.attemptId, row.taskId, row.runId, row.attempt, row.record);
  }

  attempts(runId: string): readonly AttemptRow[] {
    return this.database
      .statement('SELECT * FROM attempts WHERE run_id = ? ORDER BY attempt')
      .all(runId)
      .map(row => ({
        attemptId: String(row['attempt_id']),
        taskId: String(row['task_id']),
        runId,
        attempt: Number(row['attempt']),
        record: String(row['record'])
      }));
  }

  saveArtifact(row: ArtifactRow): void {
    this.database
      .statement(
        `INSERT OR REPLACE INTO artifacts (artifact_id, run_id, task_id, output, uri, record)
         VALUES (?, ?, ?, ?, ?, ?)`
      )
      .run(
        row.artifactId,
        row.runId,
        row.taskId,
        row.output,
        row.uri,
        row.record
      );
  }

  /** Artifacts recorded with this URI, in no order that means anything. */
  artifactsAt(uri: string): readonly ArtifactRow[] {
    return this.database
      .statement('SELECT * FROM artifacts WHERE uri = ? LIMIT 1000')
      .all(uri)
      .map(row => ({
        artifactId: String(row['artifact_id']),
        runId: String(row['run_id']),
        taskId: String(row['task_id']),
        output: String(row['output']),
        uri,
        record: String(row['record'])
      }));
  }

  cached(pipeline: string, key: string): CacheRow | undefined {
    const row = this.database
      .statement(
        'SELECT run_id, task_id, outputs FROM cache WHERE pipeline = ? AND key = ?'
      )
      .get(pipeline, key);
    return row === undefined
      ? undefined
      : {
          runId: String(row['run_id']),
          taskId: String(row['task_id']),
          outputs: String(row['outputs'])
        };
  }

  /** Whether a pipeline has any result that could be taken over. */
  hasCached(pipeline: string): boolean {
    return (
      this.database
        .statement('SELECT 1 FROM cache WHERE pipeline = ? LIMIT 1')
        .get(pipeline) !== undefined
    );
  }

  saveCached(pipeline: string, key: string, row: CacheRow, now: number): void {
    this.database
      .statement(
        `INSERT OR REPLACE INTO cache (pipeline, key, run_id, task_id, created_at, outputs)
         VALUES (?, ?, ?, ?, ?, ?)`
      )
      .run(pipeline, key, row.runId, row.taskId, now, row.outputs);
  }

  forgetCached(pipeline: string, key: string): void {
    this.database
      .statement('DELETE FROM cache WHERE pipeline = ? AND key = ?')
      .run(pipeline, key);
  }

  warn(runId: string, text: string): void {
    this.database
      .statement(
        `INSERT OR IGNORE INTO run_warnings (run_id, position, text)
         SELECT ?1, COUNT(*), ?2 FROM run_warnings WHERE run_id = ?1`
      )
      .run(runId, text);
  }

  warnings(runId: string): readonly string[] {
    return this.database
      .statement(
        'SELECT text FROM run_warnings WHERE run_id = ? ORDER BY position'
      )
      .all(runId)
      .map(row => String(row['text']));
  }

  saveFacts(runId: string, record: string): void {
    this.database
      .statement(
        'INSERT OR REPLACE INTO run_facts (run_id, record) VALUES (?, ?)'
      )
      .run(runId, record);
  }

  facts(runId: string): string | undefined {
    const row = this.database
      .statement('SELECT record FROM run_facts WHERE run_id = ?')
      .get(runId);
    return row === undefined ? undefined : String(row['record']);
  }

  /** Runs whose root task is not final. */
  unfinishedRuns(): readonly string[] {
    return this.database
      .statement(
        "SELECT run_id FROM tasks WHERE path = 'root' AND state IN ('PENDING', 'RUNNING')"
      )
      .all()
      .map(row => String(row['run_id']));
  }

  /** Whether cached results of other runs point into the folder of this one. */
  isReferred(runId: string): boolean {
    return (
      this.database
        .statement(
          "SELECT 1 FROM tasks WHERE run_id <> ?1 AND state = 'CACHED' AND json_extract(record, '$.cachedFrom.runId') = ?1 LIMIT 1"
        )
        .get(runId) !== undefined
    );
  }

  /** Runs whose cached results tasks of this run took over. */
  referredBy(runId: string): readonly string[] {
    return this.database
      .statement(
        "SELECT DISTINCT json_extract(record, '$.cachedFrom.runId') AS other FROM tasks WHERE run_id = ? AND state = 'CACHED'"
      )
      .all(runId)
      .map(row => String(row['other']));
  }

  /** Whether anything of a run is still stored. */
  hasRun(runId: string): boolean {
    return (
      this.database
        .statement('SELECT 1 FROM tasks WHERE run_id = ? LIMIT 1')
        .get(runId) !== undefined
    );
  }

  /** Forget a run; cached results that point at it go with it. */
  removeRun(runId: string): void {
    for (const table of [
      'tasks',
      'attempts',
      'artifacts',
      'cache',
      'run_warnings',
      'run_facts'
    ]) {
      this.database
        .statement(`DELETE FROM ${table} WHERE run_id = ?`)
        .run(runId);
    }
  }
}
