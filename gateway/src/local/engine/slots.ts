/** Worker slots shared by all runs, handed out round-robin between them. */
import type { TaskNode } from './task-node.ts';

/** Tasks that wait for an environment or image at most: beyond, they keep their slots. */
const MOST_AWAY = 64;

/** A slot in the hands of a task. */
export interface Lease {
  /** Give the slot to others for the time of a wait that takes no worker. */
  leave(): void;
  /** Have it again before the work begins; `full` is called where others have them all for now. */
  enter(signal: AbortSignal, full?: () => void): Promise<void>;
  /** Give it back for good. */
  end(): void;
}

export class Slots {
  private readonly _limit: number;
  private readonly _queues = new Map<string, TaskNode[]>();
  private readonly _returning = new Set<() => void>();
  private _used = 0;
  private _away = 0;

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
    this._wake();
  }

  /** The slot of a task that was taken; `freed` is called when others may have it. */
  lease(freed: () => void): Lease {
    let isHeld = true;
    return {
      leave: () => {
        if (isHeld && this._away < MOST_AWAY) {
          isHeld = false;
          this._away += 1;
          this.release();
          freed();
        }
      },
      enter: async (signal, full = () => undefined) => {
        if (!isHeld) {
          await this._turn(signal, full);
          isHeld = true;
          this._away -= 1;
        }
      },
      end: () => {
        if (isHeld) {
          this.release();
        } else {
          this._away -= 1;
        }
        isHeld = false;
        freed();
      }
    };
  }

  /** Wait for a slot; those who wait here come before new tasks. A signal ends the wait, slot or not. */
  private _turn(signal: AbortSignal, full: () => void): Promise<void> {
    return new Promise(resolve => {
      const enter = (): void => {
        this._returning.delete(enter);
        // Whoever was stopped only has to end: that takes no worker, and it gives the slot back as everybody does.
        this._used += 1;
        resolve();
      };
      if (signal.aborted) {
        enter();
        return;
      }
      signal.addEventListener('abort', enter, { once: true });
      this._returning.add(enter);
      this._wake();
      if (this._returning.has(enter)) {
        full();
      }
    });
  }

  private _wake(): void {
    for (const enter of [...this._returning]) {
      if (this._used >= this._limit) {
        return;
      }
      enter();
    }
  }

  /** Drop what waits of a run. */
  forget(runId: string): void {
    this._queues.delete(runId);
  }
}
