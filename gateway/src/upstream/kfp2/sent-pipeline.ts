/** A pipeline as it stands in a request to a KFP 2 service, and in its answers. */
import { parsePipelineText } from 'jupyterlab-kfp-model';

import { ProblemError } from '../../problem.ts';
import type { Fields } from './wire-fields.ts';

/**
 * The `pipeline_spec` of a request.
 *
 * @param source - The compiled text.
 * @param cache - Set on every task when given.
 * @throws ProblemError `bad-pipeline`: the text is not KFP 2 IR.
 */
export function sentPipeline(
  source: string,
  cache: boolean | undefined
): unknown {
  const parsed = parsePipelineText(source);
  if (parsed.format !== 'ir') {
    throw new ProblemError(
      'bad-pipeline',
      parsed.format === 'argo'
        ? 'This is an Argo workflow (KFP v1); it cannot be sent as a KFP 2 pipeline.'
        : `This is not a compiled pipeline: ${parsed.errors[0]?.message ?? 'it is empty'}.`
    );
  }
  const { pipeline: spec, platform } = parsed.document.json;
  const sent =
    cache === undefined ? spec : (overrideCache(spec, cache) as typeof spec);
  return platform === undefined
    ? sent
    : { pipeline_spec: sent, platform_spec: platform };
}

/** The documents in the `pipeline_spec` of an answer: the pipeline and, where it has one, the platform's part. */
export function documentsOf(spec: Fields): readonly unknown[] {
  return spec['pipeline_spec'] === undefined
    ? [spec]
    : [spec['pipeline_spec'], spec['platform_spec']].filter(
        document => document !== undefined
      );
}

/** Set caching on every task, nested ones too. */
function overrideCache(value: unknown, enable: boolean): unknown {
  if (Array.isArray(value)) {
    return value.map(item => overrideCache(item, enable));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'cachingOptions' && typeof item === 'object'
        ? { ...item, enableCache: enable }
        : overrideCache(item, enable)
    ])
  );
}
