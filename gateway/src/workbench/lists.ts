/** Connections, pipelines, experiments, recurring runs. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';

import { unknownConnection } from '../problem.ts';
import type { Page } from '../upstream/source.ts';
import * as schemas from './schemas.ts';
import type { Workbench } from './workbench.ts';

export const listRoutes =
  (workbench: Workbench): FastifyPluginAsyncTypebox =>
  async app => {
    app.get('/status', () => workbench.status());

    app.get('/connections', () => ({
      connections: workbench.registry.list()
    }));

    app.post('/connections/search', async () => {
      await workbench.search();
      return { connections: workbench.registry.list() };
    });

    app.get(
      '/connections/:connection',
      { schema: { params: schemas.ConnectionPath } },
      async request => {
        const info = workbench.registry.info(request.params.connection);
        if (info === undefined) {
          throw unknownConnection(request.params.connection);
        }
        return info;
      }
    );

    const list = {
      params: schemas.ConnectionPath,
      querystring: schemas.ListQuery
    };

    app.get(
      '/connections/:connection/pipelines',
      { schema: list },
      async request =>
        named(
          'pipelines',
          await workbench
            .source(request.params.connection)
            .listPipelines(request.query)
        )
    );

    app.get(
      '/connections/:connection/pipelines/:pipeline/versions',
      {
        schema: {
          params: Type.Object({
            connection: Type.String({ maxLength: 64 }),
            pipeline: Type.String({ maxLength: 64 })
          }),
          querystring: schemas.ListQuery
        }
      },
      async request =>
        named(
          'versions',
          await workbench
            .source(request.params.connection)
            .listVersions(request.params.pipeline, request.query)
        )
    );

    app.get(
      '/connections/:connection/experiments',
      { schema: list },
      async request =>
        named(
          'experiments',
          await workbench
            .source(request.params.connection)
            .listExperiments(request.query)
        )
    );

    app.get(
      '/connections/:connection/recurringruns',
      { schema: list },
      async request =>
        named(
          'recurring_runs',
          await workbench
            .source(request.params.connection)
            .listRecurringRuns(request.query)
        )
    );

    app.get(
      '/connections/:connection/volumes',
      { schema: { params: schemas.ConnectionPath } },
      async request => ({
        volumes:
          (await workbench
            .source(request.params.connection)
            .volumeFolders?.()) ?? []
      })
    );
  };

function named<T>(name: string, page: Page<T>): Record<string, unknown> {
  const { items, ...rest } = page;
  return { [name]: items, ...rest };
}
