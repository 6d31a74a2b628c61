/**
 * What a pipeline takes and what it is made of, for forms, plans and drafts.
 */
import type { PipelineInput } from '../payload/types.ts';
import type { Json, PipelineDocument } from './ir.ts';
import { recogniseLightweight } from './lightweight.ts';
import type { ParsedPipeline } from './parse-ir.ts';
import { canonicalJson } from './value-text.ts';

/** A component that runs a container. */
export interface ComponentSummary {
  /** Key of the component without the SDK's `comp-`. */
  readonly name: string;
  readonly image?: string;
  /** Requirements of a Python component, in its order. */
  readonly packages?: readonly string[];
}

export interface SpecSummary {
  readonly name: string;
  readonly description?: string;
  /** `kfp 2.17.3`: what compiled it. */
  readonly sdk?: string;
  /** Parameters, then artifacts, in the order of the document. */
  readonly inputs: readonly PipelineInput[];
  readonly components: readonly ComponentSummary[];
}

/** Describe a pipeline that was read. */
export function summarise(
  pipeline: Exclude<ParsedPipeline, { format: 'invalid' }>
): SpecSummary {
  return pipeline.format === 'ir'
    ? summariseIr(pipeline.document)
    : summariseArgo(pipeline.name, pipeline.workflow);
}

function summariseIr({ spec }: PipelineDocument): SpecSummary {
  const { pipelineInfo, sdkVersion, root } = spec;
  const { parameters, artifacts } = root.inputDefinitions ?? {};
  return {
    name: pipelineInfo.name,
    ...(pipelineInfo.description !== undefined && {
      description: pipelineInfo.description
    }),
    ...(sdkVersion !== undefined && {
      sdk: sdkVersion.replace(/^kfp-/, 'kfp ')
    }),
    inputs: [
      ...Object.entries(parameters ?? {}).map(
        ([name, parameter]): PipelineInput => ({
          name,
          type: parameter.parameterType,
          ...(parameter.defaultValue !== undefined && {
            default: canonicalJson(parameter.defaultValue)
          }),
          optional: parameter.isOptional === true,
          ...(parameter.description !== undefined && {
            description: parameter.description
          }),
          ...(parameter.literals !== undefined && {
            literals: parameter.literals.map(canonicalJson)
          })
        })
      ),
      ...Object.entries(artifacts ?? {}).map(
        ([name, artifact]): PipelineInput => ({
          name,
          type: artifact.artifactType.schemaTitle ?? 'system.Artifact',
          optional: artifact.isOptional === true,
          ...(artifact.description !== undefined && {
            description: artifact.description
          })
        })
      )
    ],
    components: Object.entries(spec.components).flatMap(
      ([key, component]): ComponentSummary[] => {
        const executor =
          spec.deploymentSpec.executors[component.executorLabel ?? ''];
        if (executor?.kind !== 'container') {
          return [];
        }
        const { image, command, args } = executor.container;
        const python = recogniseLightweight(command, args);
        return [
          {
            name: key.replace(/^comp-/, ''),
            image,
            ...(python?.kind === 'lightweight' &&
              python.packages.length > 0 && { packages: python.packages })
          }
        ];
      }
    )
  };
}

/** Where the SDK of KFP 1.x keeps the signature of a pipeline (`kfp/compiler/compiler.py`). */
const SIGNATURE = 'pipelines.kubeflow.org/pipeline_spec';
const COMPILED_BY = 'pipelines.kubeflow.org/kfp_sdk_version';

type JsonObject = { readonly [key: string]: Json };

/** Workflows of KFP 1.x: all parameters are text for Argo, the signature knows more of them. */
function summariseArgo(name: string, workflow: JsonObject): SpecSummary {
  const annotations = objectAt(objectAt(workflow, 'metadata'), 'annotations');
  const signature = signatureOf(annotations?.[SIGNATURE]);
  const sdk = annotations?.[COMPILED_BY];
  const spec = objectAt(workflow, 'spec');
  const described = new Map(
    listAt(signature, 'inputs').map(input => [textAt(input, 'name'), input])
  );
  const description = textAt(signature, 'description');
  return {
    name,
    ...(description !== undefined && { description }),
    ...(typeof sdk === 'string' && { sdk: `kfp ${sdk}` }),
    inputs: listAt(objectAt(spec, 'arguments'), 'parameters').flatMap(
      (parameter): PipelineInput[] => {
        const key = textAt(parameter, 'name');
        if (key === undefined) {
          return [];
        }
        const more = described.get(key);
        const about = textAt(more, 'description');
        const value = parameter.value;
        return [
          {
            name: key,
            type: 'STRING',
            ...(value !== undefined &&
              value !== null && { default: canonicalJson(value) }),
            optional: more?.optional === true,
            ...(about !== undefined && { description: about })
          }
        ];
      }
    ),
    components: listAt(spec, 'templates').flatMap(
      (template): ComponentSummary[] => {
        const image = textAt(objectAt(template, 'container'), 'image');
        const key = textAt(template, 'name');
        return image === undefined || key === undefined
          ? []
          : [{ name: key, image }];
      }
    )
  };
}

function signatureOf(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== 'string') {
    return undefined;
  }
  try {
    return asObject(JSON.parse(text) as Json);
  } catch {
    return undefined; // an annotation is only a comment; the workflow counts
  }
}

function objectAt(
  object: JsonObject | undefined,
  key: string
): JsonObject | undefined {
  return asObject(object?.[key]);
}

function listAt(
  object: JsonObject | undefined,
  key: string
): readonly JsonObject[] {
  const list = object?.[key];
  return Array.isArray(list)
    ? list.flatMap((item: Json): JsonObject[] => {
        const object = asObject(item);
        return object === undefined ? [] : [object];
      })
    : [];
}

function textAt(
  object: JsonObject | undefined,
  key: string
): string | undefined {
  const text = object?.[key];
  return typeof text === 'string' ? text : undefined;
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !isList(value)
    ? value
    : undefined;
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}
