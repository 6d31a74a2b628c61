/** What answers say of the tasks of final runs, as text: lists of runs need not read each of their tasks. */
import type { Database } from './database.ts';

/** Keeps one text per run. The database itself drops it when the run goes on or is deleted (see the schema). */
export class RunTextStore {
  private readonly _database: Database;

  constructor(database: Database) {
    this._database = database;
  }

  /** The text of a run, when it was made in this form. */
  find(runId: string, form: number): Uint8Array | undefined {
    const text = this._database
      .statement('SELECT tasks FROM run_texts WHERE run_id = ? AND form = ?')
      .get(runId, form)?.['tasks'];
    return text instanceof Uint8Array ? text : undefined;
  }

  save(runId: string, form: number, tasks: Uint8Array): void {
    this._database
      .statement(
        'INSERT OR REPLACE INTO run_texts (run_id, form, tasks) VALUES (?, ?, ?)'
      )
      .run(runId, form, tasks);
  }
}
