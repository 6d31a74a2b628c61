/** Drives the pure scheduler with tasks whose outcomes are decided beforehand. Only tests import this. */
import type { PipelineDocument } from 'jupyterlab-kfp-model';

import type { ExecutionStore } from '../../store/execution.ts';
import type { AttemptResult } from '../../tasks/contract.ts';
import type { RunFacts } from '../constants.ts';
import { restoreTree, saveNodes } from '../restore.ts';
import type { Command } from '../scheduler-events.ts';
import { Scheduler } from '../scheduler.ts';
import { emptyScope, isFinal, isGroup, type TaskNode } from '../task-node.ts';

const FACTS: RunFacts = {
  runId: 'r',
  runName: 'r',
  resourceName: 'r-00000',
  pipelineRoot: '/r',
  workspacePath: '/r/workspace',
  createdAt: '2026-01-01T00:00:00Z',
  scheduledAt: '2026-01-01T00:00:00Z'
};

export interface Script {
  readonly document: PipelineDocument;
  /** Whether an attempt of a task fails. */
  readonly fails: (path: string, attempt: number) => boolean;
  /** Which of `n` things that could happen next happens. */
  readonly pick: (n: number) => number;
  /** After this many events the run is stopped. */
  readonly stopAt?: number;
  /** After this many events the scheduler is made anew from the store. */
  readonly restartAt?: number;
}

/** What a run came to, and everything that went wrong on the way. */
export interface Drive {
  readonly states: ReadonlyMap<string, string>;
  readonly launches: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
  readonly ended: string | undefined;
  /** Tasks that ran successfully, with the ones they waited for. */
  readonly events: number;
}

/** Run a script to its end. */
export function drive(
  script: Script,
  store: ExecutionStore,
  runId: string
): Drive {
  return new Driver(script, store, runId).run();
}

class Driver {
  private readonly _script: Script;
  private readonly _store: ExecutionStore;
  private readonly _runId: string;
  private readonly _faults: string[] = [];
  private readonly _launches = new Map<string, number>();
  private _scheduler: Scheduler;
  /** Things that may happen next. */
  private _open: (() => readonly Command[])[] = [];
  private _ended: string | undefined;
  private _now = 0;
  private _ids = 0;
  private _events = 0;

  constructor(script: Script, store: ExecutionStore, runId: string) {
    this._script = script;
    this._store = store;
    this._runId = runId;
    this._scheduler = this._make();
  }

  run(): Drive {
    this._do(this._scheduler.handle({ type: 'begin' }, this._now));
    while (this._open.length > 0 && this._ended === undefined) {
      if (this._events === this._script.stopAt) {
        this._do(this._scheduler.handle({ type: 'terminate' }, this._now));
      }
      if (this._events === this._script.restartAt) {
        this._restart();
      }
      this._events += 1;
      this._now += 1000;
      const [happens] = this._open.splice(
        this._script.pick(this._open.length),
        1
      );
      this._do(happens?.() ?? []);
      if (this._events > 100_000) {
        this._faults.push('the run does not end');
        break;
      }
    }
    const nodes = [...this._scheduler.tree.nodes()];
    for (const node of nodes) {
      if (!isFinal(node)) {
        this._faults.push(`${node.path} is ${node.state} at the end`);
      }
    }
    return {
      states: new Map(nodes.map(node => [node.path, node.state])),
      launches: this._launches,
      faults: this._faults,
      ended: this._ended,
      events: this._events
    };
  }

  private _make(): Scheduler {
    return new Scheduler({
      runId: this._runId,
      document: this._script.document,
      facts: FACTS,
      inputs: emptyScope(),
      newId: () => `${this._runId}-${this._ids++}`
    });
  }

  private _save(): void {
    const changed = this._scheduler.takeChanged();
    this._store.database.transaction(() => saveNodes(this._store, changed));
  }

  /** As after a crash: only what was stored is known. Attempts under way go on and are adopted. */
  private _restart(): void {
    const { ending } = this._scheduler;
    this._scheduler = this._make();
    restoreTree(this._scheduler, this._store);
    this._scheduler.ending = ending;
    this._open = [];
    const { commands, adopt } = this._scheduler.resume(this._now);
    this._do(commands);
    for (const node of adopt) {
      this._open.push(() => this._finish(node.taskId));
    }
  }

  private _do(commands: readonly Command[]): void {
    this._save();
    for (const command of commands) {
      switch (command.type) {
        case 'launch':
          this._launch(command.node);
          break;
        case 'timer': {
          const { taskId } = command.node;
          this._open.push(() =>
            this._scheduler.handle({ type: 'retry-due', taskId }, this._now)
          );
          break;
        }
        case 'run-final':
          if (this._ended !== undefined) {
            this._faults.push('the run ended twice');
          }
          this._ended = command.state;
          break;
        case 'import':
        case 'cancel':
      }
    }
  }

  private _launch(node: TaskNode): void {
    this._checkReady(node);
    this._open.push(() => {
      if (isFinal(node)) {
        return []; // the run was stopped while it waited for a slot
      }
      const count = (this._launches.get(node.path) ?? 0) + 1;
      this._launches.set(node.path, count);
      if (count > 1 + (node.retry?.maxRetryCount ?? 0)) {
        this._faults.push(`${node.path} was launched ${count} times`);
      }
      if (this._scheduler.ending !== undefined) {
        this._faults.push(`${node.path} began after the run was stopped`);
      }
      node.attempts = [
        ...node.attempts,
        {
          attemptId: `${node.taskId}-${node.attempts.length}`,
          index: node.attempts.length,
          podName: 'p',
          state: 'RUNNING',
          startedAt: new Date(this._now).toISOString(),
          folder: 'f'
        }
      ];
      const commands = this._scheduler.handle(
        { type: 'attempt-started', taskId: node.taskId },
        this._now
      );
      this._open.push(() => this._finish(node.taskId));
      return commands;
    });
  }

  private _checkReady(node: TaskNode): void {
    const always =
      node.spec?.triggerPolicy?.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED';
    for (const key of node.spec?.dependentTasks ?? []) {
      const before = node.parent?.children.get(key);
      const isReady =
        before !== undefined &&
        (always
          ? isFinal(before)
          : before.state === 'SUCCEEDED' || before.state === 'CACHED');
      if (!isReady) {
        this._faults.push(
          `${node.path} was launched while ${key} was ${before?.state}`
        );
      }
    }
    for (let above = node.parent; above; above = above.parent) {
      if (!isGroup(above) || above.state !== 'RUNNING') {
        this._faults.push(`${node.path} was launched inside ${above.state}`);
      }
    }
  }

  private _finish(taskId: string): readonly Command[] {
    const node = this._scheduler.tree.byId(taskId);
    const attempt = node?.attempts.at(-1);
    if (node === undefined || attempt === undefined) {
      this._faults.push(`${taskId} is unknown after a restart`);
      return [];
    }
    const finishedAt = new Date(this._now).toISOString();
    const isCanceled = this._scheduler.ending !== undefined;
    const isFailed =
      !isCanceled && this._script.fails(node.path, attempt.index);
    const outputs = emptyScope();
    outputs.parameters['Output'] = node.path;
    const result: AttemptResult = isCanceled
      ? { outcome: 'canceled', finishedAt }
      : isFailed
        ? {
            outcome: 'failed',
            finishedAt,
            message: 'failed',
            code: 'exit',
            outputs: { parameters: {}, artifacts: {} }
          }
        : {
            outcome: 'succeeded',
            finishedAt,
            warnings: [],
            outputs: { parameters: {}, artifacts: {} }
          };
    node.attempts = [
      ...node.attempts.slice(0, -1),
      { ...attempt, state: isFailed ? 'FAILED' : 'SUCCEEDED', finishedAt }
    ];
    return this._scheduler.handle(
      { type: 'attempt-ended', taskId, result, outputs },
      this._now
    );
  }
}
