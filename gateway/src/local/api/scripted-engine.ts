/** For tests: an engine whose runs are in the state the test says. Nothing is executed. */
import type {
  Engine,
  EngineListener,
  EngineRun,
  EngineRunState,
  RunCheck,
  TaskRecord
} from '../engine/contract.ts';

export class ScriptedEngine implements Engine {
  readonly started = new Map<string, EngineRun>();
  refusals: RunCheck['refusals'] = [];
  private readonly _listeners = new Set<EngineListener>();
  private readonly _states = new Map<string, EngineRunState>();

  /** Report a state, as the engine does after a transaction. */
  report(runId: string, state: EngineRunState): void {
    this._states.set(runId, state);
    for (const listener of this._listeners) {
      listener({ runId, state, taskIds: [] });
    }
  }

  async check(): Promise<RunCheck> {
    return { refusals: this.refusals, warnings: [], tasks: [] };
  }

  plan(): Promise<RunCheck> {
    return this.check();
  }

  start(run: EngineRun): void {
    this.started.set(run.runId, run);
    this._states.set(run.runId, 'PENDING');
  }

  terminate(runId: string): boolean {
    return this._active(runId);
  }

  retry(runId: string): boolean {
    return !this._active(runId);
  }

  async remove(runId: string): Promise<void> {
    this.started.delete(runId);
  }

  tasks(): readonly TaskRecord[] {
    return [];
  }

  task(): undefined {
    return undefined;
  }

  warnings(): readonly string[] {
    return [];
  }

  activeRuns(): number {
    return [...this._states.keys()].filter(id => this._active(id)).length;
  }

  onChange(listener: EngineListener): () => void {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  async recover(): Promise<void> {}

  async close(): Promise<void> {}

  private _active(runId: string): boolean {
    const state = this._states.get(runId) ?? 'PENDING';
    return state === 'PENDING' || state === 'RUNNING' || state === 'CANCELING';
  }
}
