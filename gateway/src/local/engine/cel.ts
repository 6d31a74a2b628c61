/**
 * Conditions and selectors by a real CEL evaluator: user values are variables, never text of the expression.
 */
import { createRequire } from 'node:module';

import type * as celJs from '@marcbachmann/cel-js';
import type { Json } from 'jupyterlab-kfp-model';

import { TaskError } from './engine-error.ts';

const require = createRequire(import.meta.url);

/** Numbers of pipelines are doubles, and CEL keeps doubles and integers apart as operands: 1 == 1.0 must hold. */
const OPTIONS = {
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false
};

interface Evaluators {
  readonly conditions: celJs.Environment;
  readonly selectors: celJs.Environment;
}

let made: Evaluators | undefined;

/** Loaded when the first condition comes: an idle gateway need not hold an evaluator in memory. */
function evaluators(): Evaluators {
  made ??= makeEvaluators();
  return made;
}

function makeEvaluators(): Evaluators {
  const cel = require('@marcbachmann/cel-js') as typeof celJs;
  return {
    conditions: new cel.Environment(OPTIONS),
    selectors: new cel.Environment(OPTIONS).registerFunction(
      'parseJson(string): dyn',
      (text: string): unknown => {
        try {
          return JSON.parse(text) as unknown;
        } catch (cause) {
          throw new Error(`parseJson: ${String(cause)}`, { cause });
        }
      }
    )
  };
}

/** What a condition may look at: the executor input in snake case (KFP's driver). */
export interface ConditionContext {
  readonly inputs: {
    readonly parameter_values: Readonly<Record<string, Json>>;
    readonly artifacts: Readonly<Record<string, Json>>;
  };
}

/** Evaluate a trigger condition. Throws `TaskError` when it fails or gives no bool. */
export function evaluateCondition(
  expression: string,
  context: ConditionContext
): boolean {
  const result = evaluate(evaluators().conditions, expression, {
    inputs: context.inputs
  });
  if (typeof result !== 'boolean') {
    throw new TaskError(
      'evaluation error: return type is not bool',
      'condition'
    );
  }
  return result;
}

/** Apply a parameter selector to a value seen as a protobuf `Value`. */
export function evaluateSelector(expression: string, value: Json): Json {
  const context: Record<string, unknown> = {
    string_value: selectorText(value)
  };
  if (typeof value === 'number') {
    context['number_value'] = value;
  } else if (typeof value === 'boolean') {
    context['bool_value'] = value;
  } else if (Array.isArray(value)) {
    context['list_value'] = value;
  } else if (typeof value === 'object' && value !== null) {
    context['struct_value'] = value;
  }
  return toJson(
    evaluate(evaluators().selectors, expression, context),
    expression
  );
}

function selectorText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function evaluate(
  environment: celJs.Environment,
  expression: string,
  context: Record<string, unknown>
): unknown {
  try {
    return environment.evaluate(expression, context);
  } catch (cause) {
    throw new TaskError(
      `evaluation error: ${cause instanceof Error ? firstLine(cause.message) : String(cause)}`,
      'condition'
    );
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

/** CEL gives integers as BigInt and maps as Map or object; a value of a pipeline is JSON. */
function toJson(value: unknown, expression: string): Json {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(item => toJson(item, expression));
  }
  if (value instanceof Map) {
    return Object.fromEntries(
      [...(value as Map<unknown, unknown>)].map(([key, item]) => [
        String(key),
        toJson(item, expression)
      ])
    );
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        toJson(item, expression)
      ])
    );
  }
  throw new TaskError(`"${expression}" does not give a JSON value`, 'input');
}
