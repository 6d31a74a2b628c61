/** A task of the local service as views draw it. */
import type {
  InputValue,
  Json,
  OutputValue,
  TaskView
} from 'jupyterlab-kfp-model';
import { isHidden } from 'jupyterlab-kfp-model';

import type {
  AttemptRecord,
  StoredArtifact,
  TaskRecord
} from '../engine/contract.ts';
import { coverOf, type Cover } from './cover-values.ts';

/** JSON text of a value longer than this is fetched on demand, not pushed with every view. */
const MAX_VALUE = 8 * 1024;

/** Values as views carry them: none longer than is pushed. */
const SHORTENED: Form = value => {
  const json = JSON.stringify(value);
  return json.length > MAX_VALUE
    ? {
        json: JSON.stringify(`${json.slice(0, MAX_VALUE)}…`),
        cut: json.length
      }
    : { json };
};

/** Values as they are, for who asks for one of them. */
const WHOLE: Form = value => ({ json: JSON.stringify(value) });

/** The text of a value, and how long it is where that is only its beginning. */
type Form = (value: Json) => { readonly json: string; readonly cut?: number };

/**
 * A value of a task as JSON text, all of it: a parameter, or the metadata of an artifact. `undefined` when there is none of
 * this name that may be shown.
 */
export function wholeValue(
  record: TaskRecord,
  side: 'inputs' | 'outputs',
  name: string,
  ofRun: Cover
): string | undefined {
  const ofTask = coverOf(record.inputs.parameters);
  const cover: Cover = value => ofTask(ofRun(value));
  if (side === 'inputs') {
    return inputs(record, new Map(), cover, WHOLE).find(
      one => one.name === name && one.kind === 'param'
    )?.json;
  }
  const found = outputs(record, new Map(), cover, WHOLE).find(
    one => one.name === name && one.kind !== 'metric'
  );
  return found?.json ?? found?.metadata;
}

/**
 * Make the view of a task; the root is not drawn.
 *
 * @param types - Declared types of its outputs: a float may be written as `3`.
 * @param defaults - What its component takes for inputs that nobody gives.
 * @param producers - What each input of the task comes from, as `producersOf` says.
 * @param ofRun - Covers the secrets that the run was given.
 */
export function taskView(
  record: TaskRecord,
  rootId: string,
  producers: ReadonlyMap<string, string>,
  types: ReadonlyMap<string, string>,
  defaults: ReadonlyMap<string, Json>,
  ofRun: Cover
): TaskView {
  const ofTask = coverOf(record.inputs.parameters);
  const cover: Cover = value => ofTask(ofRun(value));
  return {
    id: record.taskId,
    path: record.path.replace(/^root\.?/, ''),
    name: record.displayName,
    vertex: record.vertex ?? record.key,
    kind: record.kind === 'root' ? 'dag' : record.kind,
    ...(record.parentId === undefined || record.parentId === rootId
      ? {}
      : { parent: record.parentId }),
    ...defined('iteration', record.iteration),
    state: record.state,
    ...defined('reason', record.reason),
    created_at: record.createdAt,
    ...defined('started_at', record.startedAt),
    ...defined('finished_at', record.finishedAt),
    attempts: record.attempts.map(attemptView),
    ...defined('max_attempts', record.maxAttempts),
    ...(record.cachedFrom === undefined
      ? {}
      : {
          cached_from: {
            run_id: record.cachedFrom.runId,
            task_id: record.cachedFrom.taskId
          }
        }),
    ...(record.error === undefined
      ? {}
      : {
          failure: {
            reason: capitalised(String(cover(record.error.message))),
            code: record.error.code,
            ...defined('exit_code', record.error.exitCode)
          }
        }),
    inputs: [
      ...inputs(record, producers, cover),
      ...defaultInputs(record, defaults)
    ],
    outputs: outputs(record, types, cover),
    ...defined('image', record.image),
    ...defined('isolation', record.isolation)
  };
}

/** The service words its messages to stand behind the name of a task; here they stand alone. */
function capitalised(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

function attemptView(attempt: AttemptRecord): TaskView['attempts'][number] {
  return {
    index: attempt.index,
    id: attempt.podName,
    state: attempt.state === 'STARTING' ? 'RUNNING' : attempt.state,
    ...defined('started_at', attempt.startedAt),
    ...defined('finished_at', attempt.finishedAt),
    ...defined('exit_code', attempt.exitCode),
    ...defined('message', attempt.message)
  };
}

function inputs(
  record: TaskRecord,
  producers: ReadonlyMap<string, string>,
  cover: Cover,
  form: Form = SHORTENED
): readonly InputValue[] {
  const from = (name: string): { readonly producer?: string } =>
    defined('producer', producers.get(name));
  return [
    ...Object.entries(record.inputs.parameters).map(([name, value]) =>
      isHidden(name, value) || holdsSecret(value, cover)
        ? {
            name,
            kind: 'param' as const,
            type: kindOf(value),
            redacted: true,
            ...from(name)
          }
        : {
            name,
            kind: 'param' as const,
            type: kindOf(value),
            ...form(value),
            ...from(name)
          }
    ),
    ...Object.entries(record.inputs.artifacts).flatMap(([name, list]) =>
      list.map(artifact => ({
        name,
        kind: 'artifact' as const,
        type: typeOf(artifact),
        uri: artifact.uri,
        artifact_id: artifact.artifactId,
        ...from(name)
      }))
    )
  ];
}

/** Inputs that the component fills; absent while the task has not begun, as the others are. */
function defaultInputs(
  record: TaskRecord,
  defaults: ReadonlyMap<string, Json>
): readonly InputValue[] {
  return record.startedAt === undefined
    ? []
    : [...defaults]
        .filter(([name]) => !Object.hasOwn(record.inputs.parameters, name))
        .map(([name, value]) => ({
          name,
          kind: 'param' as const,
          type: kindOf(value),
          ...(isHidden(name, value)
            ? { redacted: true as const }
            : SHORTENED(value)),
          origin: 'default' as const
        }));
}

function holdsSecret(value: Json, cover: Cover): boolean {
  const shown = cover(value);
  return shown !== value && JSON.stringify(shown) !== JSON.stringify(value);
}

/** What a task, or the pipeline itself, gave. */
export function outputs(
  record: TaskRecord,
  types: ReadonlyMap<string, string>,
  cover: Cover,
  form: Form = SHORTENED
): readonly OutputValue[] {
  return [
    ...Object.entries(record.outputs.parameters).map(([name, value]) => ({
      name,
      kind: 'param' as const,
      type: types.get(name) ?? kindOf(value),
      ...form(cover(value))
    })),
    ...Object.entries(record.outputs.artifacts).flatMap(([name, list]) =>
      list.flatMap(artifact => artifactOutputs(name, artifact, cover, form))
    )
  ];
}

/** An artifact, and for metrics each number as a value of its own. */
function artifactOutputs(
  name: string,
  artifact: StoredArtifact,
  cover: Cover,
  form: Form
): readonly OutputValue[] {
  const metadata = form(cover({ ...artifact.metadata }));
  const whole: OutputValue = {
    name,
    kind: 'artifact',
    type: typeOf(artifact),
    artifact_id: artifact.artifactId,
    uri: artifact.uri,
    ...(metadata.cut === undefined
      ? { metadata: metadata.json }
      : { cut: metadata.cut })
  };
  if (artifact.type.schemaTitle !== 'system.Metrics') {
    return [whole];
  }
  return [
    ...Object.entries(artifact.metadata)
      .filter(([, value]) => typeof value !== 'object')
      .map(([metric, value]) => ({
        name: metric,
        kind: 'metric' as const,
        type: kindOf(value),
        ...form(cover(value))
      })),
    whole
  ];
}

function typeOf(artifact: StoredArtifact): string {
  return artifact.type.schemaTitle ?? 'system.Artifact';
}

function kindOf(value: Json): string {
  switch (typeof value) {
    case 'string':
      return 'STRING';
    case 'boolean':
      return 'BOOLEAN';
    case 'number':
      return Number.isInteger(value) ? 'NUMBER_INTEGER' : 'NUMBER_DOUBLE';
    default:
      return Array.isArray(value) ? 'LIST' : 'STRUCT';
  }
}

function defined<K extends string, V>(
  key: K,
  value: V | undefined
): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
