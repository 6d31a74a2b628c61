/** A request of the workbench as the local service takes it. */
import { randomUUID } from 'node:crypto';

import type { Json, SubmitRequest } from 'jupyterlab-kfp-model';

import type { PipelineOrigin } from '../runs/resolve-pipeline.ts';
import type { RunRequest } from '../runs/submit-run.ts';

/** Reads pipelines that were described earlier, by their digest; throws `not-found` for one that is gone. */
export type TextOfDigest = (digest: string) => string;

/** A request in the service's words, without its experiment. */
export function runRequest(
  request: SubmitRequest,
  texts: TextOfDigest
): RunRequest {
  return {
    name: request.name ?? `run ${randomUUID().slice(0, 8)}`,
    origin: originOf(request, texts),
    parameters: (request.parameters ?? {}) as Readonly<Record<string, Json>>,
    options: {
      ...(request.cache === undefined ? {} : { cache: request.cache }),
      ...(request.interpreter === undefined
        ? {}
        : { interpreter: request.interpreter }),
      ...(request.force === undefined ? {} : { force: request.force }),
      ...(request.sdk === undefined ? {} : { sdk: request.sdk }),
      ...(request.cell === undefined
        ? {}
        : {
            cell: JSON.parse(JSON.stringify(request.cell)) as {
              readonly [key: string]: Json;
            }
          })
    }
  };
}

function originOf(request: SubmitRequest, texts: TextOfDigest): PipelineOrigin {
  const { pipeline } = request;
  if ('text' in pipeline) {
    return { kind: 'text', text: pipeline.text };
  }
  if ('digest' in pipeline) {
    return { kind: 'text', text: texts(pipeline.digest) };
  }
  return {
    kind: 'version',
    pipelineId: pipeline.pipeline_id,
    versionId: pipeline.version_id ?? ''
  };
}
