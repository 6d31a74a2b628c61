/** One run that is not final: its scheduler, its attempts and its timers. */
import type { EngineRun, EngineRunState, TaskRecord } from './contract.ts';
import type { EngineShell } from './engine.ts';
import type { LauncherHost } from './launcher-host.ts';
import { saveNodes } from './restore.ts';
import type { Command, Event } from './scheduler-events.ts';
import type { Scheduler } from './scheduler.ts';
import type { Lease } from './slots.ts';
import { isFinal, recordOf, type TaskNode } from './task-node.ts';
import { GRACE, TaskLauncher } from './task-launcher.ts';

export class ActiveRun implements LauncherHost {
  readonly run: EngineRun;
  readonly scheduler: Scheduler;
  private readonly _engine: EngineShell;
  private readonly _timers = new Set<NodeJS.Timeout>();
  private readonly _launcher: TaskLauncher;
  /** Records of nodes that did not change since they were asked for. */
  private readonly _records = new Map<TaskNode, TaskRecord>();
  private _isDetached = false;

  constructor(parts: {
    readonly engine: EngineShell;
    readonly run: EngineRun;
    readonly scheduler: Scheduler;
  }) {
    this._engine = parts.engine;
    this.run = parts.run;
    this.scheduler = parts.scheduler;
    this._launcher = new TaskLauncher(this, parts.engine.options);
    this._watchDeadline();
  }

  records(): readonly TaskRecord[] {
    return Array.from(this.scheduler.tree.nodes(), node => this._record(node));
  }

  record(taskId: string): TaskRecord | undefined {
    const node = this.scheduler.tree.byId(taskId);
    return node === undefined ? undefined : this._record(node);
  }

  /** The same record for the same state: readers may keep what they made of it. */
  private _record(node: TaskNode): TaskRecord {
    let record = this._records.get(node);
    if (record === undefined) {
      record = recordOf(node);
      this._records.set(node, record);
    }
    return record;
  }

  /** Apply an event, store what changed in one transaction, then do what the scheduler asks. */
  dispatch(event: Event, alsoStore: () => void = () => undefined): void {
    if (this._isDetached) {
      return;
    }
    const commands = this.scheduler.handle(event, this._options.now());
    this._commit(commands, alsoStore);
  }

  /** Go on after a restart or a retry. */
  resume(forgotten: readonly string[]): void {
    const { commands, adopt } = this.scheduler.resume(this._options.now());
    this._commit(commands, () => {
      forgotten.forEach(id => this._options.store.removeTask(id));
    });
    for (const node of adopt) {
      void this._launcher.adopt(node);
    }
  }

  /** Whether a queued task still wants to start. */
  canLaunch(node: TaskNode): boolean {
    return !this._isDetached && node.state === 'PENDING' && !isFinal(node);
  }

  /** Run one attempt, or take cached outputs; resolves when the slot is free again. */
  launch(node: TaskNode, lease: Lease): Promise<void> {
    return this._launcher.launch(node, lease);
  }

  flush(): void {
    this._commit([], () => undefined);
  }

  get isDetached(): boolean {
    return this._isDetached;
  }

  /** Let go: attempts go on without us. */
  detach(): void {
    this._isDetached = true;
    for (const timer of this._timers) {
      clearTimeout(timer);
    }
    this._timers.clear();
  }

  private _commit(commands: readonly Command[], alsoStore: () => void): void {
    const changed = this.scheduler.takeChanged();
    changed.forEach(node => this._records.delete(node));
    const { store } = this._options;
    store.database.transaction(() => {
      saveNodes(store, changed);
      alsoStore();
    });
    const final = commands.find(command => command.type === 'run-final');
    if (final?.type === 'run-final') {
      this.detach();
    }
    if (changed.length > 0 || final !== undefined) {
      this._engine.notify(
        {
          runId: this.run.runId,
          state: this._state(final),
          taskIds: changed.map(node => node.taskId)
        },
        final !== undefined
      );
    }
    for (const command of commands) {
      this._do(command);
    }
  }

  private _do(command: Command): void {
    switch (command.type) {
      case 'launch':
        this._engine.slots.push(command.node);
        this._engine.pump();
        return;
      case 'import':
        void this._launcher.import(command.node);
        return;
      case 'cancel':
        this._options.runner.cancel(command.attemptId, GRACE);
        return;
      case 'timer':
        this._later(command.at, () => {
          this.dispatch({ type: 'retry-due', taskId: command.node.taskId });
        });
        return;
      case 'run-final':
    }
  }

  private _watchDeadline(): void {
    const seconds = Number(
      this.run.document.platform?.pipelineConfig['activeDeadlineSeconds'] ?? 0
    );
    if (seconds > 0) {
      this._later(Date.parse(this.run.createdAt) + seconds * 1000, () => {
        this.dispatch({
          type: 'deadline',
          message: `run exceeded its deadline of ${seconds} s`
        });
      });
    }
  }

  private _later(at: number, action: () => void): void {
    const wait = Math.min(Math.max(at - this._options.now(), 0), 2 ** 31 - 1);
    const timer = setTimeout(() => {
      this._timers.delete(timer);
      action();
    }, wait);
    this._timers.add(timer);
  }

  private _state(final: Command | undefined): EngineRunState {
    if (final?.type === 'run-final') {
      return final.state;
    }
    if (this.scheduler.ending === 'terminated') {
      return 'CANCELING';
    }
    for (const node of this.scheduler.tree.nodes()) {
      if (node.executor !== undefined && node.state !== 'PENDING') {
        return 'RUNNING';
      }
    }
    return 'PENDING';
  }

  private get _options(): EngineShell['options'] {
    return this._engine.options;
  }
}
