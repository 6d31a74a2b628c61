/** Worker slots shared by all runs, handed out round-robin between them. */
import type { TaskNode } from './task-node.ts';

export class Slots {
  private readonly _limit: number;
  private readonly _queues = new Map<string, TaskNode[]>();
  private _used = 0;

  constructor(limit: number) {
    this._limit = limit;
  }

  /** Add a task that is ready; order inside a run is kept. */
  push(node: TaskNode): void {
    const queue = this._queues.get(node.runId);
    if (queue === undefined) {
      this._queues.set(node.runId, [node]);
    } else {
      queue.push(node);
    }
  }

  /** Take the next task and a slot for it; `undefined` when there is none of either. */
  take(): TaskNode | undefined {
    if (this._used >= this._limit) {
      return undefined;
    }
    for (const [runId, queue] of this._queues) {
      // The run goes to the end of the line, so that a wide run does not starve a small one.
      this._queues.delete(runId);
      const node = queue.shift();
      if (queue.length > 0) {
        this._queues.set(runId, queue);
      }
      if (node !== undefined) {
        this._used += 1;
        return node;
      }
    }
    return undefined;
  }

  release(): void {
    this._used -= 1;
  }

  /** Drop what waits of a run. */
  forget(runId: string): void {
    this._queues.delete(runId);
  }
}
