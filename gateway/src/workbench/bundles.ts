/** Outputs for notebooks, and compiled pipelines described. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { buildRunBundle } from 'jupyterlab-kfp-model';
import { Type } from 'typebox';

import { ProblemError } from '../problem.ts';
import * as schemas from './schemas.ts';
import type { Workbench } from './workbench.ts';

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
