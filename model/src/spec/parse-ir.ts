/**
 * Compiled text or JSON documents → a typed pipeline.
 *
 * The rules and texts of refusal are those of the KFP API server 2.17 (`apiserver/template`): a document that is not strictly a
 * `PipelineSpec` with a name and a root is passed over, and a file without such a document has an "unknown template format".
 */
import { CORE_SCHEMA, loadAll, Type, YAMLException } from 'js-yaml';
import {
  decodeMessage,
  DecodeError,
  isJson,
  isObject,
  type Decoded
} from './decode-proto.ts';
import type { ComponentSpec, Json, PipelineDocument } from './ir.ts';
import { mapValues, nameMap } from './name-map.ts';
import {
  normaliseComponent,
  normaliseExecutors,
  normalisePlatform
} from './normalise-components.ts';
import { child, children, text } from './normalise-tasks.ts';

type JsonObject = { readonly [key: string]: Json };

/** A file that no service takes. */
export interface ParseProblem {
  /** The words of the API server. */
  readonly message: string;
  /** What exactly is wrong, for a person. */
  readonly detail?: string;
  /** 1-based, of the text; only for broken YAML. */
  readonly line?: number;
  readonly column?: number;
}

/** What a compiled file turned out to be. */
export type ParsedPipeline =
  | { readonly format: 'ir'; readonly document: PipelineDocument }
  | {
      readonly format: 'argo';
      /** `metadata.generateName` without its last dash, else `metadata.name`. */
      readonly name: string;
      readonly workflow: JsonObject;
    }
  | { readonly format: 'invalid'; readonly errors: readonly ParseProblem[] };

const UNKNOWN_FORMAT = 'unknown template format';
const TOO_DEEP = 'the document is nested too deeply';
/** As Go's YAML library reads it: YAML 1.2 values and merge keys; dates stay text. */
const YAML_SCHEMA = CORE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:merge', {
      kind: 'scalar',
      resolve: (key: unknown) => key === '<<'
    })
  ]
});
const SCHEMA_VERSION = '2.1.0';
/** `apiserver/template/v2_template.go`: not anchored, so one good character is enough. */
const SPEC_NAME = /[a-z0-9]/;
/** `apiserver/server`: the rule for names in uploads. */
const UPLOAD_NAME = /^[a-z0-9][a-z0-9-]{0,127}$/;

/** Read YAML or JSON text of one or more documents. */
export function parsePipelineText(source: string): ParsedPipeline {
  let documents: unknown[];
  try {
    documents = loadAll(source, undefined, { schema: YAML_SCHEMA });
    if (!isBounded(documents)) {
      return invalid(UNKNOWN_FORMAT, {
        detail: 'the YAML repeats its parts too often'
      });
    }
  } catch (error) {
    if (error instanceof YAMLException) {
      const mark = error.mark as Partial<YAMLException['mark']> | undefined;
      return invalid(UNKNOWN_FORMAT, {
        detail: `the YAML is broken: ${error.reason}`,
        ...(mark?.line !== undefined && {
          line: mark.line + 1,
          column: (mark.column ?? 0) + 1
        })
      });
    }
    // Nesting deeper than the stack ends here.
    if (error instanceof RangeError) {
      return invalid(UNKNOWN_FORMAT, { detail: TOO_DEEP });
    }
    throw error;
  }
  return parsePipelineDocuments(documents);
}

/** Read documents that are already JSON, for example `pipeline_spec` in the body of a request. */
export function parsePipelineDocuments(
  documents: readonly unknown[]
): ParsedPipeline {
  try {
    return readDocuments(documents);
  } catch (error) {
    if (error instanceof RangeError) {
      return invalid(UNKNOWN_FORMAT, { detail: TOO_DEEP });
    }
    throw error;
  }
}

/** The rule for pipeline names in uploads; undefined when the name passes. */
export function checkPipelineName(
  document: PipelineDocument
): string | undefined {
  return UPLOAD_NAME.test(document.spec.pipelineInfo.name)
    ? undefined
    : "pipeline's name must contain only lowercase alphanumeric characters or '-' and must start with alphanumeric characters";
}

function readDocuments(documents: readonly unknown[]): ParsedPipeline {
  const workflow = argoWorkflow(documents[0]);
  if (workflow !== undefined) {
    return workflow;
  }
  const read = documents.filter(isObject).map(json => ({
    json,
    ...decodePipeline(json)
  }));
  if (!read.some(item => item.pipeline !== undefined)) {
    const detail = read.find(item => item.problem !== undefined)?.problem;
    return invalid(UNKNOWN_FORMAT, detail === undefined ? {} : { detail });
  }
  if (documents.some(json => json !== null && !isObject(json))) {
    return invalid(
      'unable to decode yaml document: a document is not a mapping'
    );
  }
  const pipelines = read.filter(item => item.pipeline !== undefined);
  const first = pipelines[0];
  if (first?.pipeline === undefined) {
    return invalid('no pipeline spec is provided');
  }
  const problem = checkSpec(first.pipeline);
  if (problem !== undefined) {
    return invalid(problem);
  }
  if (pipelines.length > 1) {
    return invalid('multiple pipeline specs provided');
  }
  const platforms = read.flatMap(item => {
    const platform =
      item.pipeline === undefined ? decodePlatform(item.json) : undefined;
    return platform === undefined ? [] : [{ json: item.json, platform }];
  });
  if (platforms.length > 1) {
    return invalid('multiple platform specs provided');
  }
  return {
    format: 'ir',
    document: normalise(
      { json: first.json, decoded: first.pipeline },
      platforms[0] && {
        json: platforms[0].json,
        decoded: platforms[0].platform
      }
    )
  };
}

function checkSpec(pipeline: Decoded): string | undefined {
  const version = text(pipeline, 'schemaVersion');
  if (version !== SCHEMA_VERSION) {
    return `KFP only supports schema version ${SCHEMA_VERSION}, but the pipeline spec has version ${version}`;
  }
  const name = text(child(pipeline, 'pipelineInfo'), 'name');
  if (!SPEC_NAME.test(name)) {
    return "invalid v2 pipeline spec: name should consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  }
  return undefined;
}

/** A strict `PipelineSpec` with name and root; else why it is none. */
function decodePipeline(json: Readonly<Record<string, unknown>>): {
  readonly pipeline?: Decoded;
  readonly problem?: string;
} {
  try {
    const pipeline = decodeMessage('PipelineSpec', json);
    if (text(child(pipeline, 'pipelineInfo'), 'name') === '') {
      return { problem: 'pipelineInfo.name is missing' };
    }
    return child(pipeline, 'root') === undefined
      ? { problem: 'root is missing' }
      : { pipeline };
  } catch (error) {
    if (error instanceof DecodeError) {
      return { problem: error.message };
    }
    throw error;
  }
}

function decodePlatform(
  json: Readonly<Record<string, unknown>>
): Decoded | undefined {
  try {
    const platform = decodeMessage('PlatformSpec', json);
    return children(platform, 'platforms').kubernetes === undefined
      ? undefined
      : platform;
  } catch (error) {
    if (error instanceof DecodeError) {
      return undefined;
    }
    throw error;
  }
}

function argoWorkflow(json: unknown): ParsedPipeline | undefined {
  if (
    !isObject(json) ||
    typeof json.apiVersion !== 'string' ||
    !json.apiVersion.startsWith('argoproj.io/') ||
    json.kind !== 'Workflow' ||
    !isJson(json)
  ) {
    return undefined;
  }
  const metadata = isObject(json.metadata) ? json.metadata : {};
  const generated = metadata.generateName;
  return {
    format: 'argo',
    name:
      typeof generated === 'string' && generated !== ''
        ? generated.replace(/-$/, '')
        : typeof metadata.name === 'string'
          ? metadata.name
          : '',
    workflow: json as JsonObject
  };
}

interface Source {
  readonly json: Readonly<Record<string, unknown>>;
  readonly decoded: Decoded;
}

function normalise(pipeline: Source, platform?: Source): PipelineDocument {
  const refusals: string[] = [];
  const refuse = (sentence: string): void => {
    refusals.push(sentence);
  };
  const { decoded } = pipeline;
  const platformSpec = platform && normalisePlatform(platform.decoded);
  const components = children(decoded, 'components');
  const producers = (component: string): readonly string[] => {
    const label = text(components[component], 'executorLabel');
    return label === ''
      ? []
      : [...platformProducers(platformSpec?.executors[label])];
  };
  const component = (message: Decoded): ComponentSpec =>
    normaliseComponent(message, producers, refuse);
  const info = child(decoded, 'pipelineInfo');
  const optional = (
    message: Decoded | undefined,
    field: string
  ): Readonly<Record<string, string>> =>
    text(message, field) === '' ? {} : { [field]: text(message, field) };
  const document: PipelineDocument = {
    spec: {
      pipelineInfo: {
        name: text(info, 'name'),
        ...optional(info, 'displayName'),
        ...optional(info, 'description')
      },
      schemaVersion: text(decoded, 'schemaVersion'),
      ...optional(decoded, 'sdkVersion'),
      ...optional(decoded, 'defaultPipelineRoot'),
      root: component(child(decoded, 'root') ?? {}),
      components: mapValues(components, component),
      deploymentSpec: {
        executors: normaliseExecutors(
          child(decoded, 'deploymentSpec') ?? nameMap<unknown>([]),
          refuse
        )
      }
    },
    ...(platformSpec && { platform: platformSpec }),
    json: {
      // Everything that decodes strictly is JSON.
      pipeline: pipeline.json as JsonObject,
      ...(platform && { platform: platform.json as JsonObject })
    }
  };
  return refusals.length === 0
    ? document
    : { ...document, refusals: [...new Set(refusals)] };
}

/** Tasks that name parameters of the platform settings come from (`secretNameParameter` and the like). */
function* platformProducers(json: Json | undefined): Generator<string> {
  if (Array.isArray(json)) {
    for (const item of json as readonly Json[]) {
      yield* platformProducers(item);
    }
  } else if (isObject(json)) {
    const output = json.taskOutputParameter ?? json.task_output_parameter;
    if (isObject(output)) {
      const producer = output.producerTask ?? output.producer_task;
      if (typeof producer === 'string') {
        yield producer;
      }
    }
    for (const item of Object.values(json)) {
      yield* platformProducers(item as Json);
    }
  }
}

/** Aliases can make a small text a huge tree; a file of 32 MiB without them stays far below this number of values. */
const MAX_VALUES = 5_000_000;

function isBounded(documents: readonly unknown[]): boolean {
  let left = MAX_VALUES;
  const visit = (value: unknown): boolean =>
    --left > 0 &&
    (typeof value !== 'object' ||
      value === null ||
      Object.values(value).every(visit));
  return documents.every(visit);
}

function invalid(
  message: string,
  more: Omit<ParseProblem, 'message'> = {}
): ParsedPipeline {
  return { format: 'invalid', errors: [{ message, ...more }] };
}
