/** A backend whose run and log a test writes by itself. */
import {
  countTasks,
  type LogChunk,
  type RunState,
  type RunView,
  type TaskState,
  type TaskView
} from 'jupyterlab-kfp-model';

import type { ProblemError } from '../../problem.ts';
import type { RunSource } from '../../upstream/source.ts';

export const RUN_ID = '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11';

/** A view of a run with these tasks. */
export function viewOf(
  states: Readonly<Record<string, TaskState>>,
  state: RunState = 'RUNNING',
  more: Partial<RunView> = {}
): RunView {
  const tasks = Object.fromEntries(
    Object.entries(states).map(([id, each]): [string, TaskView] => [
      id,
      {
        id,
        path: id,
        name: id,
        vertex: id,
        kind: 'task',
        state: each,
        attempts:
          each === 'PENDING'
            ? []
            : [{ index: 0, id: `${id}-0`, state: 'RUNNING' }]
      }
    ])
  );
  return {
    run: {
      run_id: RUN_ID,
      name: 'r',
      connection: { profile: 'local', fingerprint: 'f', flavour: 'local' },
      pipeline: { name: 'p' },
      state,
      created_at: '2026-11-23T12:00:00.000Z',
      parameters: []
    },
    tasks,
    loops: {},
    counts: countTasks(tasks),
    warnings: [],
    capabilities: { actions: [], logs: true, artifacts: true, events: false },
    ...more
  };
}

export class ScriptedSource {
  view: RunView = viewOf({ a: 'PENDING' });
  /** Thrown instead of an answer. */
  problem: ProblemError | undefined;
  log = Buffer.alloc(0);
  /** First byte that is still kept. */
  logStart = 0;
  isLogEnded = false;
  /** Looks that were made, by detail. */
  readonly looks: string[] = [];
  private readonly _listeners = new Set<(runId: string) => void>();
  private readonly _logListeners = new Set<() => void>();

  /** Number of listeners that are still there. */
  get listeners(): number {
    return this._listeners.size + this._logListeners.size;
  }

  /** Set the run and tell everybody. */
  show(view: RunView): void {
    this.view = view;
    this.push();
  }

  /** Tell everybody that the run may have changed. */
  push(): void {
    for (const listener of [...this._listeners]) {
      listener(RUN_ID);
    }
  }

  /** Add to the log and tell everybody. */
  write(bytes: Buffer | string): void {
    this.log = Buffer.concat([this.log, Buffer.from(bytes)]);
    for (const listener of [...this._logListeners]) {
      listener();
    }
  }

  /** As the gateway sees it; with `push` false it must be polled. */
  source(push = true): RunSource {
    const parts: Partial<RunSource> = {
      ref: this.view.run.connection,
      getRun: async (_id, detail) => {
        this.looks.push(detail);
        if (this.problem !== undefined) {
          throw this.problem;
        }
        return this.view;
      },
      listRuns: async () => ({ runs: [this.view.run] }) as never, // rows are only passed on
      log: async ({ from, limit }) => this._chunk(from, limit),
      ...(push && {
        onChange: (listener: (runId: string) => void) => {
          this._listeners.add(listener);
          return () => this._listeners.delete(listener);
        },
        onLog: (_key: unknown, listener: () => void) => {
          this._logListeners.add(listener);
          return () => this._logListeners.delete(listener);
        }
      })
    };
    return parts as RunSource; // the watch socket calls no other method
  }

  private _chunk(from: number, limit: number): LogChunk {
    const size = this.log.length;
    const wanted = from < 0 ? Math.max(0, size + from) : from;
    const offset = Math.min(size, Math.max(wanted, this.logStart));
    let next = Math.min(size, offset + limit);
    // As a real source does it: never half a character.
    while (next > offset && next < size && isInside(this.log[next])) {
      next -= 1;
    }
    return {
      offset,
      text: this.log.subarray(offset, next).toString('utf8'),
      next,
      size,
      end: this.isLogEnded && next === size
    } as LogChunk;
  }
}

function isInside(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
