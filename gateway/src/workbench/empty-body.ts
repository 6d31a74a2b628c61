/** JupyterLab names JSON as the type of every request, also of a DELETE that has no body. */
import type { FastifyInstance } from 'fastify';

/** Take a request without a body for what it is, whatever type it names. */
export function allowEmptyBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request, body: string, done) => {
      if (body === '') {
        done(null, undefined);
      } else {
        void parse(request, body, done);
      }
    }
  );
}
