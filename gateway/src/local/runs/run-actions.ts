/** What can be done to a run after it was made, and how its record follows the engine. */
import type {
  Engine,
  EngineRun,
  EngineRunState,
  TaskRecord
} from '../engine/contract.ts';
import { badRequest, invalidInput, wrapping } from '../store/service-error.ts';
import {
  isActive,
  TERMINATED,
  type Run,
  type RunError
} from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { loadEngineRun } from './engine-run.ts';

/** google.rpc code of a run that failed by itself. */
const FAILURE_CODE = 2;

const UNREADABLE: RunError = {
  code: FAILURE_CODE,
  message:
    'The pipeline of this run cannot be read any more: the run was given up.'
};

export class RunActions {
  private readonly _store: Store;
  private readonly _engine: Engine;
  /** Deleted while active: the engine forgets them when they have ended. */
  private readonly _removing = new Set<string>();
  private readonly _unfollow: () => void;
  private readonly _checkRoom: () => void;
  private readonly _listeners = new Set<(runId: string) => void>();

  /** `checkRoom` throws when nothing can be kept. */
  constructor(
    store: Store,
    engine: Engine,
    checkRoom: () => void = () => undefined
  ) {
    this._store = store;
    this._engine = engine;
    this._checkRoom = checkRoom;
    this._unfollow = engine.onChange(change => {
      this._follow(change.runId, change.state);
    });
  }

  /** After a restart: bring records up to what the engine knows, and start what was stored but never started. */
  reconcile(): void {
    for (const run of this._store.runs.active()) {
      const root = this._engine
        .tasks(run.id)
        .find(task => task.path === 'root');
      if (root?.finishedAt !== undefined) {
        this._follow(run.id, finalState(root));
        continue;
      }
      const engineRun = readableRun(this._store, run.id);
      if (engineRun === undefined) {
        this._store.runs.setState(run.id, {
          state: 'FAILED',
          at: this._store.now(),
          finishedAt: this._store.now(),
          error: UNREADABLE,
          recorded: true
        });
      } else if (root === undefined) {
        if (run.state === 'CANCELING') {
          this._follow(run.id, 'CANCELED');
        } else {
          this._engine.start(engineRun);
        }
      }
    }
  }

  /** Ask a run to stop. Throws when it is final or was asked before. */
  terminate(id: string): void {
    const run = wrapping(
      `Failed to terminate run ${id} due to error fetching the run`,
      () => this._store.runs.get(id)
    );
    if (run.state !== 'PENDING' && run.state !== 'RUNNING') {
      throw invalidInput(`Failed to terminate a run ${id}. Row not found`).wrap(
        `Failed to terminate run ${id}`
      );
    }
    this._store.runs.setState(id, {
      state: 'CANCELING',
      at: this._store.now(),
      finishedAt: 0,
      recorded: false
    });
    if (!this._engine.terminate(id)) {
      this._follow(id, 'CANCELED');
    }
  }

  /** Run again what failed. Throws unless the run has failed. */
  retry(id: string): void {
    const run = wrapping(
      `Failed to retry run ${id} due to error fetching the run`,
      () => this._store.runs.get(id)
    );
    if (run.state !== 'FAILED') {
      throw badRequest(
        'Workflow must be Failed/Error to retry',
        'workflow cannot be retried'
      ).wrap(`Failed to retry run ${id}`);
    }
    this._checkRoom();
    this._store.runs.setState(id, {
      state: 'PENDING',
      at: this._store.now(),
      finishedAt: 0,
      // As with a stop: only what is reported enters the history.
      recorded: false
    });
    if (!this._engine.retry(id)) {
      this._restore(run);
      throw badRequest(
        `Cannot claim run ${id} for retry: not in a terminal state`
      ).wrap(`Failed to retry run ${id}`);
    }
  }

  /** Stop every run that is under way. */
  terminateAll(): void {
    for (const run of this._store.runs.active()) {
      if (run.state !== 'CANCELING') {
        this.terminate(run.id);
      }
    }
  }

  archive(id: string): void {
    wrapping(`Failed to archive run ${id}`, () => this._store.runs.get(id));
    this._store.runs.setStorage(id, 'ARCHIVED');
    this._tell(id);
  }

  unarchive(id: string): void {
    wrapping(`Failed to unarchive run ${id}`, () => {
      const run = this._store.runs.get(id);
      const experiment = this._store.experiments.find(run.experimentId);
      this._store.runs.checkUnarchive(run, experiment?.storageState);
    });
    this._store.runs.setStorage(id, 'AVAILABLE');
    this._tell(id);
  }

  /** Remove a run with its files; an active one is stopped first. */
  async delete(id: string): Promise<void> {
    const run = wrapping(`Failed to delete run ${id}`, () =>
      this._store.runs.get(id)
    );
    this._store.runs.delete(id);
    if (isActive(run.state) && this._engine.terminate(id)) {
      this._removing.add(id);
    } else {
      await this._engine.remove(id);
    }
    this._tell(id);
  }

  /** Hear of what the engine does not know: runs that were archived, brought back or deleted. */
  onChange(listener: (runId: string) => void): () => void {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  private _tell(id: string): void {
    this._listeners.forEach(listener => listener(id));
  }

  close(): void {
    this._unfollow();
  }

  private _restore(run: Run): void {
    this._store.runs.setState(run.id, {
      state: run.state,
      at: this._store.now(),
      finishedAt: run.finishedAt,
      recorded: false,
      ...(run.error === undefined ? {} : { error: run.error })
    });
  }

  private _follow(id: string, state: EngineRunState): void {
    const final =
      state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED';
    if (final && this._removing.delete(id)) {
      void this._engine.remove(id);
      return;
    }
    const run = this._store.runs.find(id);
    const wire = state === 'CANCELED' ? 'FAILED' : state;
    if (run === undefined || run.state === wire) {
      return;
    }
    // A stop that was asked is not taken back by a late report of progress.
    if (run.state === 'CANCELING' && !final) {
      return;
    }
    const now = this._store.now();
    const error =
      state === 'CANCELED'
        ? TERMINATED
        : state === 'FAILED'
          ? this._firstFailure(id)
          : undefined;
    this._store.runs.setState(id, {
      state: wire,
      at: now,
      finishedAt: final ? now : 0,
      recorded: true,
      ...(error === undefined ? {} : { error })
    });
  }

  private _firstFailure(id: string): RunError | undefined {
    const failed = this._engine
      .tasks(id)
      .filter(task => task.state === 'FAILED' && task.error !== undefined)
      .sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''));
    const first = failed.find(task => task.attempts.length > 0) ?? failed[0];
    return first?.error === undefined
      ? undefined
      : { code: FAILURE_CODE, message: first.error.message };
  }
}

/** A stored run for the engine; `undefined` when its pipeline is gone or cannot be read any more. */
export function readableRun(
  store: Store,
  runId: string
): EngineRun | undefined {
  try {
    return loadEngineRun(store, runId);
  } catch {
    return undefined; // one broken record must not keep the service from starting
  }
}

function finalState(root: TaskRecord): EngineRunState {
  switch (root.state) {
    case 'CANCELED':
      return 'CANCELED';
    case 'FAILED':
    case 'NOT_REACHED':
      return 'FAILED';
    default:
      return 'SUCCEEDED';
  }
}
