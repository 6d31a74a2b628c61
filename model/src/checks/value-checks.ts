/** Values that change their type on their way and are refused when the task starts: KFP206 in the compiled text. */
import type { ParameterSpec } from '../spec/ir.ts';
import type { Check, RawFinding } from './finding.ts';
import { placedTasks } from './placed-tasks.ts';

/** Types that no text is taken for, in Python's words. */
const WORDS: Partial<Record<ParameterSpec['parameterType'], string>> = {
  NUMBER_INTEGER: 'int',
  NUMBER_DOUBLE: 'float',
  BOOLEAN: 'bool',
  LIST: 'list',
  STRUCT: 'dict'
};
const ITEM = /^(?:pipelinechannel--)?(.+?)-loop-item(?:-\d+)?$/;

/**
 * The SDK takes the items of a plain `list` for texts, and lets them pass into any input. KFP's driver makes them texts where
 * the loop begins, and refuses them at the task.
 */
export const checkValues: Check = ({ document }) =>
  placedTasks(document).flatMap(({ path, task, component, parent }) =>
    Object.entries(task.inputs.parameters).flatMap(
      ([name, source]): readonly RawFinding[] => {
        if (source.kind !== 'input' || source.expression !== undefined) {
          return [];
        }
        const given =
          parent.inputDefinitions?.parameters?.[source.name]?.parameterType;
        const wanted = component.inputDefinitions?.parameters?.[name];
        const word = wanted && WORDS[wanted.parameterType];
        const list = ITEM.exec(source.name)?.[1];
        return given !== 'STRING' || word === undefined || list === undefined
          ? []
          : [
              {
                rule: 'KFP206',
                severity: 'error',
                message: `The items of ${list} reach ${path} as text, ${name} is ${word}. Say what the list holds: List[${word}].`,
                loop: list
              }
            ];
      }
    )
  );
