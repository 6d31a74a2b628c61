/** `pipeline_spec` of v1beta1 runs and jobs, in both directions. */
import type { Json } from 'jupyterlab-kfp-model';

import type { PipelineOrigin } from '../../runs/resolve-pipeline.ts';
import { invalidInput } from '../../store/service-error.ts';
import type { Store } from '../../store/store.ts';
import { mapField, message } from '../answer-message.ts';
import {
  listField,
  objectField,
  stringField,
  type Decoded
} from '../protojson.ts';
import { manifestField, parameterText } from './manifests.ts';
import { referredId } from './references.ts';

/** What a request says about its pipeline. */
export interface SpecRequest {
  readonly origin: PipelineOrigin;
  readonly parameters: Readonly<Record<string, Json>>;
  /** The parameters came as text: their types are the pipeline's to say. */
  readonly asText: boolean;
  readonly pipelineRoot: string;
}

/** Bytes of parameters that v1beta1 takes (`MAX_PARAMETER_BYTES`). */
const MOST_BYTES = 10_000;

/** Read a request. Throws `ServiceError` when its parameters are too long. */
export function readSpec(body: Decoded): SpecRequest {
  const spec = objectField(body, 'pipeline_spec') ?? {};
  const listed = listField(spec, 'parameters');
  const config = objectField(spec, 'runtime_config') ?? {};
  for (const given of [listed, objectField(config, 'parameters') ?? {}]) {
    if (Buffer.byteLength(JSON.stringify(given)) > MOST_BYTES) {
      throw invalidInput(
        `The input parameter length exceed maximum size of ${MOST_BYTES}`
      );
    }
  }
  const text =
    stringField(spec, 'workflow_manifest') ||
    stringField(spec, 'pipeline_manifest');
  const pipelineId =
    stringField(spec, 'pipeline_id') || referredId(body, 'PIPELINE');
  const versionId = referredId(body, 'PIPELINE_VERSION');
  return {
    // A pipeline that is named wins over a text that came along (`fetchTemplateFromPipelineSpec`).
    origin:
      pipelineId !== '' || versionId !== ''
        ? { kind: 'version', pipelineId, versionId }
        : text === ''
          ? { kind: 'none' }
          : { kind: 'text', text },
    parameters:
      listed.length > 0
        ? Object.fromEntries(
            listed.map(item => [
              stringField(item, 'name'),
              stringField(item, 'value')
            ])
          )
        : ((objectField(config, 'parameters') ?? {}) as Readonly<
            Record<string, Json>
          >),
    asText: listed.length > 0,
    pipelineRoot: stringField(config, 'pipeline_root')
  };
}

/** `pipeline_spec` of an answer; without a document only the pipeline is named. */
export function specToV1(
  store: Store,
  stored: {
    readonly pipelineId: string;
    readonly pipelineVersionId: string;
    readonly document?: string;
    readonly api: 'v1' | 'v2';
    readonly parameters: Readonly<Record<string, Json>>;
    readonly pipelineRoot: string;
  }
): Record<string, unknown> {
  const version =
    stored.document === undefined
      ? undefined
      : store.versions.find(stored.pipelineVersionId);
  const parameters = mapField(stored.parameters);
  return message({
    pipeline_id: stored.pipelineId,
    pipeline_name: version?.name ?? '',
    ...(stored.document === undefined
      ? {}
      : manifestField(store.documents.get(stored.document))),
    ...(stored.api === 'v1'
      ? {
          parameters: Object.entries(stored.parameters).map(([name, value]) =>
            message({ name, value: parameterText(value) })
          )
        }
      : {
          runtime_config:
            parameters === undefined && stored.pipelineRoot === ''
              ? undefined
              : message({ parameters, pipeline_root: stored.pipelineRoot })
        })
  });
}
