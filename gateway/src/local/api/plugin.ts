/** The KFP API of the local service as one Fastify plugin, mounted below any prefix. */
import swagger from '@fastify/swagger';
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply
} from 'fastify';

import { permissionDenied } from '../store/service-error.ts';
import { artifactRoutes } from './artifacts.ts';
import { artifactListRoutes } from './artifacts-3.ts';
import {
  errorAnswer,
  NOT_FOUND,
  WRONG_METHOD,
  type ErrorAnswer
} from './errors.ts';
import { experimentRoutes } from './experiments.ts';
import { pipelineRoutes } from './pipelines.ts';
import { uploadRoutes } from './pipeline-upload.ts';
import { logRoutes } from './logs.ts';
import { recurringRunRoutes } from './recurring-runs.ts';
import type { RouteContext } from './route-context.ts';
import { answers } from './route-schema.ts';
import { runRoutes } from './runs.ts';
import { taskRoutes } from './tasks-3.ts';
import { experimentRoutesV1 } from './v1/experiments.ts';
import { jobRoutesV1 } from './v1/jobs.ts';
import { pipelineRoutesV1 } from './v1/pipelines.ts';
import { runRoutesV1 } from './v1/runs.ts';

/** Bytes of a JSON body. */
const MAX_BODY = 32 * 1024 * 1024;

export function createApi(context: RouteContext): FastifyPluginAsync {
  return async app => {
    const known: RegExp[] = [];
    app.addHook('onRoute', route => {
      known.push(pathPattern(route.url));
    });
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Kubeflow Pipelines API of the local service',
          version: context.version
        }
      }
    });
    // Bodies are read by the protojson decoder, whatever their type says; KFP's rules decide what is valid.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: MAX_BODY },
      (_request, body, done) => done(null, body)
    );
    app.setValidatorCompiler(() => () => true);
    app.setErrorHandler(async (error, request, reply) => {
      const answer = errorAnswer(error);
      if (
        answer.body.code === 13 &&
        !(error instanceof Error && error.name === 'ServiceError')
      ) {
        request.log.error({ err: error }, 'request failed');
      }
      return send(reply, fastifyAnswer(error) ?? answer);
    });
    app.setNotFoundHandler(async (request, reply) => {
      const path = request.url.replace(/\?.*$/s, '');
      if (!path.startsWith(`${app.prefix}/apis/`)) {
        return reply.code(404).type('text/plain').send('404 page not found\n');
      }
      return send(
        reply,
        known.some(pattern => pattern.test(path)) ? WRONG_METHOD : NOT_FOUND
      );
    });
    healthRoutes(app, context);
    experimentRoutes(app, context);
    pipelineRoutes(app, context);
    await app.register(async child => uploadRoutes(child, context));
    runRoutes(app, context);
    recurringRunRoutes(app, context);
    experimentRoutesV1(app, context);
    pipelineRoutesV1(app, context);
    runRoutesV1(app, context);
    jobRoutesV1(app, context);
    logRoutes(app, context);
    artifactRoutes(app, context);
    taskRoutes(app, context);
    artifactListRoutes(app, context);
    refusedRoutes(app);
    app.get('/apis/openapi.json', { schema: { hide: true } }, async () =>
      app.swagger()
    );
  };
}

function healthRoutes(app: FastifyInstance, context: RouteContext): void {
  const health = {
    commit_sha: context.commit || 'unknown',
    tag_name: `2.17.0+jupyterlab-kfp.${context.version}`,
    multi_user: false
  };
  // The server answers any verb here.
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/apis/v2beta1/healthz',
    schema: { ...answers('').schema, operationId: undefined },
    handler: async () => ({ ...health, pipeline_store: 'database' })
  });
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/apis/v1beta1/healthz',
    schema: { ...answers('').schema, operationId: undefined },
    handler: async () => health
  });
}

/** Routes of the cluster's own parts: its agent reports workflows, its drivers write tasks and artifacts. */
function refusedRoutes(app: FastifyInstance): void {
  for (const [operationId, path] of [
    ['ReportWorkflow', '/apis/v2beta1/workflows'],
    ['ReportScheduledWorkflow', '/apis/v2beta1/scheduledworkflows']
  ] as const) {
    app.post(path, answers(operationId), async () => {
      throw permissionDenied(
        'The local service takes no reports: it runs pipelines itself'
      );
    });
  }
  for (const [operationId, path] of [
    ['BatchUpdateTasks', '/apis/v2beta1/runs/:run/tasks::batchUpdate'],
    ['FindCachedTask', '/apis/v2beta1/tasks::findCached'],
    ['BatchCreateArtifacts', '/apis/v2beta1/artifacts::batchCreate'],
    ['BatchCreateArtifactTasks', '/apis/v2beta1/artifact_tasks::batchCreate']
  ] as const) {
    app.post(path, answers(operationId), async (_request, reply) =>
      send(reply, WRONG_METHOD)
    );
  }
}

/** Failures of Fastify itself, before a route ran: too large, bad encoding. */
function fastifyAnswer(error: unknown): ErrorAnswer | undefined {
  if (
    !(error instanceof Error) ||
    !('statusCode' in error) ||
    typeof error.statusCode !== 'number' ||
    error.statusCode >= 500
  ) {
    return undefined;
  }
  return {
    status: error.statusCode,
    body: { code: 3, message: error.message }
  };
}

async function send(
  reply: FastifyReply,
  answer: ErrorAnswer
): Promise<unknown> {
  return reply
    .code(answer.status)
    .type('application/json')
    .send(JSON.stringify(answer.body));
}

/** The paths a route takes, whatever the verb. */
function pathPattern(url: string): RegExp {
  const source = url
    .replaceAll('::', '\u0000')
    .replace(/:\w+(?:\(([^)]*)\))?/g, (_, pattern: string | undefined) =>
      pattern === undefined ? '[^/]+' : `(?:${pattern})`
    )
    .replaceAll('\u0000', ':');
  return new RegExp(`^${source}$`);
}
