/**
 * The surface a backend offers to everything above it. `local/` and each folder of `upstream/` provide one;
 * nothing above this line knows which one it talks to.
 */
import type {
  ArtifactInfo,
  ConnectionRef,
  ExperimentSummary,
  LogChunk,
  LogTime,
  LogStream,
  PipelineSummary,
  PipelineVersionSummary,
  PlannedTask,
  RecurringRunSummary,
  RunAction,
  RunHeader,
  RunsPage,
  RunView,
  SubmitRequest,
  SubscriptionDetail,
  VolumeFolder
} from 'jupyterlab-kfp-model';
import type { Readable } from 'node:stream';

export interface ListQuery {
  readonly namespace?: string;
  readonly experiment_id?: string;
  readonly page_token?: string;
  readonly page_size?: number;
  readonly sort_by?: string;
  /** KFP filter as JSON text. */
  readonly filter?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_page_token?: string;
  readonly total_size?: number;
}

export interface ArtifactContent {
  readonly info: ArtifactInfo;
  /** Folders come as tar.gz. */
  readonly body: Readable;
}

/** What a service says about a run that is only planned. */
export interface PlanFinding {
  readonly tasks: readonly PlannedTask[];
  readonly warnings: readonly string[];
  readonly refusals: readonly string[];
}

/**
 * A backend. Every method rejects with `ProblemError` (code, status, sentence, fix) and never with a raw transport error.
 */
export interface RunSource {
  readonly ref: ConnectionRef;
  listRuns(query: ListQuery): Promise<RunsPage>;
  getRun(runId: string, detail: SubscriptionDetail): Promise<RunView>;
  /** Many runs at detail `header` with one call; those that the service has not are missing. Absent where no call is saved. */
  getHeaders?(runIds: readonly string[]): Promise<readonly RunView[]>;
  /**
   * Be told when a run (or, without id, any run) may have changed. A source that cannot push returns `undefined`,
   * and the watcher polls.
   */
  onChange?(listener: (runId: string) => void): () => void;
  submit(request: SubmitRequest): Promise<RunHeader>;
  /**
   * What this service knows of a run before it is made; absent = no more than the document says. Rejects as `submit`
   * would for its parameters.
   */
  plan?(request: SubmitRequest): Promise<PlanFinding>;
  act(runId: string, action: RunAction): Promise<void>;
  /** The pipeline of a run as submitted. */
  pipelineText(runId: string): Promise<string>;
  /** A stored pipeline: this version, or the newest. Absent where the backend cannot read them. */
  versionText?(pipelineId: string, versionId?: string): Promise<string>;
  log(key: {
    readonly runId: string;
    readonly taskId: string;
    /** 0-based, -1 = newest. */
    readonly attempt: number;
    readonly stream: LogStream;
    /** Byte offset; negative = at most so many from the end, beginning with a whole line. */
    readonly from: number;
    readonly limit: number;
  }): Promise<LogChunk>;
  /** All of a log as bytes, also those that are no text; absent where a log comes as text only. */
  logBytes?(key: {
    readonly runId: string;
    readonly taskId: string;
    /** 0-based, -1 = newest. */
    readonly attempt: number;
  }): Readable;
  /** When which part of a log was written; absent where the backend cannot tell. */
  logTimes?(key: {
    readonly runId: string;
    readonly taskId: string;
    /** 0-based, -1 = newest. */
    readonly attempt: number;
  }): Promise<readonly LogTime[]>;
  /** Be told when a log has grown; absent where the source can only be polled. */
  onLog?(
    key: {
      readonly runId: string;
      readonly taskId: string;
      readonly attempt: number;
    },
    listener: () => void
  ): () => void;
  artifact(runId: string, artifactId: string): Promise<ArtifactContent>;
  /**
   * All of a value that views cut, as JSON text: of a parameter, or the metadata of an artifact. Absent where views
   * carry whole values.
   */
  value?(key: {
    readonly runId: string;
    readonly taskId: string;
    readonly side: 'inputs' | 'outputs';
    readonly name: string;
  }): Promise<string>;
  listPipelines(query: ListQuery): Promise<Page<PipelineSummary>>;
  listVersions(
    pipelineId: string,
    query: ListQuery
  ): Promise<Page<PipelineVersionSummary>>;
  listExperiments(query: ListQuery): Promise<Page<ExperimentSummary>>;
  listRecurringRuns(query: ListQuery): Promise<Page<RecurringRunSummary>>;
  /** Volumes that are folders of this machine; absent where there are none. */
  volumeFolders?(): Promise<readonly VolumeFolder[]>;
  close(): Promise<void>;
}
