/**
 * Conditions of tasks as a person would have written them: the compiled CEL with the real origin of every value.
 */
import type { ParameterSource } from '../spec/ir.ts';
import { canonicalJson } from '../spec/value-text.ts';

/** What the inputs of a component are called by the people who wrote the pipeline. */
export type InputNames = ReadonlyMap<string, string>;

/** The SDK's prefix of values that travel between groups (`sdk/python/kfp/compiler/compiler_utils.py`). */
const CHANNEL = /^pipelinechannel--/;

/** A value of the condition, perhaps in a cast; text; or an operator that people spell otherwise. */
const PARTS =
  /(?:\b(?:int|double|string|bool)\(\s*)?inputs\.parameter_values\[(?:'([^']*)'|"([^"]*)")\](\s*\))?|'((?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|&&|\|\||!(?!=)/g;

/** Where the value of an input comes from: `flip-coin.Output`, `rows`, or a constant as JSON. */
export function sourceName(source: ParameterSource, scope: InputNames): string {
  switch (source.kind) {
    case 'output':
      return `${source.task}.${source.key}`;
    case 'final-status':
      return `${source.task}.status`;
    case 'constant':
      return canonicalJson(source.value);
    case 'input':
      return scope.get(source.name) ?? source.name.replace(CHANNEL, '');
  }
}

/**
 * Write a condition (`triggerPolicy.condition`, CEL) for people: `flip-coin.Output == "heads"`.
 *
 * @param names - names of the task's own inputs; an unknown one keeps its name without the SDK's prefix
 */
export function conditionText(condition: string, names: InputNames): string {
  return condition
    .replace(PARTS, (part, single, double, close, text) => {
      const input = asText(single) ?? asText(double);
      if (input !== undefined) {
        const name = names.get(input) ?? input.replace(CHANNEL, '');
        const cast = /^(?:int|double|string|bool)\(/.test(part);
        // A bracket that no cast opened belongs to the condition.
        return cast || close === undefined ? name : `${name}${String(close)}`;
      }
      if (typeof text === 'string') {
        return `"${text.replaceAll("\\'", "'").replace(/(?<!\\)"/g, '\\"')}"`;
      }
      const word = WORDS.get(part);
      return word ?? part;
    })
    .replace(/\s+/g, ' ')
    .trim();
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not ']
]);

function asText(group: unknown): string | undefined {
  return typeof group === 'string' ? group : undefined;
}
