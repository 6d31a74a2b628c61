/** Runs of a connection: list, submit, look, act, logs, artifacts. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { buildRunBundle, isFinalRunState } from 'jupyterlab-kfp-model';
import { Type } from 'typebox';

import type {
  LogTimes,
  RunAction,
  RunHeader,
  SubmitAnswer,
  SubmitRequest
} from 'jupyterlab-kfp-model';

import { ProblemError } from '../problem.ts';
import type { RunSource } from '../upstream/source.ts';
import { Once } from './once.ts';
import { artifactFileName, fileName } from './file-names.ts';
import type { Workbench } from './workbench.ts';
import * as schemas from './schemas.ts';

/** Default and largest part of a log in one answer, bytes. */
const LOG_PART = 64 * 1024;

export const runRoutes =
  (workbench: Workbench): FastifyPluginAsyncTypebox =>
  async app => {
    const submitted = new Once<RunHeader>();
    const acted = new Once<RunHeader>();
    app.get(
      '/connections/:connection/runs',
      {
        schema: {
          params: schemas.ConnectionPath,
          querystring: schemas.ListQuery
        }
      },
      request =>
        workbench.source(request.params.connection).listRuns(request.query)
    );

    app.post(
      '/connections/:connection/runs',
      { schema: { params: schemas.ConnectionPath, body: schemas.Submit } },
      async (request): Promise<SubmitAnswer> => {
        const source = workbench.source(request.params.connection);
        const submit = request.body as SubmitRequest;
        const run = await submitted.do(
          keyOf(request.params, submit.idempotency_key),
          () =>
            source.submit({
              ...submit,
              name: submit.name ?? workbench.runName(submit)
            })
        );
        const view = await source.getRun(run.run_id, 'tasks');
        return {
          run: view.run,
          bundle: buildRunBundle({
            entries: [
              {
                view,
                ...(submit.cell === undefined ? {} : { cell: submit.cell }),
                ...(submit.sdk === undefined ? {} : { sdk: submit.sdk })
              }
            ],
            now: workbench.now()
          })
        };
      }
    );

    app.get(
      '/connections/:connection/runs/:run/view',
      {
        schema: {
          params: schemas.RunPath,
          querystring: Type.Object({
            detail: Type.Optional(
              Type.Union([Type.Literal('header'), Type.Literal('tasks')])
            ),
            since: Type.Optional(Type.String({ maxLength: 128 }))
          })
        }
      },
      async request => {
        const { params, query } = request;
        const view = await workbench
          .source(params.connection)
          .getRun(params.run, query.detail ?? 'tasks');
        // A page without a socket asks every few seconds; most of the time nothing has changed.
        const epoch = `http-${createHash('sha256').update(JSON.stringify(view)).digest('base64url')}`;
        return { epoch, seq: 1, ...(query.since === epoch ? {} : { view }) };
      }
    );

    app.post(
      '/connections/:connection/runs/:run/actions',
      { schema: { params: schemas.RunPath, body: schemas.Action } },
      request => {
        const source = workbench.source(request.params.connection);
        const { run } = request.params;
        const { action, idempotency_key } = request.body;
        return acted.do(keyOf(request.params, idempotency_key), async () => {
          const before = await source.getRun(run, 'header');
          await act(source, run, action);
          return action === 'delete'
            ? before.run
            : (await source.getRun(run, 'header')).run;
        });
      }
    );

    app.delete(
      '/connections/:connection/runs/:run',
      { schema: { params: schemas.RunPath } },
      async request => {
        await workbench
          .source(request.params.connection)
          .act(request.params.run, 'delete');
        return {};
      }
    );

    app.get(
      '/connections/:connection/runs/:run/source',
      { schema: { params: schemas.RunPath } },
      async request => {
        const text = await workbench
          .source(request.params.connection)
          .pipelineText(request.params.run);
        return { text, digest: workbench.texts.put(text) };
      }
    );

    app.get(
      '/connections/:connection/runs/:run/tasks/:task/log',
      { schema: { params: schemas.TaskPath, querystring: schemas.LogQuery } },
      request =>
        workbench.source(request.params.connection).log({
          runId: request.params.run,
          taskId: request.params.task,
          attempt: request.query.attempt ?? -1,
          stream: request.query.stream ?? 'main',
          from: request.query.from ?? 0,
          limit: request.query.limit ?? LOG_PART
        })
    );

    app.get(
      '/connections/:connection/runs/:run/tasks/:task/log/times',
      { schema: { params: schemas.TaskPath, querystring: schemas.LogQuery } },
      async (request): Promise<LogTimes> => {
        const source = workbench.source(request.params.connection);
        return {
          times:
            (await source.logTimes?.({
              runId: request.params.run,
              taskId: request.params.task,
              attempt: request.query.attempt ?? -1
            })) ?? []
        };
      }
    );

    app.get(
      '/connections/:connection/runs/:run/tasks/:task/log/download',
      { schema: { params: schemas.TaskPath, querystring: schemas.LogQuery } },
      (request, reply) =>
        reply
          .header('content-type', 'text/plain; charset=utf-8')
          .header('content-disposition', 'attachment; filename="task.log"')
          .header('x-content-type-options', 'nosniff')
          .send(
            workbench.wholeLog(request.params.connection, {
              runId: request.params.run,
              taskId: request.params.task,
              attempt: request.query.attempt ?? -1,
              stream: request.query.stream ?? 'main'
            })
          )
    );

    app.get(
      '/connections/:connection/runs/:run/tasks/:task/:side/:name',
      { schema: { params: schemas.ValuePath } },
      async (request, reply) => {
        const { connection, run, task, side, name } = request.params;
        const source = workbench.source(connection);
        if (source.value === undefined) {
          throw new ProblemError(
            'unsupported',
            `"${connection}" hands out no values.`
          );
        }
        const json = await source.value({
          runId: run,
          taskId: task,
          side,
          name
        });
        return reply
          .header('content-type', 'application/json; charset=utf-8')
          .header(
            'content-disposition',
            `attachment; filename="${fileName(name)}.json"`
          )
          .header('x-content-type-options', 'nosniff')
          .send(json);
      }
    );

    app.get(
      '/connections/:connection/runs/:run/artifacts/:artifact',
      {
        schema: {
          params: Type.Object({
            connection: Type.String({ maxLength: 64 }),
            run: Type.String({ maxLength: 64 }),
            artifact: Type.String({ maxLength: 128 })
          }),
          querystring: Type.Object({
            info: Type.Optional(Type.String({ maxLength: 8 })),
            // Bytes; the page asks for what it can show, so that a file of gigabytes is never loaded.
            limit: Type.Optional(Type.Integer({ minimum: 1 }))
          })
        }
      },
      async (request, reply) => {
        const { connection, run, artifact } = request.params;
        const { info, body } = await workbench
          .source(connection)
          .artifact(run, artifact);
        if (request.query.info !== undefined) {
          body.destroy();
          return info;
        }
        // Content of others: never rendered by the browser as a page of ours.
        return reply
          .header(
            'content-type',
            info.media_type.startsWith('image/')
              ? info.media_type
              : 'application/octet-stream'
          )
          .header('x-artifact-type', info.media_type)
          .header(
            'content-disposition',
            `attachment; filename="${artifactFileName(info)}"`
          )
          .header('x-content-type-options', 'nosniff')
          .header('content-security-policy', "sandbox; default-src 'none'")
          .send(
            request.query.limit === undefined
              ? body
              : Readable.from(firstBytes(body, request.query.limit))
          );
      }
    );
  };

/** The key of a request among all of them; undefined where the request has none. */
function keyOf(
  path: { readonly connection: string; readonly run?: string },
  key: string | undefined
): string | undefined {
  return key === undefined
    ? undefined
    : [path.connection, path.run ?? '', key].join('/');
}

/** Act on a run. Services say "Row not found" of a run that ended before it could be stopped: it is told in a sentence. */
async function act(
  source: RunSource,
  run: string,
  action: RunAction
): Promise<void> {
  try {
    await source.act(run, action);
  } catch (error) {
    const now =
      action === 'terminate'
        ? await source.getRun(run, 'header').catch(() => undefined)
        : undefined;
    throw now !== undefined && isFinalRunState(now.run.state)
      ? new ProblemError(
          'conflict',
          'This run has ended: there is nothing to stop.'
        )
      : error;
  }
}

/** The first bytes of a body, which is not read beyond them. */
async function* firstBytes(
  body: Readable,
  limit: number
): AsyncGenerator<Buffer> {
  let left = limit;
  // Leaving the loop ends the body.
  for await (const piece of body as AsyncIterable<Buffer>) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) {
      return;
    }
  }
}
