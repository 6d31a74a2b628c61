/**
 * What the engine hands to the task runner, and what it gets back.
 *
 * The runner knows processes, files, environments and isolation; it knows nothing of DAGs, retries or caching.
 */
import type { Json, Machine } from 'jupyterlab-kfp-model';

/** One attempt to execute a container component; every placeholder is replaced already, except paths the runner chooses. */
export interface AttemptSpec {
  readonly attemptId: string;
  readonly runId: string;
  readonly taskId: string;
  /** 0-based. */
  readonly index: number;
  /** Absolute folder of this attempt; its outputs, log and exit record live there. */
  readonly folder: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Variables of the task in order; `$(VAR)` is expanded by the runner. */
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Executor input, with the paths inside `folder` filled in. */
  readonly executorInput: Json;
  readonly outputs: ExpectedOutputs;
  /** Interpreter hint of the run. */
  readonly interpreter?: string;
  readonly isolation: 'process' | 'namespace' | 'container';
  /** Seconds; absent = none. */
  readonly deadlineSeconds?: number;
  readonly mounts: readonly Mount[];
  /** Folders of images that the runner brings and mounts read only. */
  readonly models?: readonly ImageFolder[];
  /** Size of `/dev/shm` in a container, where the task asks for one; elsewhere it is the machine's. */
  readonly sharedMemoryBytes?: number;
  /** Variable name to file that holds the secret's value: read at start, masked in logs, never stored. */
  readonly secretEnv: readonly {
    readonly name: string;
    readonly file: string;
  }[];
  /** Containers that end, one after the other, before the task's own begins. */
  readonly initContainers?: readonly InitContainer[];
  /** Values of parameters that look like secrets: masked in the log. */
  readonly hidden?: readonly string[];
  readonly podName: string;
  /** Set only when a retry policy applies. */
  readonly retryIndex?: number;
}

/** A container that has to succeed before the task begins; it sees nothing of the task but shared volumes. */
export interface InitContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: AttemptSpec['env'];
  readonly mounts: readonly Mount[];
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** The files below `source` are secrets: their contents are masked in the log. */
  readonly secret?: boolean;
}

/** The folder `/models` of an image, and the path at which a task finds it. */
export interface ImageFolder {
  readonly image: string;
  readonly target: string;
}

/** Where outputs are expected; paths are absolute. */
export interface ExpectedOutputs {
  /** `executor_output.json`. */
  readonly outputFile: string;
  readonly parameters: Readonly<
    Record<string, { readonly type: string; readonly file: string }>
  >;
  readonly artifacts: Readonly<
    Record<string, { readonly uri: string; readonly path: string }>
  >;
}

export type AttemptResult =
  | {
      readonly outcome: 'succeeded';
      readonly finishedAt: string;
      readonly outputs: AttemptOutputs;
      readonly warnings: readonly string[];
    }
  | {
      readonly outcome: 'failed';
      readonly finishedAt: string;
      readonly exitCode?: number;
      readonly signal?: string;
      /** One sentence for the person. */
      readonly message: string;
      /** `exit`, `output`, `environment`, `deadline`, `interrupted`, `start`. */
      readonly code: string;
      /** Outputs that were written before it failed. */
      readonly outputs: AttemptOutputs;
    }
  | { readonly outcome: 'canceled'; readonly finishedAt: string };

export interface AttemptOutputs {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly artifacts: Readonly<Record<string, readonly OutputArtifact[]>>;
}

export interface OutputArtifact {
  readonly name: string;
  readonly type: {
    readonly schemaTitle?: string;
    readonly instanceSchema?: string;
    readonly schemaVersion?: string;
  };
  readonly uri: string;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly customPath?: string;
}

/** What the runner tells while an attempt is under way. */
export interface AttemptListener {
  /** The environment is being built, or the like; plain words. No worker is needed meanwhile. */
  waiting(reason: string): void;
  /** Resolves when the attempt may use a worker, or when the signal says that it was stopped. */
  ready(signal: AbortSignal): Promise<void>;
  /** The task's process exists. */
  started(process: { readonly pid: number; readonly startedAt: string }): void;
  warning(text: string): void;
}

/** Runs attempts. One per local service. */
export interface TaskRunner {
  /** Resolve when the attempt has ended, whatever its outcome; reject never but for a bug. */
  run(spec: AttemptSpec, listener: AttemptListener): Promise<AttemptResult>;
  /**
   * Take up an attempt that an earlier process of the gateway started: wait for it, take its stored result,
   * or fail as `interrupted`. `undefined` when it never started, so that it may start again.
   */
  adopt(
    spec: AttemptSpec,
    listener: AttemptListener
  ): Promise<AttemptResult | undefined>;
  /** Stop an attempt: TERM to its group, KILL after `graceMs`. */
  cancel(attemptId: string, graceMs: number): void;
  /** Sentences about what cannot run here, per container spec; checked at run creation. */
  check(spec: {
    readonly image: string;
    readonly command: readonly string[];
    readonly args: readonly string[];
    readonly needsMounts: readonly string[];
    /** What only containers can do for this task, as the subject of a sentence. */
    readonly needsContainer?: string;
    readonly interpreter?: string;
  }): Promise<TaskCheck>;
  /** Why nothing can be had here that only docker or podman bring, as the end of a sentence; `undefined` when it can. */
  withoutContainers(): Promise<string | undefined>;
  /** What this machine has for tasks, whichever they are. */
  machine(): Promise<Machine>;
  /** Detach from running attempts and free timers; attempts go on. */
  close(): Promise<void>;
}

export interface TaskCheck {
  /** `namespace` only where a task needs mounts, or where the setting asks for it. */
  readonly isolation: 'process' | 'namespace' | 'container';
  /** Reasons for refusal; empty = it can run. */
  readonly refusals: readonly string[];
  /** Stable names with their sentences: `image-ignored`, `python-differs`, `host-commands`, … */
  readonly warnings: readonly {
    readonly name: string;
    readonly text: string;
  }[];
  /** Version of the Python that runs it, where one of this machine does: another may give other results. */
  readonly python?: string;
  /** What the plan shows. */
  readonly packages: readonly string[];
}
