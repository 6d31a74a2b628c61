/** Whether a component opens the file of an input artifact, as far as its text says so beyond doubt. */
import { recogniseLightweight } from 'jupyterlab-kfp-model';

import type { TaskNode } from './task-node.ts';

/**
 * A component that only passes the URI on needs no file, and one that looks first whether it is there copes without:
 * both may run although the artifact is elsewhere.
 */
export function needsFile(node: TaskNode, input: string): boolean {
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
  const looksFirst = new RegExp(
    `\\b(exists|isfile|isdir|is_file|is_dir)\\b[^\\n]*\\b${name}\\b|\\b${name}\\b[^\\n]*\\b(exists|is_file|is_dir)\\b`
  );
  if (looksFirst.test(source)) {
    return false;
  }
  return (
    new RegExp(`\\b${name}\\.path\\b`).test(source) ||
    // KFP leaves `_path` off the name of such a parameter.
    new RegExp(`\\b${name}(_path)?\\s*:\\s*[\\w.]*\\bInputPath\\b`).test(source)
  );
}
