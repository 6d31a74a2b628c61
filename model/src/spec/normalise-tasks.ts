/**
 * From decoded protojson to the task types of `ir.ts`.
 *
 * What the types cannot hold (both iterators, legacy values) is told to `refuse` and left out.
 */
import { isObject, type Decoded } from './decode-proto.ts';
import type {
  ArtifactSource,
  DagOutputParameter,
  DagSpec,
  Json,
  OutputSelector,
  ParameterSource,
  RetryPolicy,
  TaskIterator,
  TaskSpec
} from './ir.ts';
import { mapValues, nameMap } from './name-map.ts';

/** Takes a sentence about something no service runs. */
export type Refuse = (sentence: string) => void;

/** Default of the field: KFP's proto comment and its Argo compiler. */
const DEFAULT_BACKOFF_FACTOR = 2;
/** Seconds. */
const DEFAULT_BACKOFF_MAX = 3600;

/** Read a text field of a decoded message; absent is empty, as in protobuf. */
export function text(message: Decoded | undefined, field: string): string {
  const value = message?.[field];
  return typeof value === 'string' ? value : '';
}

/** Read a message field of a decoded message. */
export function child(
  message: Decoded | undefined,
  field: string
): Decoded | undefined {
  const value = message?.[field];
  return isObject(value) ? value : undefined;
}

/** Read a map of messages. */
export function children(
  message: Decoded | undefined,
  field: string
): Readonly<Record<string, Decoded>> {
  return nameMap(
    Object.entries(child(message, field) ?? {}).flatMap(([name, value]) =>
      isObject(value) ? [[name, value] as const] : []
    )
  );
}

/** Read a list of messages. */
export function list(message: Decoded | undefined, field: string): Decoded[] {
  const value = message?.[field];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Read a list of texts. */
export function texts(message: Decoded | undefined, field: string): string[] {
  const value = message?.[field];
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/** The DAG of a component. `platformProducers` names the tasks that platform settings of a task read from. */
export function normaliseDag(
  dag: Decoded,
  platformProducers: (component: string) => readonly string[],
  refuse: Refuse
): DagSpec {
  const tasks = mapValues(children(dag, 'tasks'), (task, key) =>
    normaliseTask(key, task, platformProducers, refuse)
  );
  const outputs = child(dag, 'outputs');
  if (outputs === undefined) {
    return { tasks };
  }
  return {
    tasks,
    outputs: {
      parameters: mapValues(children(outputs, 'parameters'), outputParameter),
      artifacts: mapValues(children(outputs, 'artifacts'), output => ({
        artifactSelectors: list(output, 'artifactSelectors').map(selector => ({
          producerSubtask: text(selector, 'producerSubtask'),
          outputKey: text(selector, 'outputArtifactKey')
        }))
      }))
    }
  };
}

function outputParameter(output: Decoded): DagOutputParameter {
  const oneOf = child(output, 'valueFromOneof');
  return oneOf === undefined
    ? {
        kind: 'one',
        from: parameterSelector(child(output, 'valueFromParameter'))
      }
    : {
        kind: 'one-of',
        from: list(oneOf, 'parameterSelectors').map(parameterSelector)
      };
}

function parameterSelector(selector: Decoded | undefined): OutputSelector {
  return {
    producerSubtask: text(selector, 'producerSubtask'),
    outputKey: text(selector, 'outputParameterKey')
  };
}

function normaliseTask(
  key: string,
  task: Decoded,
  platformProducers: (component: string) => readonly string[],
  refuse: Refuse
): TaskSpec {
  const componentRef = text(child(task, 'componentRef'), 'name');
  const inputs = child(task, 'inputs');
  const parameters = nameMap(
    Object.entries(children(inputs, 'parameters')).flatMap(([name, source]) => {
      const read = parameterSource(key, name, source, refuse);
      return read === undefined ? [] : [[name, read] as const];
    })
  );
  const artifacts = nameMap(
    Object.entries(children(inputs, 'artifacts')).flatMap(([name, source]) => {
      const read = artifactSource(source);
      return read === undefined ? [] : [[name, read] as const];
    })
  );
  const explicit = texts(task, 'dependentTasks');
  const implicit = [...Object.values(parameters), ...Object.values(artifacts)]
    .flatMap(source =>
      source.kind === 'output' || source.kind === 'final-status'
        ? [source.task]
        : []
    )
    .concat(platformProducers(componentRef))
    .sort();
  const name = text(child(task, 'taskInfo'), 'name');
  const caching = child(task, 'cachingOptions');
  const trigger = child(task, 'triggerPolicy');
  const retry = child(task, 'retryPolicy');
  const iterator = taskIterator(key, task, refuse);
  const limit = child(task, 'iteratorPolicy')?.parallelismLimit;
  return {
    taskInfo: name === '' ? {} : { name },
    componentRef,
    inputs: { parameters, artifacts },
    dependentTasks: [...new Set([...explicit, ...implicit])],
    ...(caching && {
      cachingOptions: {
        ...(typeof caching.enableCache === 'boolean' && {
          enableCache: caching.enableCache
        }),
        ...(text(caching, 'cacheKey') !== '' && {
          cacheKey: text(caching, 'cacheKey')
        })
      }
    }),
    ...(trigger && { triggerPolicy: triggerPolicy(trigger) }),
    ...(retry && { retryPolicy: retryPolicy(retry) }),
    ...(iterator && { iterator }),
    ...(typeof limit === 'number' && { parallelismLimit: limit })
  };
}

function triggerPolicy(
  trigger: Decoded
): NonNullable<TaskSpec['triggerPolicy']> {
  const condition = text(trigger, 'condition');
  const strategy = text(trigger, 'strategy');
  return {
    ...(condition !== '' && { condition }),
    ...((strategy === 'ALL_UPSTREAM_TASKS_SUCCEEDED' ||
      strategy === 'ALL_UPSTREAM_TASKS_COMPLETED') && { strategy })
  };
}

function retryPolicy(retry: Decoded): RetryPolicy {
  const number = (field: string, absent: number): number => {
    const value = retry[field];
    return typeof value === 'number' ? value : absent;
  };
  return {
    maxRetryCount: number('maxRetryCount', 0),
    backoffDuration: number('backoffDuration', 0),
    backoffFactor: number('backoffFactor', DEFAULT_BACKOFF_FACTOR),
    backoffMaxDuration: number('backoffMaxDuration', DEFAULT_BACKOFF_MAX)
  };
}

function taskIterator(
  key: string,
  task: Decoded,
  refuse: Refuse
): TaskIterator | undefined {
  const parameter = child(task, 'parameterIterator');
  const artifact = child(task, 'artifactIterator');
  if (parameter !== undefined && artifact !== undefined) {
    refuse(
      `invalid task "${key}": parameterIterator and artifactIterator cannot be specified at the same time`
    );
  }
  if (parameter !== undefined) {
    const items = child(parameter, 'items');
    return {
      kind: 'parameter',
      itemInput: text(parameter, 'itemInput'),
      items:
        typeof items?.raw === 'string'
          ? { raw: items.raw }
          : { inputParameter: text(items, 'inputParameter') }
    };
  }
  return (
    artifact && {
      kind: 'artifact',
      itemInput: text(artifact, 'itemInput'),
      inputArtifact: text(child(artifact, 'items'), 'inputArtifact')
    }
  );
}

function parameterSource(
  task: string,
  name: string,
  source: Decoded,
  refuse: Refuse
): ParameterSource | undefined {
  const expression = text(source, 'parameterExpressionSelector');
  const selector = expression === '' ? {} : { expression };
  const output = child(source, 'taskOutputParameter');
  if (output !== undefined) {
    return {
      ...selector,
      kind: 'output',
      task: text(output, 'producerTask'),
      key: text(output, 'outputParameterKey')
    };
  }
  const status = child(source, 'taskFinalStatus');
  if (status !== undefined) {
    return {
      ...selector,
      kind: 'final-status',
      task: text(status, 'producerTask')
    };
  }
  if (typeof source.componentInputParameter === 'string') {
    return { ...selector, kind: 'input', name: source.componentInputParameter };
  }
  const value = child(source, 'runtimeValue');
  if (value !== undefined) {
    if (Object.hasOwn(value, 'constant')) {
      // The decoder let only JSON through.
      return { ...selector, kind: 'constant', value: value.constant as Json };
    }
    const given = Object.hasOwn(value, 'runtimeParameter')
      ? 'runtimeParameter'
      : 'constantValue';
    refuse(
      `input parameter "${name}" of task "${task}": runtime value of kind ${given} is not implemented`
    );
  }
  return undefined;
}

function artifactSource(source: Decoded): ArtifactSource | undefined {
  const output = child(source, 'taskOutputArtifact');
  if (output !== undefined) {
    return {
      kind: 'output',
      task: text(output, 'producerTask'),
      key: text(output, 'outputArtifactKey')
    };
  }
  return typeof source.componentInputArtifact === 'string'
    ? { kind: 'input', name: source.componentInputArtifact }
    : undefined;
}
