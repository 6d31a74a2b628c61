/** Identity of a task's work for caching (pipeline-execution section 10). */
import { createHash } from 'node:crypto';

import { canonicalJson, type Json } from 'jupyterlab-kfp-model';

import { withDefaults } from './executor-input.ts';
import type { TaskNode } from './task-node.ts';

/** The key of a task that says itself what its results depend on. */
export function userKey(component: string, key: string): string {
  return createHash('sha256').update(`${component}\0${key}`).digest('hex');
}

/** The key under which outputs of this task are cached; `undefined` when it must not be cached. */
export function cacheKey(
  node: TaskNode,
  context: {
    /** The run's override. */
    readonly override?: boolean;
    readonly isolation: string;
    /** Version of the Python that runs the task; empty where none of this machine does. */
    readonly interpreter: string;
    /** Names of volumes the task mounts, sorted. */
    readonly volumes: readonly string[];
    /** The run id, when the task uses the run's workspace. */
    readonly workspaceRun?: string;
    /** The Kubernetes fields of the executor, unresolved. */
    readonly platformFields: Json;
  }
): string | undefined {
  const options = node.spec?.cachingOptions;
  const enabled = context.override ?? options?.enableCache ?? false;
  if (!enabled || node.executor?.kind !== 'container') {
    return undefined;
  }
  if (options?.cacheKey !== undefined && options.cacheKey !== '') {
    return userKey(node.componentName, options.cacheKey);
  }
  const { container } = node.executor;
  const outputs = node.component.outputDefinitions ?? {};
  const identity: Json = {
    inputArtifacts: Object.fromEntries(
      Object.entries(node.inputs.artifacts).map(([name, list]) => [
        name,
        list.map(artifact => artifact.uri)
      ])
    ),
    inputParameters: withDefaults(node).parameters,
    outputArtifacts: Object.fromEntries(
      Object.entries(outputs.artifacts ?? {}).map(([name, spec]) => [
        name,
        { type: { ...spec.artifactType }, metadata: { ...spec.metadata } }
      ])
    ),
    outputParameters: Object.fromEntries(
      Object.entries(outputs.parameters ?? {}).map(([name, spec]) => [
        name,
        spec.parameterType
      ])
    ),
    image: container.image,
    command: container.command,
    args: container.args,
    env: container.env.map(variable => ({ ...variable })),
    platformFields: context.platformFields,
    volumes: context.volumes,
    workspace: context.workspaceRun ?? '',
    isolation: context.isolation,
    interpreter: context.interpreter
  };
  return createHash('sha256').update(canonicalJson(identity)).digest('hex');
}
