/**
 * From decoded protojson to the component, executor and platform types of `ir.ts`.
 */
import { decodeMessage, DecodeError, type Decoded } from './decode-proto.ts';
import type {
  ArtifactSpec,
  ArtifactTypeSchema,
  ComponentSpec,
  ExecutorSpec,
  ImporterSpec,
  Json,
  ParameterSpec,
  ParameterType,
  PlatformSpec
} from './ir.ts';
import { mapValues, nameMap } from './name-map.ts';
import {
  child,
  children,
  list,
  normaliseDag,
  text,
  texts,
  type Refuse
} from './normalise-tasks.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** What KFP before 2.0 wrote instead of `parameterType`. */
const LEGACY_TYPES: Readonly<Record<string, ParameterType>> = {
  INT: 'NUMBER_INTEGER',
  DOUBLE: 'NUMBER_DOUBLE',
  STRING: 'STRING'
};

/** A component with its DAG. */
export function normaliseComponent(
  component: Decoded,
  platformProducers: (component: string) => readonly string[],
  refuse: Refuse
): ComponentSpec {
  const inputs = child(component, 'inputDefinitions');
  const outputs = child(component, 'outputDefinitions');
  const dag = child(component, 'dag');
  const label = text(component, 'executorLabel');
  const platforms = list(component, 'singlePlatformSpecs');
  const passthroughs = list(component, 'taskConfigPassthroughs');
  return {
    ...(inputs && { inputDefinitions: definitions(inputs) }),
    ...(outputs && { outputDefinitions: definitions(outputs) }),
    ...(dag && { dag: normaliseDag(dag, platformProducers, refuse) }),
    ...(label !== '' && { executorLabel: label }),
    ...(platforms.length > 0 && {
      singlePlatformSpecs: platforms as unknown as readonly Json[]
    }),
    ...(passthroughs.length > 0 && {
      taskConfigPassthroughs: passthroughs.map(item => ({
        field: text(item, 'field'),
        ...(item.applyToTask === true && { applyToTask: true })
      }))
    })
  };
}

function definitions(
  message: Decoded
): NonNullable<ComponentSpec['inputDefinitions']> {
  return {
    ...(message.parameters !== undefined && {
      parameters: mapValues(children(message, 'parameters'), parameterSpec)
    }),
    ...(message.artifacts !== undefined && {
      artifacts: mapValues(children(message, 'artifacts'), artifactSpec)
    })
  };
}

function parameterSpec(parameter: Decoded): ParameterSpec {
  const description = text(parameter, 'description');
  const type = text(parameter, 'parameterType');
  const legacy = LEGACY_TYPES[text(parameter, 'type')];
  return {
    parameterType:
      type === ''
        ? (legacy ?? 'PARAMETER_TYPE_ENUM_UNSPECIFIED')
        : // The decoder let only words of the list through.
          (type as ParameterType),
    ...(Object.hasOwn(parameter, 'defaultValue') && {
      defaultValue: parameter.defaultValue as Json
    }),
    ...(parameter.isOptional === true && { isOptional: true }),
    ...(description !== '' && { description }),
    ...(Array.isArray(parameter.literals) &&
      parameter.literals.length > 0 && {
        literals: parameter.literals as readonly Json[]
      })
  };
}

function artifactSpec(artifact: Decoded): ArtifactSpec {
  const description = text(artifact, 'description');
  const metadata = child(artifact, 'metadata');
  return {
    artifactType: artifactType(child(artifact, 'artifactType')),
    ...(artifact.isArtifactList === true && { isArtifactList: true }),
    ...(artifact.isOptional === true && { isOptional: true }),
    ...(description !== '' && { description }),
    ...(metadata && { metadata: metadata as JsonObject })
  };
}

function artifactType(type: Decoded | undefined): ArtifactTypeSchema {
  return Object.fromEntries(
    (
      ['schemaTitle', 'schemaUri', 'instanceSchema', 'schemaVersion'] as const
    ).flatMap(field =>
      text(type, field) === '' ? [] : [[field, text(type, field)]]
    )
  );
}

/**
 * The executors of a deployment.
 *
 * Unknown fields are dropped, as the API server does; executors of kinds that no KFP service runs are left out and refused.
 */
export function normaliseExecutors(
  deployment: Decoded,
  refuse: Refuse
): Record<string, ExecutorSpec> {
  let decoded: Decoded;
  try {
    decoded = decodeMessage('DeploymentConfig', deployment, 'drop');
  } catch (error) {
    if (error instanceof DecodeError) {
      refuse(`deploymentSpec: ${error.message}`);
      return nameMap<ExecutorSpec>([]);
    }
    throw error;
  }
  return nameMap(
    Object.entries(children(decoded, 'executors')).flatMap(
      ([label, executor]) => {
        const read = executorSpec(label, executor, refuse);
        return read === undefined ? [] : [[label, read] as const];
      }
    )
  );
}

function executorSpec(
  label: string,
  executor: Decoded,
  refuse: Refuse
): ExecutorSpec | undefined {
  const container = child(executor, 'container');
  if (container !== undefined) {
    const resources = child(container, 'resources');
    return {
      kind: 'container',
      container: {
        image: text(container, 'image'),
        command: texts(container, 'command'),
        args: texts(container, 'args'),
        env: list(container, 'env').map(variable => ({
          name: text(variable, 'name'),
          value: text(variable, 'value')
        })),
        ...(resources && { resources: resources as JsonObject })
      }
    };
  }
  const importer = child(executor, 'importer');
  if (importer !== undefined) {
    return { kind: 'importer', importer: importerSpec(importer) };
  }
  if (child(executor, 'resolver') !== undefined) {
    refuse('resolver executors not implemented');
  } else if (child(executor, 'customJob') !== undefined) {
    refuse("custom job executors is Google Cloud only, it's not supported");
  } else {
    refuse(
      `executor(label="${label}"): non-container and non-importer executor not implemented`
    );
  }
  return undefined;
}

function importerSpec(importer: Decoded): ImporterSpec {
  const uri = child(importer, 'artifactUri');
  const constant = uri?.constant;
  return {
    artifactUri:
      typeof uri?.runtimeParameter === 'string'
        ? { kind: 'parameter', name: uri.runtimeParameter }
        : {
            kind: 'constant',
            value:
              typeof constant === 'string'
                ? constant
                : text(child(uri, 'constantValue'), 'stringValue')
          },
    typeSchema: artifactType(child(importer, 'typeSchema')),
    metadata: (child(importer, 'metadata') ?? {}) as JsonObject,
    reimport: importer.reimport === true,
    downloadToWorkspace: importer.downloadToWorkspace === true
  };
}

/** The Kubernetes part of a decoded platform document. */
export function normalisePlatform(platform: Decoded): PlatformSpec {
  const kubernetes = children(platform, 'platforms').kubernetes;
  return {
    executors: mapValues(
      children(child(kubernetes, 'deploymentSpec'), 'executors'),
      executor => camelFields(executor as JsonObject) as JsonObject
    ),
    pipelineConfig: (child(kubernetes, 'pipelineConfig') ?? {}) as JsonObject
  };
}

/** Maps whose keys are names of the user's. */
const USER_KEYS = new Set(['labels', 'annotations', 'matchLabels']);

/** Fields of a message that stands in a `Struct`: protojson takes both spellings. */
function camelFields(value: Json): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map(camelFields);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return nameMap(
    Object.entries(value).map(([key, item]) => {
      const name = key.replace(/_([a-z])/g, (_, letter: string) =>
        letter.toUpperCase()
      );
      return [name, USER_KEYS.has(name) ? item : camelFields(item)] as const;
    })
  );
}
