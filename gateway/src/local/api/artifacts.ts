/** `/apis/v2beta1/runs/{run}/nodes/{node}/artifacts/{name}:read`: any output artifact here (deviation D4), and logs. */
import { buffer } from 'node:stream/consumers';

import type { FastifyInstance } from 'fastify';

import { ArtifactMissing } from '../runs/artifact-files.ts';
import { PlainRouteError } from './errors.ts';
import { pathText, type RouteContext } from './route-context.ts';
import { answers } from './route-schema.ts';

/** Names under which a cluster keeps the log. */
const LOG_NAMES = ['main-logs', 'executor-logs'];
/** Bytes: the answer is one JSON text. */
const MAX_READ = 64 * 1024 * 1024;

export function artifactRoutes(
  app: FastifyInstance,
  { artifacts, logs, store }: RouteContext
): void {
  app.get(
    '/apis/v2beta1/runs/:run/nodes/:node/artifacts/:name([^:/]+)::read',
    answers('ReadArtifact'),
    async (request, reply) => {
      const runId = pathText(request, 'run');
      const node = pathText(request, 'node');
      const name = pathText(request, 'name');
      if (store.runs.find(runId) !== undefined) {
        const attempt = LOG_NAMES.includes(name)
          ? logs.find(runId, node)
          : undefined;
        if (attempt !== undefined) {
          const parts: Buffer[] = [];
          for await (const part of logs.stream(attempt, false)) {
            parts.push(part);
          }
          return { data: Buffer.concat(parts).toString('base64') };
        }
        const artifact = artifacts.findOutput(runId, node, name);
        if (artifact !== undefined) {
          try {
            const { info, body } = await artifacts.open(artifact);
            if ((info.size ?? 0) > MAX_READ) {
              body.destroy();
              return await new PlainRouteError(
                413,
                `The artifact ${name} is larger than 64 MiB`,
                'application/json'
              ).send(reply);
            }
            return { data: (await buffer(body)).toString('base64') };
          } catch (error) {
            if (error instanceof ArtifactMissing) {
              return new PlainRouteError(404, error.message, 'text/plain').send(
                reply
              );
            }
            throw error;
          }
        }
      }
      return new PlainRouteError(
        404,
        'artifact not found: <nil>',
        'text/plain'
      ).send(reply);
    }
  );
}
