/** Argo workflows (KFP v1): their parameters, which are always text, and the shape in which the server shows them. */
import type { Json } from 'jupyterlab-kfp-model';

import { invalidInput } from '../store/service-error.ts';

/** A parameter of a workflow; without a value it must be given. */
export interface ArgoParameter {
  readonly name: string;
  readonly value?: string;
}

/** `spec.arguments.parameters` of a workflow. */
export function argoParameters(workflow: {
  readonly [key: string]: Json;
}): readonly ArgoParameter[] {
  const list = at(at(at(workflow, 'spec'), 'arguments'), 'parameters');
  return Array.isArray(list)
    ? (list as readonly Json[]).flatMap(item => {
        const name = at(item, 'name');
        const value = at(item, 'value');
        return typeof name === 'string'
          ? [{ name, ...(typeof value === 'string' ? { value } : {}) }]
          : [];
      })
    : [];
}

/** Refuse names that the workflow does not have (`common/util/workflow.go` VerifyParameters). Throws 400. */
export function checkArgoParameters(
  workflow: { readonly [key: string]: Json },
  given: Readonly<Record<string, Json>>
): void {
  const known = new Set(
    argoParameters(workflow).map(parameter => parameter.name)
  );
  const unknown = Object.keys(given).find(name => !known.has(name));
  if (unknown !== undefined) {
    throw invalidInput(`Unrecognized input parameter: ${unknown}`)
      .wrap('Failed to verify parameters')
      .wrap('Failed to generate the ExecutionSpec');
  }
}

function at(value: Json | undefined, key: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })[key]
    : undefined;
}

type Fields = { readonly [key: string]: Json };

/**
 * A workflow as the server shows an uploaded one: read into Go's structs and written again, which fills fields that have no
 * "omitempty" (`argo-workflows/pkg/apis/workflow/v1alpha1/workflow_types.go`).
 */
export function shownWorkflow(workflow: Fields): Fields {
  const spec = fieldsAt(workflow, 'spec');
  const templates = at(spec, 'templates');
  return {
    ...workflow,
    spec: {
      ...spec,
      ...(Array.isArray(templates)
        ? {
            templates: (templates as readonly Json[]).map(template =>
              shownTemplate(template)
            )
          }
        : {}),
      arguments: fieldsAt(spec, 'arguments')
    },
    status: {
      startedAt: null,
      finishedAt: null,
      ...fieldsAt(workflow, 'status')
    }
  };
}

function shownTemplate(template: Json): Json {
  if (!isFields(template)) {
    return template;
  }
  const dag = at(template, 'dag');
  const tasks = at(dag, 'tasks');
  const steps = at(template, 'steps');
  return {
    inputs: {},
    outputs: {},
    metadata: {},
    ...template,
    ...containersOf(template),
    ...(isFields(dag) && Array.isArray(tasks)
      ? { dag: { ...dag, tasks: (tasks as readonly Json[]).map(shownStep) } }
      : {}),
    ...(Array.isArray(steps)
      ? {
          steps: (steps as readonly Json[]).map(group =>
            Array.isArray(group)
              ? (group as readonly Json[]).map(shownStep)
              : group
          )
        }
      : {})
  };
}

function containersOf(template: Fields): Record<string, Json> {
  const shown: Record<string, Json> = {};
  for (const key of ['container', 'script']) {
    const container = at(template, key);
    if (isFields(container)) {
      shown[key] = { name: '', resources: {}, ...container };
    }
  }
  for (const key of ['initContainers', 'sidecars']) {
    const list = at(template, key);
    if (Array.isArray(list)) {
      shown[key] = (list as readonly Json[]).map(container =>
        isFields(container) ? { resources: {}, ...container } : container
      );
    }
  }
  return shown;
}

function shownStep(step: Json): Json {
  return isFields(step) ? { arguments: {}, ...step } : step;
}

function fieldsAt(value: Json | undefined, key: string): Fields {
  const found = at(value, key);
  return isFields(found) ? found : {};
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
