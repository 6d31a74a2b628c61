/** What the API server checks of a run's pipeline before it stores the run, in its words and its order. */
import type {
  DagSpec,
  Json,
  ParameterSpec,
  PipelineDocument
} from 'jupyterlab-kfp-model';

import { internal, invalidInput } from '../store/service-error.ts';
import { compileError } from './pipeline-documents.ts';

/** Check the values of the root's inputs (`template/v2_template.go` validatePipelineJobInputs). Throws 400. */
export function checkRunParameters(
  document: PipelineDocument,
  given: Readonly<Record<string, Json>>
): void {
  const wanted = document.spec.root.inputDefinitions?.parameters ?? {};
  const faults: string[] = [];
  for (const [name, spec] of Object.entries(wanted)) {
    if (Object.hasOwn(given, name)) {
      const fault = valueFault(name, spec, given[name] ?? null);
      if (fault !== undefined) {
        faults.push(fault);
      }
    } else if (spec.defaultValue === undefined && spec.isOptional !== true) {
      faults.push(
        `parameter ${name} is not optional, yet has neither default value nor user provided value`
      );
    }
  }
  const extra = Object.keys(given).filter(name => !Object.hasOwn(wanted, name));
  if (extra.length > 0) {
    faults.push(
      `parameter(s) provided are not required by pipeline: ${extra.sort().join(', ')}`
    );
  }
  // The server stops at the first; here it comes first and the others follow, so that all can be mended at once.
  if (faults.length > 0) {
    throw invalidInput(faults.join('; '));
  }
}

function valueFault(
  name: string,
  spec: ParameterSpec,
  value: Json
): string | undefined {
  const [word, fits] = typeCheck(spec, value);
  if (word === 'TASK_FINAL_STATUS') {
    return `input parameter ${name} requires type TASK_FINAL_STATUS, which is invalid for root component`;
  }
  if (!fits) {
    return word === 'number'
      ? `input parameter ${name} requires type double or integer, but the parameter value is not of number value type`
      : `input parameter ${name} requires type ${word}, but the input parameter is not of ${word} value type`;
  }
  const literals = spec.literals ?? [];
  const shown = JSON.stringify(value);
  if (
    literals.length > 0 &&
    !literals.some(literal => JSON.stringify(literal) === shown)
  ) {
    return `input parameter "${name}" value ${shown} does not match any of the allowed literal values: ${JSON.stringify(literals)}`;
  }
  return undefined;
}

function typeCheck(
  spec: ParameterSpec,
  value: Json
): readonly [string, boolean] {
  switch (spec.parameterType) {
    case 'NUMBER_DOUBLE':
    case 'NUMBER_INTEGER':
      return ['number', typeof value === 'number'];
    case 'STRING':
      return ['string', typeof value === 'string'];
    case 'BOOLEAN':
      return ['bool', typeof value === 'boolean'];
    case 'LIST':
      return ['list', Array.isArray(value)];
    case 'STRUCT':
      return [
        'struct',
        typeof value === 'object' && value !== null && !Array.isArray(value)
      ];
    default:
      return [spec.parameterType, true];
  }
}

/** Check that the pipeline would compile to a workflow: references and order. Throws 500 with the compiler's words. */
export function checkRunStructure(document: PipelineDocument): void {
  const { root, components, deploymentSpec } = document.spec;
  const visit = (name: string, trail: readonly string[]): void => {
    const component = name === 'root' ? root : components[name];
    if (component === undefined) {
      return;
    }
    if (trail.includes(name)) {
      throw compileError(
        `error processing component name=${JSON.stringify(name)}: the component contains itself`
      );
    }
    const { dag, executorLabel } = component;
    if (dag === undefined) {
      if (executorLabel === undefined) {
        // `backend/src/v2/compiler/visitor.go`; what follows the colon is the message as Go prints it.
        throw compileError(
          `error processing component name=${JSON.stringify(name)}: unknown component implementation: it has neither an executor nor a dag`
        );
      }
      if (!Object.hasOwn(deploymentSpec.executors, executorLabel)) {
        throw compileError(
          `error processing component name=${JSON.stringify(name)}: executor with label ${JSON.stringify(executorLabel)} not found`
        );
      }
      return;
    }
    for (const task of Object.values(dag.tasks)) {
      if (!Object.hasOwn(components, task.componentRef)) {
        throw compileError(
          `error processing component name=${JSON.stringify(name)}: cannot find component ref name=${JSON.stringify(task.componentRef)}`
        );
      }
      visit(task.componentRef, [...trail, name]);
    }
    checkOrder(name, dag);
  };
  visit('root', []);
}

function checkOrder(name: string, dag: DagSpec): void {
  const open = new Map(
    Object.entries(dag.tasks).map(([key, task]) => [key, task.dependentTasks])
  );
  const path =
    name === 'root'
      ? 'templates.entrypoint.tasks.root templates.root'
      : `templates.${name}`;
  const fail = (what: string): never => {
    throw internal(
      `Failed to validate workflow for (): ${path} sorting failed: ${what}`
    );
  };
  for (const needs of open.values()) {
    const ghost = needs.find(key => !Object.hasOwn(dag.tasks, key));
    if (ghost !== undefined) {
      fail(`invalid dependency ${ghost}`);
    }
  }
  for (let left = open.size; left > 0;) {
    for (const [key, needs] of open) {
      if (needs.every(other => !open.has(other))) {
        open.delete(key);
      }
    }
    if (open.size === left) {
      fail('graph with cycle');
    }
    left = open.size;
  }
}
