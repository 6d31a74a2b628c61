/**
 * The scheduler of one run: (state, event) → (new state, commands). It does no I/O and asks no clock.
 *
 * A finished task re-evaluates only the DAG instance it stands in; counters make that cheap for loops of thousands.
 */
import type { PipelineDocument } from 'jupyterlab-kfp-model';

import type { RunFacts } from './constants.ts';
import { attemptEnded, endRun } from './ends.ts';
import { firstFailed } from './inputs.ts';
import { Moves } from './moves.ts';
import type { Command, Event } from './scheduler-events.ts';
import { runEnd, type Ending } from './scheduling-rules.ts';
import { consider, open, openRounds, start } from './starts.ts';
import { isFinal, isGroup, type Scope, type TaskNode } from './task-node.ts';
import { TaskTree } from './task-tree.ts';

export interface SchedulerOptions {
  readonly runId: string;
  readonly document: PipelineDocument;
  readonly facts: RunFacts;
  /** Root inputs with defaults filled in. */
  readonly inputs: Scope;
  readonly newId: () => string;
}

export class Scheduler {
  readonly tree: TaskTree;
  readonly facts: RunFacts;
  readonly options: SchedulerOptions;
  private readonly _moves: Moves;

  constructor(options: SchedulerOptions) {
    this.options = options;
    this.facts = options.facts;
    this.tree = new TaskTree(options.runId, options.document, options.newId);
    this._moves = new Moves(this.tree, this.facts);
  }

  /** Set when no new task may start: the user stopped the run, or its deadline passed. */
  get ending(): Ending | undefined {
    return this._moves.ending;
  }

  set ending(ending: Ending | undefined) {
    this._moves.ending = ending;
  }

  /** Apply an event; returns what to do, in order. Nodes that changed are in `takeChanged()`. */
  handle(event: Event, now: number): readonly Command[] {
    this._moves.begin(now);
    this._apply(event);
    this._settle();
    return this._moves.commands;
  }

  /**
   * Go on with a tree that was restored or reopened: start what is ready, close what is complete.
   * Attempts that were under way are the shell's to adopt: their nodes are returned.
   */
  resume(now: number): {
    readonly commands: readonly Command[];
    readonly adopt: readonly TaskNode[];
  } {
    this._moves.begin(now);
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
        this._moves.skip(node, 'run-ended');
      } else if (node.state === 'RETRYING') {
        this._moves.ask({ type: 'timer', node, at: now });
      } else if (node.state === 'RUNNING' && isGroup(node)) {
        this._resumeGroup(node);
      } else if (node.waitingFor === 0 && node.parent !== undefined) {
        if (node.iteration === undefined) {
          consider(this._moves, node);
        } else {
          start(this._moves, node);
        }
      }
    }
    this._settle();
    return { commands: this._moves.commands, adopt };
  }

  private _resumeGroup(node: TaskNode): void {
    if (node.items !== undefined) {
      openRounds(this._moves, node);
    } else if (node.children.size === 0) {
      open(this._moves, node);
    }
    if (node.open === 0 && !isFinal(node)) {
      this._moves.close(node);
    }
  }

  /** The nodes that changed since the last call. */
  takeChanged(): readonly TaskNode[] {
    return this._moves.takeChanged();
  }

  /** Mark a node as changed; for the shell, which changes attempts. */
  touch(node: TaskNode): void {
    this._moves.touch(node);
  }

  private _apply(event: Event): void {
    if (event.type === 'begin') {
      const root = this.tree.makeRoot(this._moves.time);
      root.inputs = this.options.inputs;
      open(this._moves, root);
      return;
    }
    if (event.type === 'terminate') {
      endRun(this._moves, 'terminated');
      return;
    }
    if (event.type === 'deadline') {
      const root = this.tree.root;
      root.error = { message: event.message, code: 'deadline' };
      this._moves.touch(root);
      endRun(this._moves, 'deadline');
      return;
    }
    const node = this.tree.byId(event.taskId);
    if (node === undefined || isFinal(node)) {
      return;
    }
    switch (event.type) {
      case 'attempt-waiting':
        node.reason = event.reason;
        this._moves.touch(node);
        return;
      case 'attempt-started':
        node.state = 'RUNNING';
        node.startedAt ??= this._moves.time;
        delete node.reason;
        this._moves.touch(node);
        return;
      case 'attempt-ended':
        attemptEnded(this._moves, node, event.result, event.outputs);
        return;
      case 'cached':
        node.outputs = event.outputs;
        node.cachedFrom = event.from;
        node.startedAt ??= this._moves.time;
        this._moves.finish(node, 'CACHED');
        return;
      case 'imported':
        node.outputs = event.outputs;
        node.startedAt ??= this._moves.time;
        this._moves.finish(
          node,
          event.cached === true ? 'CACHED' : 'SUCCEEDED'
        );
        return;
      case 'refused':
        this._moves.fail(node, { message: event.message, code: event.code });
        return;
      case 'retry-due':
        if (node.state === 'RETRYING') {
          this._moves.launch(node);
        }
    }
  }

  /** Tell neighbours and parents of final nodes, until nothing moves. A list, not recursion: chains may be long. */
  private _settle(): void {
    for (
      let node = this._moves.takeSettled();
      node;
      node = this._moves.takeSettled()
    ) {
      const { parent } = node;
      if (parent === undefined) {
        this._runFinal(node);
        continue;
      }
      parent.open -= 1;
      if (node.iteration !== undefined) {
        openRounds(this._moves, parent);
      } else {
        for (const dependent of this.tree.dependents(node)) {
          dependent.waitingFor -= 1;
          if (dependent.waitingFor === 0) {
            consider(this._moves, dependent);
          }
        }
      }
      if (parent.open === 0 && !isFinal(parent)) {
        this._moves.close(parent);
      }
    }
  }

  private _runFinal(root: TaskNode): void {
    if (root.state === 'FAILED' && root.error === undefined) {
      const failed = firstFailed(root);
      if (failed?.error !== undefined) {
        root.error = failed.error;
        this._moves.touch(root);
      }
    }
    this._moves.ask({ type: 'run-final', state: runEnd(root) });
  }
}
