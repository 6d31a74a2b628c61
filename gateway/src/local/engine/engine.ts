/**
 * The engine: the shell around the schedulers. It stores what changed, starts and stops attempts, keeps time and tells listeners.
 */
import { join } from 'node:path';
import { rm } from 'node:fs/promises';

import { wholeSeconds, type Json } from 'jupyterlab-kfp-model';

import type { ExecutionStore } from '../store/execution.ts';
import type { TaskRunner } from '../tasks/contract.ts';
import { ActiveRun } from './active-run.ts';
import { checkRun } from './checks.ts';
import type { RunFacts } from './constants.ts';
import type {
  Engine,
  EngineListener,
  EngineRun,
  RunCheck,
  TaskRecord
} from './contract.ts';
import { foretell } from './forecast.ts';
import { localPath } from './importer.ts';
import { resourceName, slug } from './names.ts';
import { reopenTree } from './reopen.ts';
import { restoreTree, storedTasks } from './restore.ts';
import { Scheduler } from './scheduler.ts';
import { Slots } from './slots.ts';
import { emptyScope, type Scope } from './task-node.ts';

export interface EngineOptions {
  readonly store: ExecutionStore;
  readonly runner: TaskRunner;
  readonly dataDir: string;
  readonly configDir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: () => number;
  readonly newId: () => string;
  /** A stored run, for continuing after a restart. */
  readonly loadRun: (runId: string) => EngineRun | undefined;
  /** Worker slots over all runs. */
  readonly maxTasks?: number;
  /** Told of faults of our own: a run that could not go on. */
  readonly onFault: (runId: string, error: unknown) => void;
}

/** What the engine remembers of a run beside its tasks. */
interface StoredFacts extends RunFacts {
  readonly ending?: 'terminated' | 'deadline';
}

/** Make the engine of a local service. */
export function createEngine(options: EngineOptions): Engine {
  return new LocalEngine(options);
}

class LocalEngine implements Engine {
  readonly options: EngineOptions;
  readonly slots: Slots;
  private readonly _runs = new Map<string, ActiveRun>();
  private readonly _listeners = new Set<EngineListener>();
  private _isClosed = false;

  constructor(options: EngineOptions) {
    this.options = options;
    this.slots = new Slots(options.maxTasks ?? 16);
  }

  check(run: EngineRun): Promise<RunCheck> {
    return checkRun(run, this.options.runner, this.options);
  }

  async plan(run: EngineRun): Promise<RunCheck> {
    const check = await checkRun(run, this.options.runner, this.options);
    const foretold = foretell({
      run,
      facts: this._facts(run),
      inputs: rootInputs(run),
      store: this.options.store,
      folders: this.options,
      checks: check.checks
    });
    return {
      ...check,
      tasks: check.tasks.map(task =>
        task.cache === 'off' ? task : { ...task, ...foretold.get(task.path) }
      )
    };
  }

  start(run: EngineRun): void {
    const facts = this._facts(run);
    this.options.store.saveFacts(run.runId, JSON.stringify(facts));
    const active = this._activate(run, facts);
    active.dispatch({ type: 'begin' });
    void this._noteWarnings(run);
  }

  terminate(runId: string): boolean {
    const active = this._runs.get(runId);
    if (active === undefined) {
      return false;
    }
    const facts: StoredFacts = {
      ...active.scheduler.facts,
      ending: 'terminated'
    };
    this.options.store.saveFacts(runId, JSON.stringify(facts));
    active.dispatch({ type: 'terminate' });
    return true;
  }

  retry(runId: string): boolean {
    const run = this.options.loadRun(runId);
    if (run === undefined || this._runs.has(runId)) {
      return false;
    }
    const facts = this._storedFacts(run);
    const active = this._activate(run, withoutEnding(facts));
    restoreTree(active.scheduler, this.options.store);
    if (!active.scheduler.tree.hasBegun) {
      active.dispatch({ type: 'begin' });
      return true;
    }
    this.options.store.saveFacts(runId, JSON.stringify(withoutEnding(facts)));
    const { reset, forgotten } = reopenTree(active.scheduler.tree);
    reset.forEach(node => active.scheduler.touch(node));
    active.resume(forgotten);
    return true;
  }

  async remove(runId: string): Promise<void> {
    if (this._runs.has(runId)) {
      throw new Error(`run ${runId} is active`);
    }
    const { store, dataDir } = this.options;
    const others = store.referredBy(runId).filter(other => other !== runId);
    store.database.transaction(() => store.removeRun(runId));
    // Folders of runs that were deleted before, kept for the cached results of this one, go with it.
    for (const id of [runId, ...others.filter(other => !store.hasRun(other))]) {
      if (!store.isReferred(id)) {
        await rm(join(dataDir, 'runs', id), { recursive: true, force: true });
      }
    }
  }

  tasks(runId: string): readonly TaskRecord[] {
    return (
      this._runs.get(runId)?.records() ?? storedTasks(this.options.store, runId)
    );
  }

  task(taskId: string): TaskRecord | undefined {
    for (const active of this._runs.values()) {
      const found = active.record(taskId);
      if (found !== undefined) {
        return found;
      }
    }
    const runId = this.options.store.runOf(taskId);
    return runId === undefined
      ? undefined
      : storedTasks(this.options.store, runId).find(
          task => task.taskId === taskId
        );
  }

  warnings(runId: string): readonly string[] {
    return this.options.store.warnings(runId);
  }

  activeRuns(): number {
    return this._runs.size;
  }

  onChange(listener: EngineListener): () => void {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  async recover(): Promise<void> {
    for (const runId of this.options.store.unfinishedRuns()) {
      const run = this.options.loadRun(runId);
      if (run === undefined) {
        continue;
      }
      const facts = this._storedFacts(run);
      const active = this._activate(run, withoutEnding(facts));
      restoreTree(active.scheduler, this.options.store);
      active.scheduler.ending = facts.ending;
      active.resume([]);
    }
    await Promise.resolve();
  }

  async close(): Promise<void> {
    this._isClosed = true;
    for (const active of this._runs.values()) {
      active.detach();
    }
    await this.options.runner.close();
  }

  get isClosed(): boolean {
    return this._isClosed;
  }

  /** Tell listeners; called by active runs after each transaction. */
  notify(change: Parameters<EngineListener>[0], isFinal: boolean): void {
    if (isFinal) {
      this._runs.delete(change.runId);
      this.slots.forget(change.runId);
    }
    for (const listener of [...this._listeners]) {
      listener(change);
    }
  }

  /** Start attempts while there are slots. */
  pump(): void {
    for (let node = this.slots.take(); node; node = this.slots.take()) {
      const active = this._runs.get(node.runId);
      if (active === undefined || !active.canLaunch(node)) {
        this.slots.release();
        continue;
      }
      const lease = this.slots.lease(() => {
        if (!this._isClosed) {
          this.pump();
        }
      });
      void active.launch(node, lease).finally(() => lease.end());
    }
  }

  private _activate(run: EngineRun, facts: RunFacts): ActiveRun {
    const scheduler = new Scheduler({
      runId: run.runId,
      document: run.document,
      facts,
      inputs: rootInputs(run),
      newId: this.options.newId
    });
    const active = new ActiveRun({ engine: this, run, scheduler });
    this._runs.set(run.runId, active);
    return active;
  }

  private _facts(run: EngineRun): RunFacts {
    const { dataDir, random } = this.options;
    const runDir = join(dataDir, 'runs', run.runId);
    return {
      runId: run.runId,
      runName: run.name,
      resourceName: resourceName(run.document.spec.pipelineInfo.name, random),
      pipelineRoot: pipelineRoot(run, runDir),
      workspacePath: join(runDir, 'workspace'),
      createdAt: wholeSeconds(run.createdAt) ?? run.createdAt,
      scheduledAt: wholeSeconds(run.scheduledAt) ?? run.scheduledAt
    };
  }

  private _storedFacts(run: EngineRun): StoredFacts {
    const stored = this.options.store.facts(run.runId);
    return stored === undefined
      ? this._facts(run)
      : (JSON.parse(stored) as StoredFacts);
  }

  private async _noteWarnings(run: EngineRun): Promise<void> {
    try {
      const { warnings } = await this.check(run);
      if (!this._isClosed) {
        for (const warning of warnings) {
          this.options.store.warn(
            run.runId,
            `${warning.text} (${warning.name})`
          );
        }
      }
    } catch (error) {
      this.options.onFault(run.runId, error);
    }
  }
}

/** What an active run needs of the engine. */
export type EngineShell = Pick<
  LocalEngine,
  'options' | 'slots' | 'notify' | 'pump' | 'isClosed'
>;

function withoutEnding(facts: StoredFacts): RunFacts {
  const { ending: _ending, ...rest } = facts;
  return rest;
}

/** Where artifacts go: a local folder that was asked for is used, with a folder of its own for each run. */
function pipelineRoot(run: EngineRun, runDir: string): string {
  const { spec } = run.document;
  const wanted = run.pipelineRoot ?? spec.defaultPipelineRoot ?? '';
  const local = localPath(wanted);
  return local === undefined
    ? runDir
    : join(local, slug(spec.pipelineInfo.name), run.runId);
}

/** Root inputs: what was given, else the default, else null where that is allowed. */
function rootInputs(run: EngineRun): Scope {
  const scope = emptyScope();
  const definitions = run.document.spec.root.inputDefinitions?.parameters ?? {};
  for (const [name, definition] of Object.entries(definitions)) {
    const given: Json | undefined = run.parameters[name];
    scope.parameters[name] = given ?? definition.defaultValue ?? null;
  }
  return scope;
}
