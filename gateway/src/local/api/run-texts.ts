/** The `task_details` of runs: those of active runs follow their tasks, those of final runs are kept in the store. */
import { isFinalTaskState } from 'jupyterlab-kfp-model';

import type { Engine } from '../engine/contract.ts';
import { isActive, type Run } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { Rendered } from './rendered.ts';
import { TaskDetails } from './run-details.ts';

/** Form of the kept texts: raise it whenever `TaskDetails` says something else of the same tasks. */
export const FORM = 1;
/** Bytes of a text that is worth keeping. */
const LARGEST = 8 * 1024 * 1024;
/** Active runs that are followed at a time. */
const FOLLOWED = 8;

/** The text of the final run that was asked for last: whoever asks for one often asks again. */
interface Last {
  readonly runId: string;
  readonly text: Uint8Array;
}

/** `report` hears why a text could not be kept; answers do without. */
export class RunTexts {
  private readonly _store: Store;
  private readonly _engine: Engine;
  private readonly _followed = new Map<string, TaskDetails>();
  private _last: Last | undefined;
  private readonly _report: (error: unknown) => void;
  private readonly _unfollow: () => void;

  constructor(store: Store, engine: Engine, report: (error: unknown) => void) {
    this._report = report;
    this._store = store;
    this._engine = engine;
    this._unfollow = engine.onChange(({ runId, state }) => {
      if (state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED') {
        this._ended(runId);
      }
    });
  }

  /** What answers say of the tasks of a run; `undefined` while there are none. */
  taskDetails(run: Run): Rendered | undefined {
    if (isActive(run.state)) {
      return this._ofActive(run.id);
    }
    return this._last?.runId === run.id
      ? new Rendered([this._last.text])
      : this._ofFinal(run.id);
  }

  close(): void {
    this._unfollow();
    this._followed.clear();
    this._last = undefined;
  }

  private _ofActive(runId: string): Rendered | undefined {
    this._forget(runId);
    const details = this._followed.get(runId) ?? new TaskDetails();
    // The one that was asked for last stands last.
    this._followed.delete(runId);
    this._followed.set(runId, details);
    const [oldest] = this._followed.keys();
    if (this._followed.size > FOLLOWED && oldest !== undefined) {
      this._followed.delete(oldest);
    }
    return details.render(this._engine.tasks(runId));
  }

  private _ofFinal(runId: string): Rendered | undefined {
    const kept = this._store.runTexts.find(runId, FORM);
    if (kept !== undefined) {
      this._last = { runId, text: kept };
      return new Rendered([kept]);
    }
    const tasks = this._engine.tasks(runId);
    const rendered = new TaskDetails().render(tasks);
    const root = tasks[0];
    if (
      rendered !== undefined &&
      root !== undefined &&
      isFinalTaskState(root.state)
    ) {
      this._keep(runId, Buffer.concat(rendered.chunks()));
    }
    return rendered;
  }

  private _keep(runId: string, text: Uint8Array): void {
    this._last = { runId, text };
    if (text.byteLength > LARGEST) {
      return;
    }
    try {
      this._store.runTexts.save(runId, FORM, text);
    } catch (error) {
      // A full disk, for example: it would only have been quicker next time, and whoever must write is told.
      this._report(error);
    }
  }

  private _ended(runId: string): void {
    this._followed.delete(runId);
    this._forget(runId);
    const run = this._store.runs.find(runId);
    if (run !== undefined) {
      this.taskDetails(run);
    }
  }

  private _forget(runId: string): void {
    if (this._last?.runId === runId) {
      this._last = undefined;
    }
  }
}
