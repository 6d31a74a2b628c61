/**
 * The moves of one run: how the state of a task changes, and what that asks of the shell. Nothing here decides when.
 */
import type { RunFacts } from './constants.ts';
import { TaskError } from './engine-error.ts';
import { dagOutputs, loopOutputs } from './outputs.ts';
import type { Command } from './scheduler-events.ts';
import { groupEnd, skipSentence, type Ending } from './scheduling-rules.ts';
import { isFinal, type SkipReason, type TaskNode } from './task-node.ts';
import type { TaskTree } from './task-tree.ts';

export class Moves {
  readonly tree: TaskTree;
  readonly facts: RunFacts;
  /** Set when no new task may start: the user stopped the run, or its deadline passed. */
  ending: Ending | undefined;
  private _now = 0;
  private _commands: Command[] = [];
  /** Nodes that became final and whose neighbours were not told yet. */
  private readonly _settled: TaskNode[] = [];
  private readonly _changed = new Set<TaskNode>();

  constructor(tree: TaskTree, facts: RunFacts) {
    this.tree = tree;
    this.facts = facts;
  }

  /** Begin to answer an event of this moment. */
  begin(now: number): void {
    this._now = now;
    this._commands = [];
  }

  get now(): number {
    return this._now;
  }

  get time(): string {
    return new Date(this._now).toISOString();
  }

  /** What the shell is asked to do since `begin`, in order. */
  get commands(): readonly Command[] {
    return this._commands;
  }

  ask(command: Command): void {
    this._commands.push(command);
  }

  /** The next node that became final and whose neighbours were not told. */
  takeSettled(): TaskNode | undefined {
    return this._settled.pop();
  }

  /** The nodes that changed since the last call. */
  takeChanged(): readonly TaskNode[] {
    const changed = [...this._changed];
    this._changed.clear();
    return changed;
  }

  touch(node: TaskNode): void {
    this._changed.add(node);
  }

  launch(node: TaskNode): void {
    node.state = 'PENDING';
    this.touch(node);
    this.ask({ type: 'launch', node });
  }

  finish(node: TaskNode, state: TaskNode['state']): void {
    if (isFinal(node)) {
      return;
    }
    node.state = state;
    node.finishedAt = this.time;
    if (node.skip === undefined) {
      delete node.reason;
    }
    this.touch(node);
    this._settled.push(node);
  }

  skip(node: TaskNode, reason: SkipReason, by?: TaskNode): void {
    node.skip = reason;
    node.reason = skipSentence(reason, by);
    this.finish(node, reason === 'condition' ? 'SKIPPED' : 'NOT_REACHED');
  }

  fail(
    node: TaskNode,
    error: { message: string; code: string; exitCode?: number }
  ): void {
    node.error = error;
    this.finish(node, 'FAILED');
  }

  /** Fail a task for a reason that a person can be told; any other error is a fault of ours. */
  failBecause(node: TaskNode, error: unknown): void {
    if (!(error instanceof TaskError)) {
      throw error;
    }
    this.fail(node, { message: error.message, code: error.code });
  }

  /** All children of a group are final. */
  close(node: TaskNode): void {
    const end = groupEnd(node, this.ending);
    if (end !== 'SUCCEEDED') {
      this.finish(node, end);
      return;
    }
    try {
      node.outputs =
        node.items === undefined ? dagOutputs(node) : loopOutputs(node);
      this.finish(node, 'SUCCEEDED');
    } catch (error) {
      this.failBecause(node, error);
    }
  }
}
