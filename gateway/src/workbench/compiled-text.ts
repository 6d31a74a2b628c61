/** Compiled pipelines as callers of the workbench API send them. */
import { parsePipelineText } from 'jupyterlab-kfp-model';

import { ProblemError } from '../problem.ts';

/** A compiled text that was understood. */
export type CompiledPipeline = Exclude<
  ReturnType<typeof parsePipelineText>,
  { readonly format: 'invalid' }
>;

/** Read a compiled text. Throws `bad-pipeline` with the first cause when it is none. */
export function readCompiled(text: string): CompiledPipeline {
  const parsed = parsePipelineText(text);
  if (parsed.format !== 'invalid') {
    return parsed;
  }
  const [first] = parsed.errors;
  throw new ProblemError(
    'bad-pipeline',
    `This is not a compiled pipeline: ${first?.message ?? 'it is empty'}.`,
    first?.detail === undefined ? {} : { detail: first.detail }
  );
}
