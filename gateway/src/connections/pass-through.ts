/** The KFP API of a cluster below `/c/<connection>/`: credentials are added, bytes stay untouched. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import type { FastifyPluginAsync } from 'fastify';

import { unknownConnection } from '../problem.ts';
import type { ConnectionRegistry } from './registry.ts';
import { sendUpstream, withoutSecrets } from './upstream-request.ts';

/** Headers that belong to one hop, or to us. */
const DROPPED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'cookie',
  'authorization',
  'content-length',
  'proxy-authorization',
  'te',
  'trailer'
]);
/** Dropped from answers: `fetch` has decoded them already. */
const DROPPED_ANSWER = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
  'set-cookie'
]);

export const passThrough =
  (registry: ConnectionRegistry): FastifyPluginAsync =>
  async app => {
    // Bodies go through as they are.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => {
      done(null, payload);
    });
    app.all<{ Params: { connection: string; '*': string } }>(
      '/:connection/*',
      async (request, reply) => {
        const connection = registry.get(request.params.connection);
        if (connection?.candidate === undefined) {
          throw unknownConnection(request.params.connection);
        }
        const { candidate } = connection;
        const query = request.url.includes('?')
          ? request.url.slice(request.url.indexOf('?'))
          : '';
        const headers = new Headers();
        for (const [name, value] of Object.entries(request.headers)) {
          if (!DROPPED.has(name) && typeof value === 'string') {
            headers.set(name, value);
          }
        }
        const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
        const answer = await sendUpstream(
          candidate,
          `${request.params['*']}${query}`,
          {
            method: request.method,
            headers,
            ...(hasBody && request.body instanceof Readable
              ? {
                  body: Readable.toWeb(
                    request.body
                  ) as ReadableStream<Uint8Array>,
                  duplex: 'half' as const
                }
              : {})
          }
        );
        reply.code(answer.status);
        answer.headers.forEach((value, name) => {
          if (!DROPPED_ANSWER.has(name)) {
            reply.header(name, value);
          }
        });
        if (answer.status >= 400) {
          // Some proxies print the request in their errors.
          return reply.send(withoutSecrets(candidate, await answer.text()));
        }
        return reply.send(
          answer.body === null
            ? ''
            : Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
        );
      }
    );
  };
