/** Experiments: groups of runs, and the default one. */
import { randomUUID } from 'node:crypto';

import type { Database } from './database.ts';
import type { ListSpec, SqlRow } from './list-query.ts';
import { number, text } from './row-values.ts';
import { alreadyExists, badRequest, notFound } from './service-error.ts';
import { Table } from './table.ts';

export type StorageState = 'AVAILABLE' | 'ARCHIVED';

/** An experiment; times in milliseconds, 0 = never. */
export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly lastRunCreatedAt: number;
  readonly storageState: StorageState;
}

const SPEC: ListSpec = {
  model: 'Experiment',
  table: 'experiments',
  fields: {
    id: { column: 'id', kind: 'text' },
    experiment_id: { column: 'id', kind: 'text' },
    name: { column: 'name', kind: 'text' },
    display_name: { column: 'name', kind: 'text' },
    created_at: { column: 'created_at', kind: 'time' },
    last_run_created_at: { column: 'last_run_created_at', kind: 'time' },
    description: { column: 'description', kind: 'text' },
    namespace: { column: "''", kind: 'text' },
    storage_state: { column: 'storage_state', kind: 'text' }
  }
};

const DEFAULT_NAME = 'Default';
const DEFAULT_DESCRIPTION =
  'All runs created without specifying an experiment will be grouped here.';

export class ExperimentStore extends Table<Experiment> {
  private readonly _now: () => number;

  constructor(database: Database, now: () => number) {
    super(database, SPEC, toExperiment);
    this._now = now;
  }

  create(experiment: {
    readonly name: string;
    readonly description: string;
  }): Experiment {
    const { name, description } = experiment;
    return this.database.transaction(() => {
      if (this.findByName(name) !== undefined) {
        throw alreadyExists(
          `Failed to create a new experiment. The name ${name} already exists. Please specify a new name`
        );
      }
      const id = randomUUID();
      this.database
        .statement(
          `INSERT INTO experiments VALUES (?, ?, ?, ?, 0, 'AVAILABLE')`
        )
        .run(id, name, description, this._now());
      return this.get(id);
    });
  }

  findByName(name: string): Experiment | undefined {
    return this.first('name = ?', name);
  }

  /** The default experiment, made when it is missing. */
  ensureDefault(): Experiment {
    const row = this.database
      .statement(`SELECT value FROM settings WHERE key = 'default-experiment'`)
      .get();
    const known = row === undefined ? undefined : this.find(text(row, 'value'));
    if (known !== undefined) {
      return known;
    }
    return this.database.transaction(() => {
      const experiment =
        this.findByName(DEFAULT_NAME) ??
        this.create({ name: DEFAULT_NAME, description: DEFAULT_DESCRIPTION });
      this.database
        .statement(
          `INSERT INTO settings VALUES ('default-experiment', ?)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value`
        )
        .run(experiment.id);
      return experiment;
    });
  }

  /** Archives the experiment with its runs and disables its recurring runs. An unknown id does nothing, as on the server. */
  archive(id: string): void {
    this.database.transaction(() => {
      this._setStorage(id, 'ARCHIVED');
      this.database
        .statement(
          `UPDATE runs SET storage_state = 'ARCHIVED' WHERE experiment_id = ?`
        )
        .run(id);
      this.database
        .statement(
          'UPDATE recurring_runs SET enabled = 0, updated_at = ? WHERE experiment_id = ? AND enabled = 1'
        )
        .run(this._now(), id);
    });
  }

  /** Brings back the experiment alone; its runs stay archived. */
  unarchive(id: string): void {
    this._setStorage(id, 'AVAILABLE');
  }

  /** Removes the experiment; its runs stay. */
  delete(id: string): void {
    const experiment = this.find(id);
    if (experiment === undefined) {
      throw notFound('Experiment', id).wrap(
        `Failed to delete experiment ${id} due to error fetching it`
      );
    }
    const setting = this.database
      .statement(`SELECT value FROM settings WHERE key = 'default-experiment'`)
      .get();
    if (setting?.['value'] === id) {
      throw badRequest(
        `Failed to delete experiment ${id}. The default experiment cannot be deleted`
      );
    }
    this.database.statement('DELETE FROM experiments WHERE id = ?').run(id);
  }

  /** Remember that a run was made in it. */
  touch(id: string, createdAt: number): void {
    this.database
      .statement(
        'UPDATE experiments SET last_run_created_at = max(last_run_created_at, ?) WHERE id = ?'
      )
      .run(createdAt, id);
  }

  private _setStorage(id: string, state: StorageState): void {
    this.database
      .statement('UPDATE experiments SET storage_state = ? WHERE id = ?')
      .run(state, id);
  }
}

function toExperiment(row: SqlRow): Experiment {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    description: text(row, 'description'),
    createdAt: number(row, 'created_at'),
    lastRunCreatedAt: number(row, 'last_run_created_at'),
    storageState:
      text(row, 'storage_state') === 'ARCHIVED' ? 'ARCHIVED' : 'AVAILABLE'
  };
}
