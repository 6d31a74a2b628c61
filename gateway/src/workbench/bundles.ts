/** Outputs for notebooks, and compiled pipelines described. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  buildPipelineBundle,
  buildRunBundle,
  checkPipeline,
  componentCode,
  parsePipelineText,
  sortFindings,
  type DescribeAnswer,
  type Machine,
  type PipelineDocument
} from 'jupyterlab-kfp-model';
import { Type } from 'typebox';

import { ProblemError } from '../problem.ts';
import { readCompiled } from './compiled-text.ts';
import * as schemas from './schemas.ts';
import type { Workbench } from './workbench.ts';

/** Bytes of a compiled pipeline, as KFP limits uploads. */
const MAX_PIPELINE = 32 * 1024 * 1024;

/** Routes of both. `machine` says what tasks of the local service find here. */
export const bundleRoutes =
  (
    workbench: Workbench,
    machine: () => Promise<Machine>
  ): FastifyPluginAsyncTypebox =>
  async app => {
    app.post(
      '/bundles/runs',
      { schema: { body: schemas.Bundles } },
      async request => {
        const entries = await Promise.all(
          request.body.runs.map(
            async ({ connection, run_id, cell, handle }) => ({
              view: await workbench.source(connection).getRun(run_id, 'tasks'),
              ...(cell === undefined ? {} : { cell }),
              ...handle
            })
          )
        );
        return buildRunBundle({ entries, now: workbench.now() });
      }
    );

    app.post(
      '/pipelines',
      { schema: { body: schemas.Describe }, bodyLimit: MAX_PIPELINE },
      async (request): Promise<DescribeAnswer> => {
        const { text, sdk, cell, lint, check, order } = request.body;
        const parsed = readCompiled(text);
        const digest = workbench.texts.put(text);
        const size = Buffer.byteLength(text);
        const findings =
          check === undefined
            ? undefined
            : parsed.format === 'ir'
              ? checkPipeline(parsed.document, size, {
                  ...check,
                  ...(check.target === 'local'
                    ? { machine: await machine() }
                    : {})
                })
              : [];
        const all = sortFindings([...(lint ?? []), ...(findings ?? [])]);
        const { payload, bundle } = buildPipelineBundle({
          pipeline: parsed,
          digest,
          size,
          ...(sdk === undefined ? {} : { sdk }),
          ...(order === undefined ? {} : { order }),
          ...(cell === undefined ? {} : { cell }),
          ...(all.length === 0 ? {} : { lint: all })
        });
        return {
          digest,
          payload,
          bundle,
          ...(findings === undefined ? {} : { findings })
        };
      }
    );

    const kept = {
      params: Type.Object({ digest: Type.String({ maxLength: 80 }) })
    };
    const documentOf = (digest: string): PipelineDocument => {
      const parsed = parsePipelineText(workbench.texts.need(digest));
      if (parsed.format !== 'ir') {
        throw new ProblemError(
          'bad-pipeline',
          'An Argo workflow (KFP v1) has no pipeline spec.'
        );
      }
      return parsed.document;
    };

    app.get('/pipelines/:digest', { schema: kept }, async request => ({
      text: workbench.texts.need(request.params.digest)
    }));

    app.get('/pipelines/:digest/code', { schema: kept }, async request => ({
      components: componentCode(documentOf(request.params.digest))
    }));

    // As requests to the KFP API carry it: recurring runs are made there by whoever asks.
    app.get('/pipelines/:digest/spec', { schema: kept }, async request => {
      const { pipeline, platform } = documentOf(request.params.digest).json;
      return platform === undefined
        ? pipeline
        : { pipeline_spec: pipeline, platform_spec: platform };
    });
  };
