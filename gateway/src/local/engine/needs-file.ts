/** Whether a component opens the file of an input artifact, as far as its text says so beyond doubt. */
import { recogniseLightweight } from 'jupyterlab-kfp-model';

import type { TaskNode } from './task-node.ts';

/**
 * A component that only passes the URI on needs no file, and one that looks first whether it is there copes without:
 * both may run although the artifact is elsewhere.
 */
export function needsFile(
  node: Pick<TaskNode, 'executor'>,
  input: string
): boolean {
  if (node.executor?.kind !== 'container') {
    return false;
  }
  const { command, args } = node.executor.container;
  const found = recogniseLightweight(command, args);
  if (found?.kind !== 'lightweight') {
    const place = `{{$.inputs.artifacts['${input}'].path}}`;
    return [...command, ...args].some(word => word.includes(place));
  }
  const source = found.source.replace(/#.*$/gm, '');
  const name = input.replace(/[^\w]/g, '_');
  const names = aliases(source, name).join('|');
  const looksFirst = new RegExp(
    `\\b(exists|isfile|isdir|is_file|is_dir)\\b[^\\n]*\\b(${names})\\b|\\b(${names})\\b[^\\n]*\\b(exists|is_file|is_dir)\\b`
  );
  if (looksFirst.test(source)) {
    return false;
  }
  return (
    new RegExp(`\\b(${names})(\\[[^\\]\\n]*\\])?\\.path\\b`).test(source) ||
    // KFP leaves `_path` off the name of such a parameter.
    new RegExp(`\\b${name}(_path)?\\s*:\\s*[\\w.]*\\bInputPath\\b`).test(source)
  );
}

/** The name of an input and the names that can only mean it, or one of its list: those that are given once. */
function aliases(source: string, name: string): readonly string[] {
  const found = [name];
  for (const known of found) {
    const assigned = `^[ \\t]*(\\w+)(?:[ \\t]*:[^=\\n]+)?[ \\t]*=[ \\t]*${known}(?:\\[[^\\]\\n]*\\])?[ \\t]*$`;
    const looped = `\\bfor[ \\t]+(?:\\w+[ \\t]*,[ \\t]*)?(\\w+)[ \\t]+in[ \\t]+(?:\\w+\\()*${known}\\b`;
    for (const match of source.matchAll(
      new RegExp(`${assigned}|${looped}`, 'gm')
    )) {
      const alias = match[1] ?? match[2] ?? '';
      if (!found.includes(alias) && isGivenOnce(source, alias)) {
        found.push(alias);
      }
    }
  }
  return found;
}

function isGivenOnce(source: string, name: string): boolean {
  const gives = new RegExp(
    `\\b${name}\\b[ \\t]*(?::[^=\\n]+)?=(?!=)|\\bfor\\b[^\\n]*\\b${name}\\b[^\\n]*\\bin\\b|\\bas[ \\t]+${name}\\b|\\bdef\\b[^\\n]*\\b${name}\\b`,
    'g'
  );
  return [...source.matchAll(gives)].length === 1;
}
