/** Outputs for notebooks, and compiled pipelines described. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  buildPipelineBundle,
  buildRunBundle,
  parsePipelineText,
  type DescribeAnswer
} from 'jupyterlab-kfp-model';
import { Type } from 'typebox';

import { ProblemError } from '../problem.ts';
import * as schemas from './schemas.ts';
import type { Workbench } from './workbench.ts';

/** Bytes of a compiled pipeline, as KFP limits uploads. */
const MAX_PIPELINE = 32 * 1024 * 1024;

export const bundleRoutes =
  (workbench: Workbench): FastifyPluginAsyncTypebox =>
  async app => {
    app.post(
      '/bundles/runs',
      { schema: { body: schemas.Bundles } },
      async request => {
        const entries = await Promise.all(
          request.body.runs.map(async ({ connection, run_id, cell }) => ({
            view: await workbench.source(connection).getRun(run_id, 'tasks'),
            ...(cell === undefined ? {} : { cell })
          }))
        );
        return buildRunBundle({ entries, now: workbench.now() });
      }
    );

    app.post(
      '/pipelines',
      { schema: { body: schemas.Describe }, bodyLimit: MAX_PIPELINE },
      async (request): Promise<DescribeAnswer> => {
        const { text, sdk, cell, lint } = request.body;
        const parsed = parsePipelineText(text);
        if (parsed.format === 'invalid') {
          const [first] = parsed.errors;
          throw new ProblemError(
            'bad-pipeline',
            `This is not a compiled pipeline: ${first?.message ?? 'it is empty'}.`,
            first?.detail === undefined ? {} : { detail: first.detail }
          );
        }
        const digest = workbench.texts.put(text);
        const { payload, bundle } = buildPipelineBundle({
          pipeline: parsed,
          digest,
          size: Buffer.byteLength(text),
          ...(sdk === undefined ? {} : { sdk }),
          ...(cell === undefined ? {} : { cell }),
          ...(lint === undefined ? {} : { lint })
        });
        return { digest, payload, bundle };
      }
    );

    app.get(
      '/pipelines/:digest',
      {
        schema: {
          params: Type.Object({ digest: Type.String({ maxLength: 80 }) })
        }
      },
      async request => {
        const text = workbench.texts.get(request.params.digest);
        if (text === undefined) {
          throw new ProblemError(
            'not-found',
            'This pipeline is not kept any more.',
            { fix: 'Run the cell again.' }
          );
        }
        return { text };
      }
    );
  };
