/** Recurring runs: what to run, when, and how far the schedule has come. */
import type { Json } from 'jupyterlab-kfp-model';

import type { Database } from './database.ts';
import type { DocumentStore } from './documents.ts';
import type { ListSpec, SqlRow } from './list-query.ts';
import { json, number, text } from './row-values.ts';
import { Table } from './table.ts';

/** When a recurring run fires. Times in milliseconds. */
export type Trigger =
  | {
      readonly kind: 'cron';
      readonly cron: string;
      readonly startTime?: number;
      readonly endTime?: number;
    }
  | {
      readonly kind: 'interval';
      readonly seconds: number;
      readonly startTime?: number;
      readonly endTime?: number;
    }
  /** No trigger: one run, at once. */
  | { readonly kind: 'once' };

export interface RecurringRun {
  readonly id: string;
  /** Begin of the names of its runs. */
  readonly resourceName: string;
  readonly displayName: string;
  readonly description: string;
  readonly experimentId: string;
  /** '' for an inline pipeline. */
  readonly pipelineId: string;
  /** '' = the latest version at each fire. */
  readonly pipelineVersionId: string;
  readonly serviceAccount: string;
  readonly maxConcurrency: number;
  readonly enabled: boolean;
  readonly noCatchup: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Number of runs made so far: the index of the last one. */
  readonly fired: number;
  /** The time the last run was scheduled for; 0 = none yet. */
  readonly lastFireAt: number;
  readonly api: 'v1' | 'v2';
  readonly trigger: Trigger;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly pipelineRoot: string;
  /** Digest of an inline pipeline. */
  readonly document?: string;
}

const SPEC: ListSpec = {
  model: 'Job',
  table: 'recurring_runs',
  fields: {
    id: { column: 'id', kind: 'text' },
    recurring_run_id: { column: 'id', kind: 'text' },
    name: { column: 'display_name', kind: 'text' },
    display_name: { column: 'display_name', kind: 'text' },
    created_at: { column: 'created_at', kind: 'time' },
    updated_at: { column: 'updated_at', kind: 'time' },
    description: { column: 'description', kind: 'text' }
  }
};

export class RecurringRunStore extends Table<RecurringRun> {
  private readonly _documents: DocumentStore;
  private readonly _now: () => number;

  constructor(database: Database, documents: DocumentStore, now: () => number) {
    super(database, SPEC, toRecurringRun);
    this._documents = documents;
    this._now = now;
  }

  insert(run: RecurringRun): void {
    this.database
      .statement(
        `INSERT INTO recurring_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
      )
      .run(
        run.id,
        run.resourceName,
        run.displayName,
        run.description,
        run.experimentId,
        run.pipelineId,
        run.pipelineVersionId,
        run.serviceAccount,
        run.maxConcurrency,
        run.enabled ? 1 : 0,
        run.noCatchup ? 1 : 0,
        run.createdAt,
        run.updatedAt,
        run.fired,
        run.lastFireAt,
        run.api,
        JSON.stringify(run.trigger),
        JSON.stringify(run.parameters),
        run.pipelineRoot,
        run.document ?? null
      );
  }

  enabled(): readonly RecurringRun[] {
    return this.all('enabled = 1 ORDER BY created_at, id');
  }

  setEnabled(id: string, enabled: boolean): void {
    this.get(id);
    this.database
      .statement(
        'UPDATE recurring_runs SET enabled = ?, updated_at = ? WHERE id = ?'
      )
      .run(enabled ? 1 : 0, this._now(), id);
  }

  /** Note a fire in the same transaction as the run it made. */
  recordFire(id: string, index: number, at: number): void {
    this.database
      .statement(
        'UPDATE recurring_runs SET fired = ?, last_fire_at = ? WHERE id = ?'
      )
      .run(index, at, id);
  }

  delete(id: string): void {
    this.database.transaction(() => {
      const run = this.get(id);
      this.database
        .statement('DELETE FROM recurring_runs WHERE id = ?')
        .run(id);
      if (run.document !== undefined) {
        this._documents.release(run.document);
      }
    });
  }
}

function toRecurringRun(row: SqlRow): RecurringRun {
  const document = row['document'];
  return {
    id: text(row, 'id'),
    resourceName: text(row, 'resource_name'),
    displayName: text(row, 'display_name'),
    description: text(row, 'description'),
    experimentId: text(row, 'experiment_id'),
    pipelineId: text(row, 'pipeline_id'),
    pipelineVersionId: text(row, 'pipeline_version_id'),
    serviceAccount: text(row, 'service_account'),
    maxConcurrency: number(row, 'max_concurrency'),
    enabled: number(row, 'enabled') === 1,
    noCatchup: number(row, 'no_catchup') === 1,
    createdAt: number(row, 'created_at'),
    updatedAt: number(row, 'updated_at'),
    fired: number(row, 'fired'),
    lastFireAt: number(row, 'last_fire_at'),
    api: text(row, 'api') === 'v1' ? 'v1' : 'v2',
    trigger: json<Trigger>(row, 'schedule'),
    parameters: json<Record<string, Json>>(row, 'parameters'),
    pipelineRoot: text(row, 'pipeline_root'),
    ...(typeof document === 'string' ? { document } : {})
  };
}
