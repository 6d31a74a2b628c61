/** Runs as records: what was asked, and the state that the engine reported last. */
import type { Json } from 'jupyterlab-kfp-model';

import type { Database } from './database.ts';
import type { DocumentStore } from './documents.ts';
import type { StorageState } from './experiments.ts';
import type { ListSpec, SqlRow } from './list-query.ts';
import { json, number, text } from './row-values.ts';
import { invalidInput, notFound } from './service-error.ts';
import { Table } from './table.ts';

/** KFP's words on the wire. A run that was stopped is FAILED with the error "terminated by user". */
export type WireRunState =
  'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELING';

/** google.rpc.Status of a run. */
export interface RunError {
  readonly code: number;
  readonly message: string;
}

export interface StateChange {
  /** Milliseconds. */
  readonly at: number;
  readonly state: WireRunState;
  readonly error?: RunError;
}

/** What the workbench adds to a run; none of it is part of KFP's API. */
export interface RunOptions {
  /** Override for all tasks. */
  readonly cache?: boolean;
  readonly interpreter?: string;
  readonly force?: boolean;
  readonly sdk?: string;
  readonly cell?: { readonly [key: string]: Json };
}

export interface Run {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly experimentId: string;
  /** '' when no recurring run made it. */
  readonly recurringRunId: string;
  /** '' for an inline pipeline; so is the version. */
  readonly pipelineId: string;
  readonly pipelineVersionId: string;
  readonly storageState: StorageState;
  readonly state: WireRunState;
  readonly createdAt: number;
  readonly scheduledAt: number;
  /** 0 while it is not final. */
  readonly finishedAt: number;
  readonly serviceAccount: string;
  /** The API that made it; v1beta1 runs keep parameters as text. */
  readonly api: 'v1' | 'v2';
  readonly document: string;
  readonly pipelineRoot: string;
  readonly stateHistory: readonly StateChange[];
  readonly error?: RunError;
  readonly options: RunOptions;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** Code of the error of a run that a person stopped. */
export const TERMINATED: RunError = { code: 1, message: 'terminated by user' };

const V1_STATUS = `CASE state WHEN 'PENDING' THEN 'Pending' WHEN 'RUNNING' THEN 'Running'
  WHEN 'SUCCEEDED' THEN 'Succeeded' WHEN 'FAILED' THEN 'Failed' WHEN 'CANCELING' THEN 'Terminating' ELSE '' END`;

const SPEC: ListSpec = {
  model: 'Run',
  table: 'runs',
  sortPrefix: {
    prefix: 'metric:',
    column:
      '(SELECT value FROM run_metrics WHERE run_metrics.run_id = runs.id AND run_metrics.name = ?)'
  },
  fields: {
    id: { column: 'id', kind: 'text' },
    run_id: { column: 'id', kind: 'text' },
    name: { column: 'name', kind: 'text' },
    display_name: { column: 'name', kind: 'text' },
    created_at: { column: 'created_at', kind: 'time' },
    scheduled_at: { column: 'scheduled_at', kind: 'time' },
    finished_at: { column: 'finished_at', kind: 'time' },
    description: { column: 'description', kind: 'text' },
    storage_state: { column: 'storage_state', kind: 'text' },
    state: { column: 'state', kind: 'text' },
    status: { column: V1_STATUS, kind: 'text' },
    namespace: { column: "''", kind: 'text' },
    experiment_id: {
      column: 'experiment_id',
      kind: 'text',
      unpageable: 'ExperimentUUID'
    },
    recurring_run_id: {
      column: 'recurring_run_id',
      kind: 'text',
      unpageable: 'JobUUID'
    },
    state_history: {
      column: 'state_history',
      kind: 'text',
      unpageable: 'StateHistory'
    },
    runtime_details: {
      column: "''",
      kind: 'text',
      unpageable: 'PipelineRuntimeManifest'
    }
  }
};

const ACTIVE: readonly WireRunState[] = ['PENDING', 'RUNNING', 'CANCELING'];

/** Tell whether a run in this state can still change by itself. */
export function isActive(state: WireRunState): boolean {
  return ACTIVE.includes(state);
}

export class RunStore extends Table<Run> {
  private readonly _documents: DocumentStore;

  constructor(database: Database, documents: DocumentStore) {
    super(database, SPEC, toRun);
    this._documents = documents;
  }

  insert(run: Run): void {
    this.database
      .statement(
        `INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
      )
      .run(
        run.id,
        run.name,
        run.description,
        run.experimentId,
        run.recurringRunId,
        run.pipelineId,
        run.pipelineVersionId,
        run.storageState,
        run.state,
        run.createdAt,
        run.scheduledAt,
        run.finishedAt,
        run.serviceAccount,
        run.api,
        run.document,
        run.pipelineRoot,
        JSON.stringify(run.stateHistory),
        run.error === undefined ? '' : JSON.stringify(run.error),
        JSON.stringify(run.options),
        JSON.stringify(run.parameters)
      );
  }

  /** Throws 404 with KFP's inner wrapper. */
  override get(id: string): Run {
    const found = this.find(id);
    if (found === undefined) {
      throw notFound('Run', id).wrap(`Failed to fetch run ${id}`);
    }
    return found;
  }

  /** Runs whose record is not final. */
  active(): readonly Run[] {
    return this.all(
      `state IN ('PENDING', 'RUNNING', 'CANCELING') ORDER BY created_at, id`
    );
  }

  /** How many runs of a recurring run are not final. */
  activeOf(recurringRunId: string): number {
    const row = this.database
      .statement(
        `SELECT count(*) AS n FROM runs WHERE recurring_run_id = ? AND state IN ('PENDING', 'RUNNING', 'CANCELING')`
      )
      .get(recurringRunId);
    return Number(row?.['n'] ?? 0);
  }

  /** The newest run of the same inline pipeline name or pipeline, before this moment. */
  latestOf(pipelineId: string): Run | undefined {
    return this.first(
      'pipeline_id = ? ORDER BY created_at DESC, id DESC LIMIT 1',
      pipelineId
    );
  }

  /**
   * Take over a reported state. `recorded` adds it to the history; the terminate call itself is not recorded
   * (`backend/src/apiserver/storage/run_store.go`).
   */
  setState(
    id: string,
    change: {
      readonly state: WireRunState;
      readonly at: number;
      readonly finishedAt: number;
      readonly error?: RunError;
      readonly recorded: boolean;
    }
  ): void {
    this.database.transaction(() => {
      const run = this.find(id);
      if (run === undefined) {
        return;
      }
      const history = change.recorded
        ? [
            ...run.stateHistory,
            {
              at: change.at,
              state: change.state,
              ...(change.error === undefined ? {} : { error: change.error })
            }
          ]
        : run.stateHistory;
      this.database
        .statement(
          'UPDATE runs SET state = ?, finished_at = ?, error = ?, state_history = ? WHERE id = ?'
        )
        .run(
          change.state,
          change.finishedAt,
          change.error === undefined ? '' : JSON.stringify(change.error),
          JSON.stringify(history),
          id
        );
    });
  }

  setStorage(id: string, state: StorageState): void {
    this.database
      .statement('UPDATE runs SET storage_state = ? WHERE id = ?')
      .run(state, id);
  }

  delete(id: string): void {
    this.database.transaction(() => {
      const run = this.find(id);
      if (run !== undefined) {
        this.database.statement('DELETE FROM runs WHERE id = ?').run(id);
        this._documents.release(run.document);
      }
    });
  }

  /** Throws when the experiment of an archived run is archived too. */
  checkUnarchive(run: Run, experiment: StorageState | undefined): void {
    if (experiment === 'ARCHIVED') {
      throw invalidInput(
        `Failed to unarchive run ${run.id} as experiment ${run.experimentId} must be un-archived first`
      );
    }
  }

  /** Keep a metric that a v1beta1 client reports. Answers false when the node has reported this name before. */
  addMetric(
    runId: string,
    metric: {
      readonly nodeId: string;
      readonly name: string;
      readonly value: number;
      readonly format: string;
    }
  ): boolean {
    const { changes } = this.database
      .statement(
        `INSERT INTO run_metrics VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
      )
      .run(runId, metric.nodeId, metric.name, metric.value, metric.format);
    return Number(changes) > 0;
  }

  metrics(runId: string): readonly {
    nodeId: string;
    name: string;
    value: number;
    format: string;
  }[] {
    return this.database
      .statement('SELECT * FROM run_metrics WHERE run_id = ?')
      .all(runId)
      .map(row => ({
        nodeId: text(row, 'node_id'),
        name: text(row, 'name'),
        value: number(row, 'value'),
        format: text(row, 'format')
      }));
  }

  /** The run that an earlier request with this key made, not older than `since`. */
  runOfKey(key: string, since: number): Run | undefined {
    const row = this.database
      .statement(
        'SELECT run_id FROM submit_keys WHERE key = ? AND created_at >= ?'
      )
      .get(key, since);
    return row === undefined ? undefined : this.find(text(row, 'run_id'));
  }

  rememberKey(key: string, runId: string, at: number, since: number): void {
    this.database
      .statement('DELETE FROM submit_keys WHERE created_at < ?')
      .run(since);
    this.database
      .statement('INSERT OR REPLACE INTO submit_keys VALUES (?, ?, ?)')
      .run(key, runId, at);
  }
}

function toRun(row: SqlRow): Run {
  const error = text(row, 'error');
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    description: text(row, 'description'),
    experimentId: text(row, 'experiment_id'),
    recurringRunId: text(row, 'recurring_run_id'),
    pipelineId: text(row, 'pipeline_id'),
    pipelineVersionId: text(row, 'pipeline_version_id'),
    storageState:
      text(row, 'storage_state') === 'ARCHIVED' ? 'ARCHIVED' : 'AVAILABLE',
    state: text(row, 'state') as WireRunState,
    createdAt: number(row, 'created_at'),
    scheduledAt: number(row, 'scheduled_at'),
    finishedAt: number(row, 'finished_at'),
    serviceAccount: text(row, 'service_account'),
    api: text(row, 'api') === 'v1' ? 'v1' : 'v2',
    document: text(row, 'document'),
    pipelineRoot: text(row, 'pipeline_root'),
    stateHistory: json<StateChange[]>(row, 'state_history'),
    ...(error === '' ? {} : { error: json<RunError>(row, 'error') }),
    options: json<RunOptions>(row, 'options'),
    parameters: json<Record<string, Json>>(row, 'parameters')
  };
}
