/**
 * The compiled pipeline (IR, schema 2.1.0) after strict parsing: camelCase as in protojson of `pipeline_spec.proto`.
 *
 * Only what passed the parser has these types; nothing here is optional by accident: an absent field is absent in the document.
 */

/** A JSON value; numbers are doubles. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export interface PipelineSpec {
  readonly pipelineInfo: {
    readonly name: string;
    readonly displayName?: string;
    readonly description?: string;
  };
  readonly schemaVersion: string;
  readonly sdkVersion?: string;
  readonly defaultPipelineRoot?: string;
  readonly root: ComponentSpec;
  readonly components: Readonly<Record<string, ComponentSpec>>;
  readonly deploymentSpec: {
    readonly executors: Readonly<Record<string, ExecutorSpec>>;
  };
}

export interface ComponentSpec {
  readonly inputDefinitions?: {
    readonly parameters?: Readonly<Record<string, ParameterSpec>>;
    readonly artifacts?: Readonly<Record<string, ArtifactSpec>>;
  };
  readonly outputDefinitions?: {
    readonly parameters?: Readonly<Record<string, ParameterSpec>>;
    readonly artifacts?: Readonly<Record<string, ArtifactSpec>>;
  };
  readonly dag?: DagSpec;
  readonly executorLabel?: string;
  readonly singlePlatformSpecs?: readonly Json[];
  readonly taskConfigPassthroughs?: readonly {
    readonly field: string;
    readonly applyToTask?: boolean;
  }[];
}

/** `PARAMETER_TYPE_ENUM_UNSPECIFIED` stands where a document names no type: the upload passes, a run does not. */
export type ParameterType =
  | 'PARAMETER_TYPE_ENUM_UNSPECIFIED'
  | 'NUMBER_DOUBLE'
  | 'NUMBER_INTEGER'
  | 'STRING'
  | 'BOOLEAN'
  | 'LIST'
  | 'STRUCT'
  | 'TASK_FINAL_STATUS'
  | 'TASK_CONFIG';

export interface ParameterSpec {
  readonly parameterType: ParameterType;
  readonly defaultValue?: Json;
  readonly isOptional?: boolean;
  readonly description?: string;
  readonly literals?: readonly Json[];
}

export interface ArtifactTypeSchema {
  readonly schemaTitle?: string;
  readonly schemaUri?: string;
  readonly instanceSchema?: string;
  readonly schemaVersion?: string;
}

export interface ArtifactSpec {
  readonly artifactType: ArtifactTypeSchema;
  readonly isArtifactList?: boolean;
  readonly isOptional?: boolean;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, Json>>;
}

export interface DagSpec {
  readonly tasks: Readonly<Record<string, TaskSpec>>;
  readonly outputs?: {
    readonly parameters?: Readonly<Record<string, DagOutputParameter>>;
    readonly artifacts?: Readonly<
      Record<string, { readonly artifactSelectors: readonly OutputSelector[] }>
    >;
  };
}

/** Selects an output of a task inside the DAG. */
export interface OutputSelector {
  readonly producerSubtask: string;
  readonly outputKey: string;
}

export type DagOutputParameter =
  | { readonly kind: 'one'; readonly from: OutputSelector }
  | { readonly kind: 'one-of'; readonly from: readonly OutputSelector[] };

export interface TaskSpec {
  readonly taskInfo: { readonly name?: string };
  readonly componentRef: string;
  readonly inputs: {
    readonly parameters: Readonly<Record<string, ParameterSource>>;
    readonly artifacts: Readonly<Record<string, ArtifactSource>>;
  };
  /** Explicit and implicit ones (pipeline-execution section 2). */
  readonly dependentTasks: readonly string[];
  readonly cachingOptions?: {
    readonly enableCache?: boolean;
    readonly cacheKey?: string;
  };
  readonly triggerPolicy?: {
    readonly condition?: string;
    readonly strategy?:
      'ALL_UPSTREAM_TASKS_SUCCEEDED' | 'ALL_UPSTREAM_TASKS_COMPLETED';
  };
  readonly retryPolicy?: RetryPolicy;
  readonly iterator?: TaskIterator;
  readonly parallelismLimit?: number;
}

export type ParameterSource = {
  /** CEL on the resolved value. */
  readonly expression?: string;
} & (
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'output'; readonly task: string; readonly key: string }
  | { readonly kind: 'final-status'; readonly task: string }
);

export type ArtifactSource =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'output'; readonly task: string; readonly key: string };

/** Durations in seconds. */
export interface RetryPolicy {
  readonly maxRetryCount: number;
  readonly backoffDuration: number;
  readonly backoffFactor: number;
  readonly backoffMaxDuration: number;
}

export type TaskIterator =
  | {
      readonly kind: 'parameter';
      readonly itemInput: string;
      readonly items:
        { readonly raw: string } | { readonly inputParameter: string };
    }
  | {
      readonly kind: 'artifact';
      readonly itemInput: string;
      readonly inputArtifact: string;
    };

export type ExecutorSpec =
  | { readonly kind: 'container'; readonly container: ContainerSpec }
  | { readonly kind: 'importer'; readonly importer: ImporterSpec };

export interface ContainerSpec {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources?: Readonly<Record<string, Json>>;
}

export interface ImporterSpec {
  /** A constant URI, or the name of the importer's own input parameter. */
  readonly artifactUri:
    | { readonly kind: 'constant'; readonly value: string }
    | { readonly kind: 'parameter'; readonly name: string };
  readonly typeSchema: ArtifactTypeSchema;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly reimport: boolean;
  readonly downloadToWorkspace: boolean;
}

/** The second document of a pipeline: what Kubernetes is told beside the pipeline. */
export interface PlatformSpec {
  /** `platforms.kubernetes.deploymentSpec.executors`, by executor label, still as JSON. */
  readonly executors: Readonly<
    Record<string, { readonly [key: string]: Json }>
  >;
  /** `platforms.kubernetes.pipelineConfig`. */
  readonly pipelineConfig: { readonly [key: string]: Json };
}

/** A parsed file: the pipeline, and the platform document where there is one. */
export interface PipelineDocument {
  readonly spec: PipelineSpec;
  readonly platform?: PlatformSpec;
  /** Sentences about parts that no run can have and that these types leave out; run creation refuses with them. */
  readonly refusals?: readonly string[];
  /** The documents as plain JSON objects, for services that send back what was stored. */
  readonly json: {
    readonly pipeline: { readonly [key: string]: Json };
    readonly platform?: { readonly [key: string]: Json };
  };
}
