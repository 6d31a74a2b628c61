/**
 * What the rest of the local service may ask of the engine, and what it is told.
 *
 * The engine knows runs, DAG instances, tasks and attempts. It knows no HTTP; processes are the task runner's.
 */
import type {
  Json,
  PipelineDocument,
  TaskKind,
  TaskState
} from 'jupyterlab-kfp-model';
import type { OutputArtifact } from '../tasks/contract.ts';

/** A run as the engine needs it; stored before `start` is called. */
export interface EngineRun {
  readonly runId: string;
  readonly name: string;
  readonly document: PipelineDocument;
  /** Values given for the root's inputs, checked already. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly createdAt: string;
  readonly scheduledAt: string;
  /** Override for all tasks. */
  readonly cache?: boolean;
  readonly interpreter?: string;
  readonly pipelineRoot?: string;
  /** Start although `check` refuses; the reasons become task failures. */
  readonly force?: boolean;
}

/** What is known about a pipeline before it runs here. */
export interface RunCheck {
  /** Sentences of the form `Task <path> cannot run here: <list>.`; empty = it can run. */
  readonly refusals: readonly {
    readonly code: 'local-refused' | 'local-needs-container';
    readonly text: string;
  }[];
  /** Portability and local-only warnings with their stable names. */
  readonly warnings: readonly {
    readonly name: string;
    readonly text: string;
  }[];
  /** Leaf tasks in the order of the graph, for the plan. */
  readonly tasks: readonly {
    readonly path: string;
    readonly image?: string;
    readonly packages: readonly string[];
    /** Names of secrets it is given. */
    readonly secrets: readonly string[];
    /** What it asks of a cluster, as in the document. */
    readonly resources?: Readonly<Record<string, Json>>;
    readonly isolation?: 'process' | 'namespace' | 'container';
    readonly cache: 'hit' | 'new' | 'off' | 'unknown';
    readonly cachedFrom?: string;
  }[];
}

/** One task instance as stored. The root is one, with path `root`. */
export interface TaskRecord {
  readonly taskId: string;
  readonly runId: string;
  readonly parentId?: string;
  /** `root`, `root.train`, `root.loop[3].train`. */
  readonly path: string;
  /** Task key in its DAG. */
  readonly key: string;
  readonly displayName: string;
  readonly kind: TaskKind | 'root';
  /** Id of the vertex in the static graph; absent for the root. */
  readonly vertex?: string;
  readonly iteration?: number;
  /** Number of rounds of a loop, once the items are known. */
  readonly iterationCount?: number;
  readonly state: TaskState;
  readonly reason?: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly maxAttempts?: number;
  readonly cachedFrom?: { readonly runId: string; readonly taskId: string };
  readonly error?: {
    readonly message: string;
    readonly code: string;
    readonly exitCode?: number;
  };
  readonly inputs: TaskValues;
  readonly outputs: TaskValues;
  readonly image?: string;
  readonly isolation?: 'process' | 'namespace' | 'container';
  readonly attempts: readonly AttemptRecord[];
}

export interface AttemptRecord {
  readonly attemptId: string;
  readonly index: number;
  readonly podName: string;
  readonly state: 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  readonly message?: string;
  /** Relative to the data folder. */
  readonly folder: string;
}

/** Parameter values and artifacts by name. */
export interface TaskValues {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly artifacts: Readonly<Record<string, readonly StoredArtifact[]>>;
}

/** An artifact with its id in the service. */
export interface StoredArtifact extends OutputArtifact {
  readonly artifactId: string;
}

/** State of a run as the engine sees it; `CANCELED` is projected to FAILED with "terminated by user" on KFP's wire. */
export type EngineRunState =
  'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELING' | 'CANCELED';

/** Told after each transaction that changed a run. */
export type EngineListener = (change: {
  readonly runId: string;
  readonly state: EngineRunState;
  readonly taskIds: readonly string[];
}) => void;

export interface Engine {
  /** Check what can be known before start; creates nothing. */
  check(run: EngineRun): Promise<RunCheck>;
  /** The same, and which tasks would take over earlier results. */
  plan(run: EngineRun): Promise<RunCheck>;
  /** Begin a stored run. */
  start(run: EngineRun): void;
  /** Stop a run: no new tasks, running attempts are ended. Returns false when it is final already. */
  terminate(runId: string): boolean;
  /** Run again what failed, in the same run. */
  retry(runId: string): boolean;
  /** Forget a final run: rows and files, but for task folders that cached results of other runs refer to. */
  remove(runId: string): Promise<void>;
  /**
   * All task instances of a run, parents before children. While the run is active, a task that did not change is the same
   * object as before.
   */
  tasks(runId: string): readonly TaskRecord[];
  task(taskId: string): TaskRecord | undefined;
  /** Warnings gathered for a run. */
  warnings(runId: string): readonly string[];
  activeRuns(): number;
  onChange(listener: EngineListener): () => void;
  /** Take up what an earlier process left: called once, before the service answers. */
  recover(): Promise<void>;
  close(): Promise<void>;
}
