/** `/apis/v1alpha1/runs/{run}/nodes/{node}/log`: text; here it follows, and an unknown node is 404 (deviation D3). */
import { Readable } from 'node:stream';

import type { FastifyInstance } from 'fastify';

import { PlainRouteError } from './errors.ts';
import { queryText } from './list-request.ts';
import { pathText, queryOf, type RouteContext } from './route-context.ts';

export function logRoutes(
  app: FastifyInstance,
  { logs, store }: RouteContext
): void {
  app.get(
    '/apis/v1alpha1/runs/:run/nodes/:node/log',
    {
      schema: {
        operationId: 'ReadRunLog',
        querystring: {
          type: 'object',
          properties: { follow: { type: 'boolean' } }
        }
      }
    },
    async (request, reply) => {
      const runId = pathText(request, 'run');
      const node = pathText(request, 'node');
      const found =
        store.runs.find(runId) === undefined
          ? undefined
          : logs.find(runId, node);
      if (found === undefined) {
        return new PlainRouteError(
          404,
          `Run ${runId} has no task or attempt ${node}`,
          'application/json'
        ).send(reply);
      }
      const follow = queryText(queryOf(request), 'follow') === 'true';
      const stop = new AbortController();
      reply.raw.on('close', () => stop.abort());
      return reply
        .type('text/plain; charset=utf-8')
        .send(Readable.from(logs.stream(found, follow, stop.signal)));
    }
  );
}
