/**
 * The documents that stand in a notebook: `application/vnd.jupyterlab-kfp.run+json` and `…pipeline+json`.
 *
 * Additive inside major version 1; unknown fields are kept when a payload is rewritten.
 * Lists are packed into text where a list per task would cost a line per element in the `.ipynb` file.
 */
import type { ConnectionRef } from '../run/view.ts';
import type { RunState } from '../run/states.ts';

export const RUN_MIME_TYPE = 'application/vnd.jupyterlab-kfp.run+json';
export const PIPELINE_MIME_TYPE =
  'application/vnd.jupyterlab-kfp.pipeline+json';

/** One output of a cell in its three forms; always written together. */
export interface Bundle {
  readonly [mimeType: string]: string | RunPayload | PipelinePayload;
  readonly 'text/html': string;
  readonly 'text/plain': string;
}

export interface RunPayload {
  readonly schema: 'kfp.run/1';
  readonly runs: readonly RunEntry[];
  /** Runs left out because the bundle would be too large. */
  readonly runs_more?: number;
  readonly graphs?: Readonly<Record<string, PackedGraph>>;
}

/** A run in a payload: handle (never changes) and snapshot (last known truth). */
export interface RunEntry {
  readonly run_id: string;
  readonly name: string;
  readonly connection: ConnectionRef;
  readonly experiment?: { readonly id: string; readonly name: string };
  readonly pipeline: {
    readonly name: string;
    readonly ir_digest?: string;
    readonly version_id?: string;
    readonly version_name?: string;
  };
  readonly cell?: CellRef;
  /** Scalars, or JSON text cut at 200 characters. */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly params_more?: number;
  /** UTC, whole seconds. */
  readonly submitted_at: string;
  readonly sdk?: string;
  /** Key in `graphs`. */
  readonly graph?: string;
  readonly snapshot: RunSnapshot;
}

/** The cell that made a run or a pipeline. Digests as `sha256:<hex>` of the normalised source. */
export interface CellRef {
  readonly id?: string;
  readonly digest: string;
  readonly sources?: readonly {
    readonly id?: string;
    readonly digest: string;
  }[];
}

/** A graph packed into text, see `pack-graph.ts`. */
export interface PackedGraph {
  /** Vertex ids, space separated, topological order. */
  readonly v: string;
  /** Edges as `0-1 1-2`. */
  readonly e: string;
  /** Parent index or `-`, one per vertex, space separated. */
  readonly p: string;
  /** One letter per vertex: `T D C L E M`. */
  readonly k: string;
  /** Index to display name, where it differs. */
  readonly d?: Readonly<Record<string, string>>;
  readonly more?: number;
}

export interface RunSnapshot {
  readonly final: boolean;
  readonly state: RunState;
  readonly state_raw?: string;
  /** Only when not final. */
  readonly observed_at?: string;
  readonly created_at?: string;
  /** Only when final. */
  readonly finished_at?: string;
  readonly tasks?: {
    /** One letter per vertex: `. R S C F K N X Y U`. */
    readonly state: string;
    readonly start?: string;
    readonly dur?: string;
  };
  readonly loops?: readonly {
    readonly task: string;
    readonly total?: number;
    readonly counts: Readonly<Record<string, number>>;
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly failure?: {
    readonly task: string;
    readonly reason: string;
    readonly hint?: string;
    readonly code?: string;
    readonly exit_code?: number;
    readonly source?: {
      /** Name of the function; `line` counts from its `def`. */
      readonly function?: string;
      readonly line: number;
      readonly text: string;
    };
    readonly log_tail?: readonly string[];
  };
  readonly waiting?: {
    readonly task?: string;
    readonly reason: string;
    readonly since: string;
  };
  readonly results?: readonly SnapshotResult[];
  readonly warnings?: readonly string[];
}

export interface SnapshotResult {
  readonly task: string;
  readonly name: string;
  readonly kind: 'param' | 'metric' | 'artifact';
  readonly type: string;
  readonly value?: string | number | boolean;
  readonly uri?: string;
}

export interface PipelinePayload {
  readonly schema: 'kfp.pipeline/1';
  readonly name: string;
  readonly description?: string;
  readonly format: 'ir' | 'argo';
  readonly sdk?: string;
  readonly ir_digest: string;
  /** Bytes of the compiled text. */
  readonly size: number;
  readonly graph: PackedGraph;
  readonly inputs: readonly PipelineInput[];
  readonly components: readonly {
    readonly name: string;
    readonly image?: string;
    readonly packages?: readonly string[];
  }[];
  readonly lint?: readonly LintFinding[];
  readonly cell?: CellRef;
}

/** An input of a pipeline; `default` and `literals` as JSON text. */
export interface PipelineInput {
  readonly name: string;
  readonly type: string;
  readonly default?: string;
  readonly optional: boolean;
  readonly description?: string;
  readonly literals?: readonly string[];
}

export interface LintFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** 1-based line in the cell. */
  readonly line?: number;
  readonly end_line?: number;
  /** 0-based, in UTF-16 units, as editors count. */
  readonly column?: number;
  readonly end_column?: number;
  /** Component or pipeline that it is about. */
  readonly definition?: string;
  /** Which cell or file it is in, for people; absent for the cell that was executed. */
  readonly where?: string;
  /** The cell it is in, where that is another one. */
  readonly cell?: CellRef;
  readonly fix?: LintFix;
}

/** A mechanical repair: what it does, and the replacements in the cell. */
export interface LintFix {
  readonly title: string;
  readonly edits: readonly {
    readonly line: number;
    readonly column: number;
    readonly end_line: number;
    readonly end_column: number;
    readonly text: string;
  }[];
}
