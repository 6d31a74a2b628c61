/**
 * The uniform picture of a run: what the gateway pushes and every view draws, whatever service the run lives on.
 *
 * Shaped after KFP 3.0's `PipelineTask`. A view never holds JSON null, because null deletes in a merge patch (RFC 7396):
 * absent means unknown. Times are RFC 3339 UTC text with milliseconds. Values of parameters travel as JSON text.
 */
import type { StaticGraph } from '../graph/static-graph.ts';
import type { RunState, TaskState } from './states.ts';

/** Everything known about one run. `tasks` and `graph` are left out at detail `header`. */
export interface RunView {
  readonly run: RunHeader;
  /** Task instances by task id; the root is not among them. */
  readonly tasks: Readonly<Record<string, TaskView>>;
  /** Progress of loops by the task id of the loop. */
  readonly loops: Readonly<Record<string, LoopProgress>>;
  readonly counts: TaskCounts;
  /** Sentences from the service, in order of appearance, without repeats. */
  readonly warnings: readonly string[];
  readonly capabilities: RunCapabilities;
  /** Outputs of the pipeline itself, once it has them. */
  readonly outputs?: readonly OutputValue[];
  /** The compiled pipeline as a graph; it does not change during a run. */
  readonly graph?: StaticGraph;
  /** The first failure by end time. */
  readonly failure?: RunFailure;
  /** Why the run does not move, when it waits. */
  readonly waiting?: WaitingReason;
}

/** The part of a run that lists and headers show. */
export interface RunHeader {
  readonly run_id: string;
  readonly name: string;
  readonly connection: ConnectionRef;
  readonly experiment?: NamedRef;
  readonly pipeline: PipelineRef;
  readonly state: RunState;
  /** The service's own word when `state` is `UNKNOWN`. */
  readonly state_raw?: string;
  readonly created_at: string;
  readonly scheduled_at?: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly archived?: boolean;
  readonly recurring_run_id?: string;
  /** What ended the run, for a person. */
  readonly error?: string;
  /** Run parameters in the order of the pipeline. */
  readonly parameters: readonly ParameterValue[];
  readonly sdk?: string;
  /** Address of this run in the KFP UI, computed from a checked profile; http or https. */
  readonly ui_url?: string;
}

/** Where a run lives. Holds no address and no secret. */
export interface ConnectionRef {
  readonly profile: string;
  /** Opaque identity of the service, made by the gateway. */
  readonly fingerprint: string;
  readonly namespace?: string;
  readonly flavour: ConnectionFlavour;
}

/** The generation of a backend. */
export type ConnectionFlavour = 'local' | 'kfp2' | 'kfp3' | 'argo';

export interface NamedRef {
  readonly id: string;
  readonly name: string;
}

/** The pipeline of a run. */
export interface PipelineRef {
  readonly name: string;
  /** `sha256:` and 64 hex digits of the compiled text, where it is known. */
  readonly ir_digest?: string;
  readonly pipeline_id?: string;
  readonly version_id?: string;
  readonly version_name?: string;
}

/** One parameter value. `json` is absent when no value was given. */
export interface ParameterValue {
  readonly name: string;
  readonly type: string;
  /** The value as JSON text. */
  readonly json?: string;
  readonly origin: 'given' | 'default' | 'missing';
  /** True when the value looks like a secret and was replaced by dots. */
  readonly redacted?: boolean;
}

/** The kinds of nodes in a task tree. An `iteration` is one round of a loop. */
export type TaskKind =
  'task' | 'dag' | 'condition' | 'loop' | 'iteration' | 'exit' | 'importer';

/** One task instance. */
export interface TaskView {
  readonly id: string;
  /** Path without `root.`, for example `for-loop-2[0].train`. Unique in the run. */
  readonly path: string;
  /** What people read: display name, else the key of the task. */
  readonly name: string;
  /** Id of the vertex in the static graph that this is an instance of; iterations share their loop's. */
  readonly vertex: string;
  readonly kind: TaskKind;
  /** Task id of the enclosing sub-pipeline, condition, loop or iteration; absent at the top. */
  readonly parent?: string;
  /** Index of the round, for iterations. */
  readonly iteration?: number;
  readonly state: TaskState;
  readonly state_raw?: string;
  /** Why it waits, was skipped or was not reached, in plain words. */
  readonly reason?: string;
  readonly created_at?: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  /** Attempts, oldest first. Empty for groups, importers and cached tasks. */
  readonly attempts: readonly AttemptView[];
  /** Name that the log route of the service accepts for its driver; absent where there is none, or none has begun. */
  readonly driver?: string;
  /** Number of attempts allowed, when a retry policy applies. */
  readonly max_attempts?: number;
  readonly cached_from?: { readonly run_id: string; readonly task_id: string };
  readonly failure?: TaskFailure;
  readonly inputs?: readonly InputValue[];
  readonly outputs?: readonly OutputValue[];
  readonly image?: string;
  /** How it runs on the local service. */
  readonly isolation?: 'process' | 'namespace' | 'container';
}

/** One attempt of a task. */
export interface AttemptView {
  /** 0-based. */
  readonly index: number;
  /** Name that the log route of the service accepts (pod name on a cluster). */
  readonly id: string;
  readonly state: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly exit_code?: number;
  readonly message?: string;
}

/** Why a task failed. */
export interface TaskFailure {
  /** One line: last exception line, text of the service, or the exit code. */
  readonly reason: string;
  /** What probably helps, in sentences. */
  readonly hint?: string;
  readonly code?: string;
  readonly exit_code?: number;
  readonly source?: SourceLine;
  /** The last lines of the log, at most 20. */
  readonly log_tail?: readonly string[];
}

/** A line of the component's source that an exception points at. */
export interface SourceLine {
  /** 1-based line inside the component's function source as stored in the IR. */
  readonly line: number;
  readonly text: string;
  /** Name of the function the component was made of. */
  readonly function?: string;
}

export interface RunFailure extends TaskFailure {
  readonly task_id: string;
  readonly task: string;
}

export interface WaitingReason {
  readonly task?: string;
  readonly reason: string;
  readonly since: string;
  readonly code?: string;
}

/** An input of a task with the place it came from. */
export interface InputValue {
  readonly name: string;
  readonly kind: 'param' | 'artifact';
  readonly type: string;
  readonly json?: string;
  /** Characters of the whole value where `json` is only its beginning, as text; the route of values has all of it. */
  readonly cut?: number;
  readonly uri?: string;
  readonly artifact_id?: string;
  readonly redacted?: boolean;
  /** `task.output` of the producer, or `pipeline.parameter`. */
  readonly producer?: string;
  /** Set where nobody gave the value: the component has it. */
  readonly origin?: 'default';
}

/** An output of a task. Parameters carry `json`, artifacts an id to fetch their content with. */
export interface OutputValue {
  readonly name: string;
  readonly kind: 'param' | 'metric' | 'artifact';
  /** Parameter type, or schema title such as `system.Model`. */
  readonly type: string;
  readonly json?: string;
  /** As for inputs; of an artifact it counts `metadata`, which is left out then. */
  readonly cut?: number;
  readonly artifact_id?: string;
  readonly uri?: string;
  readonly size?: number;
  /** Artifact metadata as JSON text. */
  readonly metadata?: string;
}

/** Progress of a loop. `total` is absent until the items are known. */
export interface LoopProgress {
  readonly total?: number;
  readonly counts: Readonly<Partial<Record<TaskState, number>>>;
}

/** Counts over leaf tasks (containers and importers, each iteration's too). */
export interface TaskCounts {
  /** Leaf tasks that count: all but skipped ones. */
  readonly total: number;
  readonly done: number;
  readonly succeeded: number;
  /** True while a loop is not expanded yet: the total may grow. */
  readonly open?: boolean;
  readonly by_state: Readonly<Partial<Record<TaskState, number>>>;
}

/** What can be done with this run here. An action that is missing is hidden in the views. */
export interface RunCapabilities {
  readonly actions: readonly RunAction[];
  readonly logs: boolean;
  readonly artifacts: boolean;
  /** Whether the service can say why a task waits; on a cluster the events of its pod do. */
  readonly events: boolean;
}

export type RunAction =
  'terminate' | 'retry' | 'archive' | 'unarchive' | 'delete' | 'rerun';
