/** Compiled pipelines for tests of the engine, written short. Only tests import this. */
import {
  parsePipelineDocuments,
  type Json,
  type PipelineDocument
} from 'jupyterlab-kfp-model';

type Fields = { readonly [key: string]: Json };

/** A parameter source, as protojson has it. */
export const from = {
  constant: (value: Json): Fields => ({ runtimeValue: { constant: value } }),
  input: (name: string): Fields => ({ componentInputParameter: name }),
  output: (task: string, key = 'Output'): Fields => ({
    taskOutputParameter: { producerTask: task, outputParameterKey: key }
  }),
  status: (task: string): Fields => ({
    taskFinalStatus: { producerTask: task }
  }),
  artifact: (task: string, key = 'data'): Fields => ({
    taskOutputArtifact: { producerTask: task, outputArtifactKey: key }
  }),
  inputArtifact: (name: string): Fields => ({ componentInputArtifact: name })
};

/** A parameter of a component: its type, or the whole definition. */
type Parameter = string | Fields;

export interface ComponentText {
  readonly in?: Readonly<Record<string, Parameter>>;
  readonly out?: Readonly<Record<string, Parameter>>;
  readonly inArtifacts?: Readonly<Record<string, Fields>>;
  readonly outArtifacts?: Readonly<Record<string, Fields>>;
  /** A container; its image is the name of the component, which is how tests tell containers apart. */
  readonly container?: Fields;
  readonly importer?: Fields;
  /** Tasks of a DAG. */
  readonly tasks?: Readonly<Record<string, TaskText>>;
  readonly outputs?: Fields;
  readonly passthroughs?: Json;
}

export interface TaskText {
  /** Component; default: the key of the task. */
  readonly of?: string;
  readonly with?: Readonly<Record<string, Fields>>;
  readonly artifacts?: Readonly<Record<string, Fields>>;
  readonly after?: readonly string[];
  readonly when?: string;
  /** Run whatever happened before. */
  readonly always?: boolean;
  readonly cache?: boolean | string;
  readonly retry?: Fields;
  readonly more?: Fields;
}

const ARTIFACT: Fields = {
  artifactType: { schemaTitle: 'system.Artifact', schemaVersion: '0.0.1' }
};
export const artifact = ARTIFACT;

/** Outputs of a DAG: name → [task, key], or several for OneOf. */
export function gives(
  parameters: Readonly<Record<string, readonly (readonly [string, string])[]>>,
  artifacts: Readonly<
    Record<string, readonly (readonly [string, string])[]>
  > = {}
): Fields {
  return {
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, list]): [string, Json] => {
        const selectors = list.map(([task, key]) => ({
          producerSubtask: task,
          outputParameterKey: key
        }));
        return [
          name,
          selectors.length === 1
            ? { valueFromParameter: selectors[0] ?? {} }
            : { valueFromOneof: { parameterSelectors: selectors } }
        ];
      })
    ),
    artifacts: Object.fromEntries(
      Object.entries(artifacts).map(([name, list]) => [
        name,
        {
          artifactSelectors: list.map(([task, key]) => ({
            producerSubtask: task,
            outputArtifactKey: key
          }))
        }
      ])
    )
  };
}

/** Compile: `root` is the pipeline, `components` everything its tasks are of. */
export function pipeline(
  root: ComponentText,
  components: Readonly<Record<string, ComponentText>> = {},
  platform: Readonly<Record<string, Fields>> = {}
): PipelineDocument {
  const executors: Record<string, Json> = {};
  const compiled: Record<string, Json> = {};
  for (const [name, text] of Object.entries(components)) {
    if (text.tasks === undefined) {
      executors[name] =
        text.importer === undefined
          ? { container: { image: name, command: ['run'], ...text.container } }
          : { importer: text.importer };
    }
    compiled[name] = component(name, text);
  }
  const parsed = parsePipelineDocuments([
    {
      pipelineInfo: { name: 'test' },
      schemaVersion: '2.1.0',
      components: compiled,
      deploymentSpec: { executors },
      root: component('root', root)
    },
    { platforms: { kubernetes: { deploymentSpec: { executors: platform } } } }
  ]);
  if (parsed.format !== 'ir') {
    throw new Error(
      `the test's pipeline is no pipeline: ${JSON.stringify(parsed)}`
    );
  }
  return parsed.document;
}

function component(name: string, text: ComponentText): Json {
  const parameters = (map: ComponentText['in'] = {}): Fields =>
    Object.fromEntries(
      Object.entries(map).map(([key, value]) => [
        key,
        typeof value === 'string' ? { parameterType: value } : value
      ])
    );
  return {
    inputDefinitions: {
      parameters: parameters(text.in),
      artifacts: { ...text.inArtifacts }
    },
    outputDefinitions: {
      parameters: parameters(text.out),
      artifacts: { ...text.outArtifacts }
    },
    ...(text.passthroughs === undefined
      ? {}
      : { taskConfigPassthroughs: text.passthroughs }),
    ...(text.tasks === undefined
      ? { executorLabel: name }
      : {
          dag: {
            tasks: Object.fromEntries(
              Object.entries(text.tasks).map(([key, one]) => [
                key,
                task(key, one)
              ])
            ),
            outputs: text.outputs ?? {}
          }
        })
  };
}

function task(key: string, text: TaskText): Json {
  return {
    taskInfo: { name: key },
    componentRef: { name: text.of ?? key },
    inputs: {
      parameters: { ...text.with },
      artifacts: { ...text.artifacts }
    },
    dependentTasks: text.after ?? [],
    cachingOptions:
      typeof text.cache === 'string'
        ? { enableCache: true, cacheKey: text.cache }
        : { enableCache: text.cache ?? false },
    ...(text.when === undefined && text.always !== true
      ? {}
      : {
          triggerPolicy: {
            ...(text.when === undefined ? {} : { condition: text.when }),
            ...(text.always === true
              ? { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' }
              : {})
          }
        }),
    ...(text.retry === undefined ? {} : { retryPolicy: text.retry }),
    ...text.more
  };
}
