/** What the checks of a compiled pipeline know and say. The ids are those of the table of the kernel part. */
import type { LintFinding } from '../payload/types.ts';
import type { ContainerSpec, PipelineDocument } from '../spec/ir.ts';
import type {
  ContainerizedComponent,
  LightweightComponent
} from '../spec/lightweight.ts';

/** Where a component stands in a source, as the kernel knows it. */
export interface SourcePlace extends Pick<
  LintFinding,
  | 'line'
  | 'end_line'
  | 'column'
  | 'end_column'
  | 'where'
  | 'cell'
  | 'definition'
> {
  /** Rules that a comment there silences; `*` for all. */
  readonly ignore?: readonly string[];
}

/** What the text alone does not say. */
export interface CheckContext {
  /** It is about to be run, not only drawn. */
  readonly run?: boolean;
  /** Where it would run; absent = not known. */
  readonly target?: 'local' | 'cluster';
  /** Python of the notebook, `3.13`. */
  readonly python?: string;
  /** Oldest Python that the kernel's kfp takes, `3.9`. */
  readonly oldestPython?: string;
  /** What the machine of the local service can do; absent = not known. */
  readonly machine?: Machine;
  /** Rules that are not reported. */
  readonly ignore?: readonly string[];
  /** Components by the name that the SDK gives them; the empty name is the pipeline, `loop xs` a loop over `xs`. */
  readonly places?: Readonly<Record<string, SourcePlace>>;
}

/** What tasks of the local service find on its machine. */
export interface Machine {
  /** Docker or podman answers, and the settings allow it. */
  readonly containers: boolean;
  /** Tasks can get mounts, by containers or by namespaces. */
  readonly mounts: boolean;
  /** Whether a program is there. */
  has(program: string): boolean;
}

/** A finding before it has a place; `component` is a key of `components`, absent for the pipeline. */
export interface RawFinding {
  readonly rule: string;
  readonly severity: LintFinding['severity'];
  readonly message: string;
  readonly component?: string;
  /** What the items of a loop are called, where it is the loop of the pipeline that is meant. */
  readonly loop?: string;
}

/** A container component with what was recognised in its command. */
export interface Executed {
  /** Key of the component. */
  readonly key: string;
  /** Without the SDK's `comp-`. */
  readonly name: string;
  readonly container: ContainerSpec;
  readonly python?: LightweightComponent | ContainerizedComponent;
}

/** What every check gets. */
export interface Subject {
  readonly document: PipelineDocument;
  readonly executed: readonly Executed[];
  /** Bytes of the compiled text. */
  readonly size: number;
  readonly context: CheckContext;
}

export type Check = (subject: Subject) => readonly RawFinding[];
