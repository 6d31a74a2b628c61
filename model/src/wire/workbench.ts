/**
 * Bodies of the workbench API (`<gateway>/api/…`), shared by the gateway and the labextension.
 *
 * | method and path | body → answer |
 * |---|---|
 * | GET /api/status | GatewayStatus |
 * | GET /api/connections · POST /api/connections/search | { connections: ConnectionInfo[] } |
 * | GET /api/connections/:c | ConnectionInfo |
 * | GET /api/connections/:c/doctor?namespace&sdk | DoctorReport (`wire/doctor.ts`) |
 * | GET /api/connections/:c/runs?page_token&page_size&filter&sort_by&experiment_id&namespace | RunsPage |
 * | POST /api/connections/:c/runs | SubmitRequest → SubmitAnswer |
 * | GET /api/connections/:c/runs/:run/view?detail | { epoch, seq, view: RunView } |
 * | POST /api/connections/:c/runs/:run/actions | { action: RunAction } → RunHeader |
 * | DELETE /api/connections/:c/runs/:run | {} |
 * | GET /api/connections/:c/runs/:run/tasks/:task/log?attempt&stream&from&limit | LogChunk |
 * | GET …/log/download?attempt&stream | text/plain stream |
 * | GET /api/connections/:c/runs/:run/tasks/:task/(inputs or outputs)/:name | a value as JSON, all of it; of an artifact its metadata |
 * | GET /api/connections/:c/runs/:run/artifacts/:artifact | the bytes (folders as tar.gz); ?info=1 gives ArtifactInfo |
 * | GET /api/connections/:c/runs/:run/source | { text, digest } the pipeline as submitted |
 * | GET /api/connections/:c/volumes | { volumes } claims that stand for folders of this machine, with those |
 * | GET /api/connections/:c/pipelines · …/pipelines/:p/versions · …/experiments · …/recurringruns | pages |
 * | POST /api/bundles/runs | BundleRequest → Bundle |
 * | POST /api/writers | WriteClaim → WriteAnswer |
 * | POST /api/pipelines | DescribeRequest → DescribeAnswer (parses, keeps the text by digest for 30 days) |
 * | GET /api/pipelines/:digest | { text } |
 * | GET /api/pipelines/:digest/spec | the `pipeline_spec` that requests to the KFP API carry |
 * | GET /api/pipelines/:digest/code | { components: ComponentCode[] } |
 * | POST /api/connections/:c/plan | SubmitRequest → PlanAnswer |
 * | POST /api/schedules/next | { cron?, interval_second?, start_time?, end_time? } → NextFires |
 */
import type { CheckContext } from '../checks/finding.ts';
import type {
  Bundle,
  CellRef,
  LintFinding,
  PipelinePayload,
  RunEntry
} from '../payload/types.ts';
import type {
  ConnectionRef,
  NamedRef,
  RunAction,
  RunHeader,
  TaskCounts
} from '../run/view.ts';

/** Error body of the workbench API; codes as in the table of the product's errors. */
export interface Problem {
  /** `gateway-absent`, `conn-unknown`, `bad-param`, `not-found`, … */
  readonly code: string;
  /** One sentence with the cause. */
  readonly message: string;
  readonly detail?: string;
  /** What to do about it, one sentence. */
  readonly fix?: string;
}

export interface GatewayStatus {
  readonly version: string;
  readonly pid: number;
  readonly node: string;
  readonly started_at: string;
  readonly active_runs: number;
  readonly data_dir: string;
  readonly default_connection: string;
  /** What a person should know of the local service, one sentence each. */
  readonly notices?: readonly string[];
}

export type HealthWord =
  'connected' | 'limited' | 'checking' | 'sign-in' | 'unreachable' | 'off';

/** A connection as the browser and the kernel may know it: no secret in it. */
export interface ConnectionInfo {
  readonly ref: ConnectionRef;
  readonly name: string;
  readonly health: HealthWord;
  /** One sentence: what is wrong, or how it signed in. */
  readonly health_text?: string;
  /** How the candidate was found: `local`, `env`, `in-cluster`, `kubeconfig`, `port-forward`, `profile`. */
  readonly origin: string;
  readonly address?: string;
  readonly kfp_version?: string;
  readonly multi_user?: boolean;
  readonly sign_in?: string;
  readonly ui_url?: string;
  readonly is_default: boolean;
  readonly checked_at?: string;
}

/** A row of a list of runs. */
export interface RunSummary extends RunHeader {
  readonly counts?: TaskCounts;
}

export interface RunsPage {
  readonly runs: readonly RunSummary[];
  readonly next_page_token?: string;
  readonly total_size?: number;
}

export interface PipelineSummary {
  readonly pipeline_id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description?: string;
  readonly created_at: string;
}

export interface PipelineVersionSummary {
  readonly pipeline_id: string;
  readonly pipeline_version_id: string;
  readonly name: string;
  readonly display_name: string;
  readonly created_at: string;
  readonly format: 'ir' | 'argo';
}

export interface ExperimentSummary extends NamedRef {
  readonly description?: string;
  readonly created_at: string;
  readonly archived?: boolean;
}

export interface RecurringRunSummary {
  readonly recurring_run_id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly trigger: string;
  readonly next_fire_at?: string;
  readonly pipeline?: NamedRef;
}

/** The pipeline of a submit: exactly one of the three. */
export type PipelineSource =
  | { readonly text: string }
  | { readonly digest: string }
  | { readonly pipeline_id: string; readonly version_id?: string };

/** The next times at which a trigger would fire. */
export interface NextFires {
  /** IANA name of the zone that cron expressions are read in. */
  readonly zone: string;
  /** RFC 3339, UTC; at most three. */
  readonly times: readonly string[];
}

export interface SubmitRequest {
  readonly pipeline: PipelineSource;
  /** Values by name; typed JSON, checked against the pipeline before anything is created. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Default: `<pipeline> <UTC yyyy-mm-dd hh-mm-ss>`. */
  readonly name?: string;
  readonly namespace?: string;
  /** Name of the experiment; made if missing. */
  readonly experiment?: string;
  /** Override for all tasks; absent = as written. */
  readonly cache?: boolean;
  readonly cell?: CellRef;
  readonly sdk?: string;
  /** Interpreter of the kernel, preferred by the local service for Python components. */
  readonly interpreter?: string;
  /** Send although the local service knows that tasks cannot run here. */
  readonly force?: boolean;
  /** A repeated key within an hour answers the run of the first request. */
  readonly idempotency_key?: string;
}

export interface SubmitAnswer {
  readonly run: RunHeader;
  readonly bundle: Bundle;
}

export interface BundleRequest {
  readonly runs: readonly {
    readonly connection: string;
    readonly run_id: string;
    readonly cell?: CellRef;
    /** What a notebook that is written anew says of the run already. */
    readonly handle?: Pick<RunEntry, 'connection' | 'submitted_at' | 'sdk'>;
  }[];
}

/** A page wants to write what became of runs into a document that others may have open, too. */
export interface WriteClaim {
  /** The document and the runs. */
  readonly what: string;
  /** The page, a UUID of its own making. */
  readonly page: string;
}

export interface WriteAnswer {
  /** False when another page writes it. */
  readonly granted: boolean;
}

export interface DescribeRequest {
  readonly text: string;
  readonly sdk?: string;
  readonly cell?: CellRef;
  readonly lint?: readonly LintFinding[];
  /** Parameters as they were declared; the text has them in the order of the alphabet. */
  readonly order?: readonly string[];
  /** Also check the text itself; what is found joins `lint`. */
  readonly check?: CheckContext;
}

export interface DescribeAnswer {
  readonly digest: string;
  readonly payload: PipelinePayload;
  readonly bundle: Bundle;
  /** What the checks of the text found; absent when they were not asked for. */
  readonly findings?: readonly LintFinding[];
}

export interface PlanAnswer {
  readonly target: ConnectionInfo;
  readonly namespace?: string;
  readonly experiment: string;
  readonly pipeline: PipelinePayload;
  readonly parameters: readonly {
    readonly name: string;
    readonly json?: string;
    readonly origin: 'given' | 'default';
  }[];
  readonly tasks: readonly PlannedTask[];
  readonly warnings: readonly string[];
  /** Sentences that would refuse the run. */
  readonly refusals: readonly string[];
  readonly last_run?: {
    readonly run_id: string;
    readonly changed: readonly string[];
    readonly added: readonly string[];
    readonly removed: readonly string[];
  };
}

export interface PlannedTask {
  readonly path: string;
  readonly image?: string;
  readonly packages?: readonly string[];
  readonly resources?: string;
  readonly secrets?: readonly string[];
  readonly cache: 'hit' | 'new' | 'off' | 'likely' | 'unknown';
  readonly cached_from?: string;
  readonly isolation?: 'process' | 'namespace' | 'container';
}

/** Part of a log by byte offsets. */
export interface LogChunk {
  readonly offset: number;
  readonly text: string;
  readonly next: number;
  /** Size of the log in bytes at this moment. */
  readonly size: number;
  /** True when the attempt has ended and `next` is the end. */
  readonly end: boolean;
}

/** From this byte offset on a log was written at this time, in milliseconds since 1970; good to about a second. */
export type LogTime = readonly [offset: number, at: number];

/** When a log was written; empty where the service does not know. */
export interface LogTimes {
  readonly times: readonly LogTime[];
}

/** A volume that the service keeps as a folder of this machine. */
export interface VolumeFolder {
  /** Name of its claim. */
  readonly name: string;
  readonly folder: string;
}

export interface ArtifactInfo {
  readonly artifact_id: string;
  readonly name: string;
  readonly type: string;
  readonly uri: string;
  readonly media_type: string;
  readonly size?: number;
  readonly is_folder: boolean;
  /** Artifact metadata as JSON text. */
  readonly metadata: string;
}

export interface ActionRequest {
  readonly action: RunAction;
  readonly idempotency_key?: string;
}
