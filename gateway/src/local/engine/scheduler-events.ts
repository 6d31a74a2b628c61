/** What goes into the scheduler of a run, and what comes out of it. */
import type { AttemptResult } from '../tasks/contract.ts';
import type { Scope, TaskNode } from './task-node.ts';

/** What the shell around the scheduler is asked to do. */
export type Command =
  /** Run a container, or reuse its cached outputs: `node` is pending until told otherwise. */
  | { readonly type: 'launch'; readonly node: TaskNode }
  | { readonly type: 'import'; readonly node: TaskNode }
  | { readonly type: 'cancel'; readonly attemptId: string }
  /** Send `retry-due` at this time. */
  | { readonly type: 'timer'; readonly node: TaskNode; readonly at: number }
  | {
      readonly type: 'run-final';
      readonly state: 'SUCCEEDED' | 'FAILED' | 'CANCELED';
    };

/** What happened. Times are milliseconds since the epoch. */
export type Event =
  | { readonly type: 'begin' }
  | {
      readonly type: 'attempt-waiting';
      readonly taskId: string;
      readonly reason: string;
    }
  | { readonly type: 'attempt-started'; readonly taskId: string }
  | {
      readonly type: 'attempt-ended';
      readonly taskId: string;
      readonly result: AttemptResult;
      /** Outputs with the ids the store gave them. */
      readonly outputs: Scope;
    }
  | {
      readonly type: 'cached';
      readonly taskId: string;
      readonly outputs: Scope;
      readonly from: { readonly runId: string; readonly taskId: string };
    }
  | {
      readonly type: 'imported';
      readonly taskId: string;
      readonly outputs: Scope;
      readonly cached?: boolean;
    }
  /** The task cannot start, or an importer failed; not retried. */
  | {
      readonly type: 'refused';
      readonly taskId: string;
      readonly message: string;
      readonly code: string;
    }
  | { readonly type: 'retry-due'; readonly taskId: string }
  | { readonly type: 'terminate' }
  /** The run passed its deadline. */
  | { readonly type: 'deadline'; readonly message: string };
