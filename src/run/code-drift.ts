import { parsePipelineText, recogniseLightweight } from 'jupyterlab-kfp-model';

import { lineDiff, type IDiffLine } from './line-diff';

/** A function of the run that reads otherwise in the notebook now. */
export interface IFunctionDrift {
  readonly name: string;
  /** Null where the notebook has no function of this name any more. */
  readonly lines: readonly IDiffLine[] | null;
}

/**
 * Compare the functions that a run was made of with those of the notebook now.
 *
 * @param pipeline - the pipeline as it was submitted
 * @param sources - the cells of the run as they are now
 */
export function codeDrift(
  pipeline: string,
  sources: readonly string[]
): readonly IFunctionDrift[] {
  const parsed = parsePipelineText(pipeline);
  if (parsed.format !== 'ir') {
    return [];
  }
  const now = sources.join('\n\n');
  const seen = new Set<string>();
  const drifts: IFunctionDrift[] = [];
  for (const executor of Object.values(
    parsed.document.spec.deploymentSpec.executors
  )) {
    const component =
      executor.kind === 'container'
        ? recogniseLightweight(
            executor.container.command,
            executor.container.args
          )
        : undefined;
    if (component?.kind !== 'lightweight' || seen.has(component.functionName)) {
      continue;
    }
    const name = component.functionName;
    seen.add(name);
    const before = functionOf(component.source, name);
    const after = functionOf(now, name);
    if (before !== null && before !== after) {
      drifts.push({
        name,
        lines: after === null ? null : lineDiff(before, after)
      });
    }
  }
  return drifts;
}

/** The source of a function: from its `def` to the line before the next that is not indented more; null when there is none. */
export function functionOf(source: string, name: string): string | null {
  const lines = source.split(/\r?\n/);
  const start = lines.findIndex(line =>
    new RegExp(`^\\s*(async\\s+)?def\\s+${name.replace(/\W/g, '')}\\b`).test(
      line
    )
  );
  if (start < 0) {
    return null;
  }
  const indent = depth(lines[start]);
  const body: string[] = [];
  let isSignature = true;
  for (const line of lines.slice(start)) {
    // the closing bracket of a long signature stands where the `def` does
    if (
      body.length > 0 &&
      !isSignature &&
      line.trim() !== '' &&
      depth(line) <= indent
    ) {
      break;
    }
    body.push(line.slice(Math.min(indent, depth(line))).trimEnd());
    isSignature &&= !/:\s*(#.*)?$/.test(line);
  }
  return body.join('\n').trimEnd();
}

function depth(line: string): number {
  return line.length - line.trimStart().length;
}
