/** The executor input of an attempt and the files it must write (pipeline-execution section 11.2). */
import { join } from 'node:path';

import type { Json } from 'jupyterlab-kfp-model';

import type { ExpectedOutputs } from '../tasks/contract.ts';
import type { StoredArtifact } from './contract.ts';
import { outputFiles } from './names.ts';
import { withFetched } from './remote-artifacts.ts';
import type { Scope, TaskNode } from './task-node.ts';

/** What one attempt reads and writes. */
export interface AttemptPaths {
  readonly executorInput: Json;
  readonly outputs: ExpectedOutputs;
  /** Inputs with the component's own defaults, as the component sees them. */
  readonly inputs: Scope;
}

/** Fill in the paths of an attempt. */
export function attemptPaths(
  node: TaskNode,
  places: {
    /** Absolute folder of the attempt. */
    readonly folder: string;
    /** Absolute folder of its artifacts. */
    readonly artifactRoot: string;
    /** Absolute folder of the run. */
    readonly runDir: string;
  },
  /** Parameters that no task and no person gives. */
  more: Readonly<Record<string, Json>> = {}
): AttemptPaths {
  const { folder, artifactRoot, runDir } = places;
  const inputs = withFetched(withDefaults(node), runDir);
  Object.assign(inputs.parameters, more);
  const definitions = node.component.outputDefinitions ?? {};
  const parameters: Record<string, { type: string; file: string }> = {};
  const artifacts: Record<string, { uri: string; path: string }> = {};
  const inputParameters: Record<string, Json> = {};
  const inputArtifacts: Record<string, Json> = {};
  const outputParameters: Record<string, Json> = {};
  const outputArtifacts: Record<string, Json> = {};

  for (const [name, value] of Object.entries(inputs.parameters)) {
    inputParameters[name] = value;
  }
  for (const [name, list] of Object.entries(inputs.artifacts)) {
    inputArtifacts[name] = {
      artifacts: list.map(artifact => runtimeArtifact(artifact, name))
    };
  }
  const parameterFiles = outputFiles(Object.keys(definitions.parameters ?? {}));
  for (const [name, spec] of Object.entries(definitions.parameters ?? {})) {
    const file = join(folder, 'params', parameterFiles.get(name) ?? name);
    parameters[name] = { type: spec.parameterType, file };
    outputParameters[name] = { outputFile: file };
  }
  // The output file stands among the artifacts: `dsl.get_uri()` takes its folder for the root of the task.
  const file = join(artifactRoot, 'executor_output.json');
  const artifactFiles = outputFiles([
    'executor_output.json',
    ...Object.keys(definitions.artifacts ?? {})
  ]);
  for (const [name, spec] of Object.entries(definitions.artifacts ?? {})) {
    const uri = join(artifactRoot, artifactFiles.get(name) ?? name);
    artifacts[name] = { uri, path: uri };
    outputArtifacts[name] = {
      artifacts: [
        {
          name,
          type: { ...spec.artifactType },
          uri,
          metadata: { ...spec.metadata }
        }
      ]
    };
  }
  return {
    inputs,
    executorInput: {
      inputs: {
        parameterValues: inputParameters,
        artifacts: inputArtifacts
      },
      outputs: {
        parameters: outputParameters,
        artifacts: outputArtifacts,
        outputFile: file
      }
    },
    outputs: { outputFile: file, parameters, artifacts }
  };
}

/** Inputs with the component's own defaults, which a container gets just before it starts. */
export function withDefaults(node: TaskNode): Scope {
  const parameters = { ...node.inputs.parameters };
  for (const [name, spec] of Object.entries(
    node.component.inputDefinitions?.parameters ?? {}
  )) {
    if (parameters[name] === undefined && spec.defaultValue !== undefined) {
      parameters[name] = spec.defaultValue;
    }
  }
  return { parameters, artifacts: { ...node.inputs.artifacts } };
}

/** An artifact as the SDK's runtime reads it; inputs are named by their key. */
export function runtimeArtifact(
  artifact: StoredArtifact,
  name = artifact.name
): { readonly [key: string]: Json } {
  return {
    name,
    type: { ...artifact.type },
    uri: artifact.uri,
    metadata: { ...artifact.metadata },
    ...(artifact.customPath === undefined
      ? {}
      : { custom_path: artifact.customPath })
  };
}
