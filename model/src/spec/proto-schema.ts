/**
 * Fields of the messages in `api/v2alpha1/pipeline_spec.proto` (kubeflow/pipelines 2.17), as a table for the strict decoder.
 *
 * A field is `string`, `bool`, `int`, `double`, `value` (any JSON), `struct` (JSON object), `duration`, `enum:A|B` (in the order of
 * their numbers) or the name of a message; `[]` before it means a list, `{}` a map with text keys.
 */

/** JSON name of a field → its type. */
export type MessageSchema = Readonly<Record<string, string>>;

const ARTIFACT_TYPE: MessageSchema = {
  schemaTitle: 'string',
  schemaUri: 'string',
  instanceSchema: 'string',
  schemaVersion: 'string'
};

const PRIMITIVE_TYPE =
  'enum:PRIMITIVE_TYPE_UNSPECIFIED|INT|DOUBLE|STRING' as const;
const PARAMETER_TYPE =
  'enum:PARAMETER_TYPE_ENUM_UNSPECIFIED|NUMBER_DOUBLE|NUMBER_INTEGER|STRING|BOOLEAN|LIST|STRUCT|TASK_FINAL_STATUS|TASK_CONFIG' as const;

/** Every message by name. */
export const MESSAGES: Readonly<Record<string, MessageSchema>> = {
  PipelineSpec: {
    pipelineInfo: 'PipelineInfo',
    deploymentSpec: 'struct',
    sdkVersion: 'string',
    schemaVersion: 'string',
    components: '{}ComponentSpec',
    root: 'ComponentSpec',
    defaultPipelineRoot: 'string'
  },
  PipelineInfo: {
    name: 'string',
    displayName: 'string',
    description: 'string'
  },
  ComponentSpec: {
    inputDefinitions: 'ComponentInputs',
    outputDefinitions: 'ComponentOutputs',
    dag: 'Dag',
    executorLabel: 'string',
    singlePlatformSpecs: '[]SinglePlatformSpec',
    taskConfigPassthroughs: '[]TaskConfigPassthrough'
  },
  ComponentInputs: {
    artifacts: '{}InputArtifact',
    parameters: '{}InputParameter'
  },
  InputArtifact: {
    artifactType: 'ArtifactType',
    isArtifactList: 'bool',
    isOptional: 'bool',
    description: 'string'
  },
  InputParameter: {
    type: PRIMITIVE_TYPE,
    parameterType: PARAMETER_TYPE,
    defaultValue: 'value',
    isOptional: 'bool',
    description: 'string',
    literals: '[]value'
  },
  ComponentOutputs: {
    artifacts: '{}OutputArtifact',
    parameters: '{}OutputParameter'
  },
  OutputArtifact: {
    artifactType: 'ArtifactType',
    properties: '{}ValueOrRuntimeParameter',
    customProperties: '{}ValueOrRuntimeParameter',
    metadata: 'struct',
    isArtifactList: 'bool',
    description: 'string'
  },
  OutputParameter: {
    type: PRIMITIVE_TYPE,
    parameterType: PARAMETER_TYPE,
    description: 'string'
  },
  ArtifactType: ARTIFACT_TYPE,
  ValueOrRuntimeParameter: {
    constantValue: 'LegacyValue',
    runtimeParameter: 'string',
    constant: 'value'
  },
  LegacyValue: {
    intValue: 'int',
    doubleValue: 'double',
    stringValue: 'string'
  },
  Dag: { tasks: '{}Task', outputs: 'DagOutputs' },
  DagOutputs: {
    artifacts: '{}DagOutputArtifact',
    parameters: '{}DagOutputParameter'
  },
  DagOutputArtifact: { artifactSelectors: '[]ArtifactSelector' },
  ArtifactSelector: { producerSubtask: 'string', outputArtifactKey: 'string' },
  DagOutputParameter: {
    valueFromParameter: 'ParameterSelector',
    valueFromOneof: 'ParameterSelectors'
  },
  ParameterSelector: {
    producerSubtask: 'string',
    outputParameterKey: 'string'
  },
  ParameterSelectors: { parameterSelectors: '[]ParameterSelector' },
  Task: {
    taskInfo: 'TaskInfo',
    inputs: 'TaskInputs',
    dependentTasks: '[]string',
    cachingOptions: 'CachingOptions',
    componentRef: 'ComponentRef',
    triggerPolicy: 'TriggerPolicy',
    artifactIterator: 'ArtifactIterator',
    parameterIterator: 'ParameterIterator',
    retryPolicy: 'RetryPolicy',
    iteratorPolicy: 'IteratorPolicy'
  },
  TaskInfo: { name: 'string' },
  ComponentRef: { name: 'string' },
  TaskInputs: {
    parameters: '{}TaskInputParameter',
    artifacts: '{}TaskInputArtifact'
  },
  TaskInputParameter: {
    taskOutputParameter: 'TaskOutputParameter',
    runtimeValue: 'ValueOrRuntimeParameter',
    componentInputParameter: 'string',
    taskFinalStatus: 'TaskFinalStatus',
    parameterExpressionSelector: 'string'
  },
  TaskOutputParameter: {
    producerTask: 'string',
    outputParameterKey: 'string'
  },
  TaskFinalStatus: { producerTask: 'string' },
  TaskInputArtifact: {
    taskOutputArtifact: 'TaskOutputArtifact',
    componentInputArtifact: 'string'
  },
  TaskOutputArtifact: { producerTask: 'string', outputArtifactKey: 'string' },
  CachingOptions: { enableCache: 'bool', cacheKey: 'string' },
  TriggerPolicy: {
    condition: 'string',
    strategy:
      'enum:TRIGGER_STRATEGY_UNSPECIFIED|ALL_UPSTREAM_TASKS_SUCCEEDED|ALL_UPSTREAM_TASKS_COMPLETED'
  },
  ArtifactIterator: { items: 'ArtifactItems', itemInput: 'string' },
  ArtifactItems: { inputArtifact: 'string' },
  ParameterIterator: { items: 'ParameterItems', itemInput: 'string' },
  ParameterItems: { raw: 'string', inputParameter: 'string' },
  RetryPolicy: {
    maxRetryCount: 'int',
    backoffDuration: 'duration',
    backoffFactor: 'double',
    backoffMaxDuration: 'duration'
  },
  IteratorPolicy: { parallelismLimit: 'int' },
  TaskConfigPassthrough: {
    field:
      'enum:NONE|RESOURCES|ENV|KUBERNETES_AFFINITY|KUBERNETES_TOLERATIONS|KUBERNETES_NODE_SELECTOR|KUBERNETES_VOLUMES',
    applyToTask: 'bool'
  },
  PlatformSpec: { platforms: '{}SinglePlatformSpec' },
  SinglePlatformSpec: {
    deploymentSpec: 'PlatformDeployment',
    platform: 'string',
    config: 'struct',
    pipelineConfig: 'PipelineConfig'
  },
  PlatformDeployment: { executors: '{}struct' },
  PipelineConfig: {
    resourceTtlOnCompletion: 'int',
    workspace: 'Workspace',
    resourceTtlOnSuccess: 'int',
    resourceTtlOnFailure: 'int',
    activeDeadlineSeconds: 'int'
  },
  Workspace: { size: 'string', kubernetes: 'KubernetesWorkspace' },
  KubernetesWorkspace: { pvcSpecPatch: 'struct' },
  DeploymentConfig: { executors: '{}Executor' },
  Executor: {
    container: 'Container',
    importer: 'Importer',
    resolver: 'struct',
    customJob: 'struct'
  },
  Container: {
    image: 'string',
    command: '[]string',
    args: '[]string',
    lifecycle: 'struct',
    resources: 'struct',
    env: '[]EnvVar'
  },
  EnvVar: { name: 'string', value: 'string' },
  Importer: {
    artifactUri: 'ValueOrRuntimeParameter',
    typeSchema: 'ArtifactType',
    properties: '{}ValueOrRuntimeParameter',
    customProperties: '{}ValueOrRuntimeParameter',
    reimport: 'bool',
    metadata: 'struct',
    downloadToWorkspace: 'bool'
  }
};

/**
 * Groups of fields of which at most one may stand in a message.
 *
 * The two iterators of a task are left out: that mistake has a sentence of its own at run creation.
 */
export const ONE_OF: Readonly<Record<string, readonly (readonly string[])[]>> =
  {
    ComponentSpec: [['dag', 'executorLabel']],
    ArtifactType: [['schemaTitle', 'schemaUri', 'instanceSchema']],
    ValueOrRuntimeParameter: [
      ['constantValue', 'runtimeParameter', 'constant']
    ],
    LegacyValue: [['intValue', 'doubleValue', 'stringValue']],
    DagOutputParameter: [['valueFromParameter', 'valueFromOneof']],
    TaskInputParameter: [
      [
        'taskOutputParameter',
        'runtimeValue',
        'componentInputParameter',
        'taskFinalStatus'
      ]
    ],
    TaskInputArtifact: [['taskOutputArtifact', 'componentInputArtifact']],
    ParameterItems: [['raw', 'inputParameter']],
    Executor: [['container', 'importer', 'resolver', 'customJob']]
  };
