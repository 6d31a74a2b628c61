/** What the routes of all resources share, in both versions of the API. */
import type { FastifyInstance } from 'fastify';

import type { ListPage } from '../store/list-query.ts';
import { message } from './answer-message.ts';
import { pathText } from './route-context.ts';
import { answers } from './route-schema.ts';

/** A route that does something to the resource in its path, `:id`, and answers an empty message. */
export function actionRoute(
  app: FastifyInstance,
  route: {
    readonly method: 'POST' | 'DELETE';
    readonly path: string;
    readonly operation: string;
    readonly act: (id: string) => void | Promise<void>;
  }
): void {
  app.route({
    method: route.method,
    url: route.path,
    ...answers(route.operation),
    handler: async request => {
      await route.act(pathText(request, 'id'));
      return {};
    }
  });
}

/** The answer of a list: its rows under `name`, how many there are in all, and how to go on. */
export function pageMessage<Row>(
  name: string,
  page: ListPage<Row>,
  toWire: (row: Row) => Record<string, unknown>
): Record<string, unknown> {
  return message({
    [name]: page.rows.map(toWire),
    total_size: page.total,
    next_page_token: page.nextPageToken
  });
}
