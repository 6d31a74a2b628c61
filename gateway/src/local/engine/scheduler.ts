/**
 * The scheduler of one run: (state, event) → (new state, commands). It does no I/O and asks no clock.
 *
 * A finished task re-evaluates only the DAG instance it stands in; counters make that cheap for loops of thousands.
 */
import type { PipelineDocument } from 'jupyterlab-kfp-model';

import type { AttemptResult } from '../tasks/contract.ts';
import { evaluateCondition } from './cel.ts';
import type { RunFacts } from './constants.ts';
import { TaskError } from './engine-error.ts';
import { firstFailed, resolveInputs } from './inputs.ts';
import { loopItems, roundInputs } from './loops.ts';
import { dagOutputs, loopOutputs } from './outputs.ts';
import { isRetried, nextRetry } from './retry.ts';
import type { Command, Event } from './scheduler-events.ts';
import {
  blockedBy,
  conditionContext,
  groupEnd,
  runEnd,
  skipSentence,
  type Ending
} from './scheduling-rules.ts';
import { TaskTree } from './task-tree.ts';
import {
  isFinal,
  isGroup,
  type Scope,
  type SkipReason,
  type TaskNode
} from './task-node.ts';

export interface SchedulerOptions {
  readonly runId: string;
  readonly document: PipelineDocument;
  readonly facts: RunFacts;
  /** Root inputs with defaults filled in. */
  readonly inputs: Scope;
  readonly newId: () => string;
}

/** Task instances of one run at most. */
export const MAX_TASKS = 50_000;

export class Scheduler {
  readonly tree: TaskTree;
  readonly facts: RunFacts;
  readonly options: SchedulerOptions;
  /** Set when no new task may start: the user stopped the run, or its deadline passed. */
  ending: Ending | undefined;
  private _now = 0;
  private _commands: Command[] = [];
  /** Nodes that became final and whose neighbours were not told yet. */
  private _settled: TaskNode[] = [];
  private readonly _changed = new Set<TaskNode>();

  constructor(options: SchedulerOptions) {
    this.options = options;
    this.facts = options.facts;
    this.tree = new TaskTree(options.runId, options.document, options.newId);
  }

  /** Apply an event; returns what to do, in order. Nodes that changed are in `takeChanged()`. */
  handle(event: Event, now: number): readonly Command[] {
    this._now = now;
    this._commands = [];
    this._apply(event);
    this._settle();
    return this._commands;
  }

  /**
   * Go on with a tree that was restored or reopened: start what is ready, close what is complete.
   * Attempts that were under way are the shell's to adopt: their nodes are returned.
   */
  resume(now: number): {
    readonly commands: readonly Command[];
    readonly adopt: readonly TaskNode[];
  } {
    this._now = now;
    this._commands = [];
    const adopt: TaskNode[] = [];
    // Children before parents: a group closes when all below it is final.
    for (const node of [...this.tree.nodes()].reverse()) {
      if (isFinal(node)) {
        continue;
      }
      const attempt = node.attempts.at(-1);
      if (attempt !== undefined && attempt.finishedAt === undefined) {
        adopt.push(node);
      } else if (this.ending !== undefined && !isGroup(node)) {
        this._skip(node, 'run-ended');
      } else if (node.state === 'RETRYING') {
        this._commands.push({ type: 'timer', node, at: now });
      } else if (node.state === 'RUNNING' && isGroup(node)) {
        this._resumeGroup(node);
      } else if (node.waitingFor === 0 && node.parent !== undefined) {
        if (node.iteration === undefined) {
          this.consider(node);
        } else {
          this._begin(node);
        }
      }
    }
    this._settle();
    return { commands: this._commands, adopt };
  }

  private _resumeGroup(node: TaskNode): void {
    if (node.items !== undefined) {
      this._openRounds(node);
    } else if (node.children.size === 0) {
      this._open(node);
    }
    if (node.open === 0 && !isFinal(node)) {
      this._close(node);
    }
  }

  /** The nodes that changed since the last call. */
  takeChanged(): readonly TaskNode[] {
    const changed = [...this._changed];
    this._changed.clear();
    return changed;
  }

  private _apply(event: Event): void {
    if (event.type === 'begin') {
      const root = this.tree.makeRoot(this._time());
      root.inputs = this.options.inputs;
      this._open(root);
      return;
    }
    if (event.type === 'terminate') {
      this._end('terminated');
      return;
    }
    if (event.type === 'deadline') {
      const root = this.tree.root;
      root.error = { message: event.message, code: 'deadline' };
      this._touch(root);
      this._end('deadline');
      return;
    }
    const node = this.tree.byId(event.taskId);
    if (node === undefined || isFinal(node)) {
      return;
    }
    switch (event.type) {
      case 'attempt-waiting':
        node.reason = event.reason;
        this._touch(node);
        return;
      case 'attempt-started':
        node.state = 'RUNNING';
        node.startedAt ??= this._time();
        delete node.reason;
        this._touch(node);
        return;
      case 'attempt-ended':
        this._attemptEnded(node, event.result, event.outputs);
        return;
      case 'cached':
        node.outputs = event.outputs;
        node.cachedFrom = event.from;
        node.startedAt ??= this._time();
        this._finish(node, 'CACHED');
        return;
      case 'imported':
        node.outputs = event.outputs;
        node.startedAt ??= this._time();
        this._finish(node, event.cached === true ? 'CACHED' : 'SUCCEEDED');
        return;
      case 'refused':
        this._fail(node, { message: event.message, code: event.code });
        return;
      case 'retry-due':
        if (node.state === 'RETRYING') {
          this._launch(node);
        }
    }
  }

  private _attemptEnded(
    node: TaskNode,
    result: AttemptResult,
    outputs: Scope
  ): void {
    if (result.outcome === 'canceled' || this.ending === 'terminated') {
      if (result.outcome === 'succeeded') {
        node.outputs = outputs;
        this._finish(node, 'SUCCEEDED');
        return;
      }
      this._finish(node, this.ending === 'deadline' ? 'FAILED' : 'CANCELED');
      return;
    }
    if (result.outcome === 'succeeded') {
      node.outputs = outputs;
      this._finish(node, 'SUCCEEDED');
      return;
    }
    node.outputs = outputs;
    const retry =
      this.ending === undefined && isRetried(result.code)
        ? nextRetry(node, this._now)
        : 'none';
    if (typeof retry === 'object' && 'at' in retry) {
      node.state = 'RETRYING';
      node.reason = `Attempt ${node.attempts.length - node.generation} failed: ${result.message}`;
      this._touch(node);
      this._commands.push({ type: 'timer', node, at: retry.at });
      return;
    }
    this._fail(node, {
      message:
        typeof retry === 'object'
          ? `${result.message}. ${retry.ended}`
          : result.message,
      code: result.code,
      ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode })
    });
  }

  /** No new tasks; what runs is canceled; what waits is not reached. */
  private _end(why: Ending): void {
    if (this.ending !== undefined || isFinal(this.tree.root)) {
      return;
    }
    this.ending = why;
    for (const node of [...this.tree.nodes()]) {
      if (isFinal(node)) {
        continue;
      }
      if (node.state === 'RUNNING' && !isGroup(node)) {
        const attempt = node.attempts.at(-1);
        if (attempt !== undefined) {
          this._commands.push({ type: 'cancel', attemptId: attempt.attemptId });
        }
      } else if (node.state === 'RETRYING') {
        this._finish(node, why === 'deadline' ? 'FAILED' : 'CANCELED');
      } else if (node.state === 'PENDING') {
        const attempt = node.attempts.at(-1);
        if (attempt !== undefined && attempt.finishedAt === undefined) {
          // It waits for its environment: the runner answers `canceled`.
          this._commands.push({ type: 'cancel', attemptId: attempt.attemptId });
        } else {
          this._skip(node, 'run-ended');
        }
      }
    }
  }

  /** Make the tasks of a DAG instance and start those that wait for nothing. */
  private _open(node: TaskNode): void {
    node.state = 'RUNNING';
    node.startedAt ??= this._time();
    this._touch(node);
    const children = this.tree.makeChildren(node, this._time());
    if (this.tree.size > MAX_TASKS) {
      throw new TaskError(
        `the run has more than ${MAX_TASKS.toLocaleString('en')} task instances`,
        'loop'
      );
    }
    for (const child of children) {
      this._touch(child);
    }
    for (const child of children) {
      if (child.waitingFor === 0) {
        this.consider(child);
      }
    }
    if (node.open === 0) {
      this._close(node);
    }
  }

  /** All dependencies are final: start the task, skip it, or fail it. */
  consider(node: TaskNode): void {
    if (isFinal(node)) {
      return;
    }
    if (this.ending !== undefined) {
      this._skip(node, 'run-ended');
      return;
    }
    const strategy = node.spec?.triggerPolicy?.strategy;
    if (strategy !== 'ALL_UPSTREAM_TASKS_COMPLETED') {
      const blocked = blockedBy(node);
      if (blocked !== undefined) {
        this._skip(node, blocked.reason, blocked.by);
        return;
      }
    }
    try {
      node.inputs = resolveInputs(node, this.facts);
      const condition = node.spec?.triggerPolicy?.condition;
      if (condition && !evaluateCondition(condition, conditionContext(node))) {
        this._skip(node, 'condition');
        return;
      }
      this._begin(node);
    } catch (error) {
      this._failBecause(node, error);
    }
  }

  private _begin(node: TaskNode): void {
    if (node.spec?.iterator !== undefined && node.iteration === undefined) {
      node.items = loopItems(node);
      node.open = node.items.length;
      node.state = 'RUNNING';
      node.startedAt ??= this._time();
      this._touch(node);
      if (node.items.length === 0) {
        this._close(node);
      } else {
        this._openRounds(node);
      }
    } else if (node.component.dag !== undefined) {
      this._open(node);
    } else if (node.executor?.kind === 'importer') {
      this._touch(node);
      this._commands.push({ type: 'import', node });
    } else {
      this._launch(node);
    }
  }

  private _launch(node: TaskNode): void {
    node.state = 'PENDING';
    this._touch(node);
    this._commands.push({ type: 'launch', node });
  }

  /** Open rounds of a loop as far as its limit allows. */
  private _openRounds(loop: TaskNode): void {
    const items = loop.items ?? [];
    const limit = loop.spec?.parallelismLimit || Infinity;
    while (
      loop.nextIteration < items.length &&
      loop.nextIteration - (items.length - loop.open) < limit &&
      !isFinal(loop)
    ) {
      const index = loop.nextIteration++;
      const item = items[index];
      if (item === undefined) {
        return;
      }
      const round = this.tree.makeRound(loop, index, this._time());
      this._touch(round);
      if (this.ending !== undefined) {
        this._skip(round, 'run-ended');
        continue;
      }
      try {
        round.inputs = roundInputs(loop, item);
        if (round.component.dag !== undefined) {
          this._open(round);
        } else {
          this._launch(round);
        }
      } catch (error) {
        this._failBecause(round, error);
      }
    }
  }

  private _skip(node: TaskNode, reason: SkipReason, by?: TaskNode): void {
    node.skip = reason;
    node.reason = skipSentence(reason, by);
    this._finish(node, reason === 'condition' ? 'SKIPPED' : 'NOT_REACHED');
  }

  private _failBecause(node: TaskNode, error: unknown): void {
    if (!(error instanceof TaskError)) {
      throw error;
    }
    this._fail(node, { message: error.message, code: error.code });
  }

  private _fail(
    node: TaskNode,
    error: { message: string; code: string; exitCode?: number }
  ): void {
    node.error = error;
    this._finish(node, 'FAILED');
  }

  private _finish(node: TaskNode, state: TaskNode['state']): void {
    if (isFinal(node)) {
      return;
    }
    node.state = state;
    node.finishedAt = this._time();
    if (node.skip === undefined) {
      delete node.reason;
    }
    this._touch(node);
    this._settled.push(node);
  }

  /** Tell neighbours and parents of final nodes, until nothing moves. A list, not recursion: chains may be long. */
  private _settle(): void {
    for (let node = this._settled.pop(); node; node = this._settled.pop()) {
      const { parent } = node;
      if (parent === undefined) {
        this._runFinal(node);
        continue;
      }
      parent.open -= 1;
      if (node.iteration !== undefined) {
        this._openRounds(parent);
      } else {
        for (const dependent of this.tree.dependents(node)) {
          dependent.waitingFor -= 1;
          if (dependent.waitingFor === 0) {
            this.consider(dependent);
          }
        }
      }
      if (parent.open === 0 && !isFinal(parent)) {
        this._close(parent);
      }
    }
  }

  /** All children of a group are final. */
  private _close(node: TaskNode): void {
    const end = groupEnd(node, this.ending);
    if (end !== 'SUCCEEDED') {
      this._finish(node, end);
      return;
    }
    try {
      node.outputs =
        node.items === undefined ? dagOutputs(node) : loopOutputs(node);
      this._finish(node, 'SUCCEEDED');
    } catch (error) {
      this._failBecause(node, error);
    }
  }

  private _runFinal(root: TaskNode): void {
    if (root.state === 'FAILED' && root.error === undefined) {
      const failed = firstFailed(root);
      if (failed?.error !== undefined) {
        root.error = failed.error;
        this._touch(root);
      }
    }
    this._commands.push({ type: 'run-final', state: runEnd(root) });
  }

  /** Mark a node as changed; for the shell, which changes attempts. */
  touch(node: TaskNode): void {
    this._touch(node);
  }

  private _touch(node: TaskNode): void {
    this._changed.add(node);
  }

  private _time(): string {
    return new Date(this._now).toISOString();
  }
}
