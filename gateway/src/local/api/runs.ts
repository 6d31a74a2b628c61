/** `/apis/v2beta1/runs`. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Json } from 'jupyterlab-kfp-model';

import type { TaskRecord } from '../engine/contract.ts';
import { specOf } from '../runs/pipeline-documents.ts';
import type { PipelineOrigin } from '../runs/resolve-pipeline.ts';
import { within } from '../store/list-query.ts';
import {
  badRequest,
  internal,
  invalidInput,
  notFound,
  ServiceError,
  wrapping,
  wrappingAsync
} from '../store/service-error.ts';
import type { Run } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { listRequest, queryText, wrapListOptions } from './list-request.ts';
import { RUN } from './messages.ts';
import { mapField, message, timestamp } from './answer-message.ts';
import {
  decodeBody,
  objectField,
  stringField,
  type Decoded
} from './protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from './route-context.ts';
import {
  renderList,
  renderObject,
  sendRendered,
  type Rendered
} from './rendered.ts';
import { actionRoute } from './resource-routes.ts';
import { answers, verb } from './route-schema.ts';
import { taskToWire } from './tasks-3.ts';

export function runRoutes(app: FastifyInstance, context: RouteContext): void {
  const base = '/apis/v2beta1/runs';
  const { store, engine, texts, actions, submit } = context;
  app.post(base, answers('CreateRun', RUN), async request => {
    const body = decodeBody(bodyText(request), RUN);
    const name = stringField(body, 'display_name');
    if (name === '') {
      throw internal(
        'Failed to convert a API run detail to its internal representation',
        invalidInput('Run name cannot be empty')
      ).wrap(
        'CreateJob(job.ToV2())Failed to create a run due to conversion error'
      );
    }
    if (objectField(body, 'plugins_output') !== undefined) {
      throw badRequest(
        'plugins_output is server-owned and populated exclusively via plugin lifecycle hooks'
      ).wrap('Failed to create a new run');
    }
    const config = objectField(body, 'runtime_config') ?? {};
    try {
      const run = await submit({
        name,
        origin: originOf(body),
        parameters: (objectField(config, 'parameters') ?? {}) as Readonly<
          Record<string, Json>
        >,
        pipelineRoot: stringField(config, 'pipeline_root'),
        experimentId: stringField(body, 'experiment_id'),
        runId: stringField(body, 'run_id'),
        description: stringField(body, 'description'),
        serviceAccount: stringField(body, 'service_account')
      });
      return runToWire(store, run);
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      // A plain error of the compiler grows downwards, all others to the left.
      throw error.message.startsWith('Internal error: ')
        ? new ServiceError(
            error.code,
            `${error.message}\nFailed to create a new run`,
            `${error.message}\nFailed to create a new run`,
            error.detailCode
          )
        : error.wrap('Failed to create a new run');
    }
  });
  app.get(base, answers('ListRuns'), async (request, reply) => {
    const query = queryOf(request);
    const list = listRequest(query, 'v2');
    const experimentId = queryText(query, 'experiment_id');
    wrapping('Failed to list runs', () => {
      if (
        experimentId !== '' &&
        store.experiments.find(experimentId) === undefined
      ) {
        throw notFound('Experiment', experimentId)
          .wrap(`Failed to fetch namespace from experiment ${experimentId}`)
          .wrap(
            `Failed to list runs due to error fetching namespace for experiment ${experimentId}. Try filtering based on namespace`
          );
      }
    });
    const rows = wrapListOptions('Failed to create list options', () =>
      listWithPrefix(() =>
        store.runs.list(
          list.options(),
          within('experiment_id', experimentId || undefined)
        )
      )
    );
    const isFull = queryText(queryOf(request), 'view') === 'FULL';
    const runs = rows.rows.map(run => {
      const wire = runToWire(store, run, texts.taskDetails(run));
      return renderObject(
        isFull ? withTasks(wire, engine.tasks(run.id)) : wire
      );
    });
    return send(
      reply,
      message({
        runs: runs.length === 0 ? undefined : renderList(runs),
        total_size: rows.total,
        next_page_token: rows.nextPageToken
      })
    );
  });
  app.get(`${base}/:id`, answers('GetRun'), async (request, reply) =>
    wrapping('Failed to get a run', () => {
      const run = store.runs.get(pathText(request, 'id'));
      const wire = runToWire(store, run, texts.taskDetails(run));
      return send(
        reply,
        queryText(queryOf(request), 'view') === 'FULL'
          ? withTasks(wire, engine.tasks(run.id))
          : wire
      );
    })
  );
  actionRoute(app, {
    method: 'DELETE',
    path: `${base}/:id`,
    operation: 'DeleteRun',
    act: id => wrappingAsync('Failed to delete a run', () => actions.delete(id))
  });
  const verbs = {
    archive: ['Failed to archive a run', id => actions.archive(id)],
    unarchive: ['Failed to unarchive a run', id => actions.unarchive(id)],
    terminate: ['Failed to terminate a run', id => actions.terminate(id)],
    retry: ['Failed to retry a run', id => actions.retry(id)]
  } satisfies Record<string, [string, (id: string) => void]>;
  for (const [word, [wrapper, act]] of Object.entries(verbs)) {
    actionRoute(app, {
      method: 'POST',
      path: verb(base, word),
      operation: `${word}Run`,
      act: id => wrapping(wrapper, () => act(id))
    });
  }
}

/** Send an answer with rendered parts. */
function send(
  reply: FastifyReply,
  fields: Readonly<Record<string, unknown>>
): FastifyReply {
  return sendRendered(reply, renderObject(fields));
}

/** A page that cannot be continued fails with the list's own words, twice. */
function listWithPrefix<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ServiceError &&
      error.message.startsWith('Failed to list runs')
      ? error.wrap('Failed to list runs')
      : error;
  }
}

/** The source of a run or recurring run in a request. */
export function originOf(body: Decoded): PipelineOrigin {
  const spec = objectField(body, 'pipeline_spec');
  if (spec !== undefined) {
    return { kind: 'struct', spec };
  }
  const reference = objectField(body, 'pipeline_version_reference') ?? {};
  const pipelineId = stringField(reference, 'pipeline_id');
  const versionId =
    stringField(reference, 'pipeline_version_id') ||
    stringField(body, 'pipeline_version_id');
  return pipelineId === '' && versionId === ''
    ? { kind: 'none' }
    : { kind: 'version', pipelineId, versionId };
}

/** What `view=FULL` adds to a run, as KFP 3.0 has it. */
function withTasks(
  wire: Record<string, unknown>,
  tasks: readonly TaskRecord[]
): Record<string, unknown> {
  return {
    ...wire,
    ...message({
      task_count: tasks.length,
      tasks: tasks.map(task => taskToWire(task, tasks))
    })
  };
}

/** A run as v2beta1 shows it; with task details it has a rendered part. */
export function runToWire(
  store: Store,
  run: Run,
  taskDetail?: Rendered
): Record<string, unknown> {
  const parameters = mapField(run.parameters);
  return message({
    experiment_id: run.experimentId,
    run_id: run.id,
    display_name: run.name,
    storage_state: run.storageState,
    description: run.description,
    ...(run.pipelineId === ''
      ? { pipeline_spec: specOf(store.documents.get(run.document)) }
      : {
          pipeline_version_reference: message({
            pipeline_id: run.pipelineId,
            pipeline_version_id: run.pipelineVersionId
          })
        }),
    runtime_config:
      parameters === undefined && run.pipelineRoot === ''
        ? undefined
        : message({ parameters, pipeline_root: run.pipelineRoot }),
    service_account: run.serviceAccount,
    created_at: timestamp(run.createdAt),
    scheduled_at: timestamp(run.scheduledAt),
    finished_at: timestamp(run.finishedAt),
    state: run.state,
    error: run.error,
    run_details:
      taskDetail === undefined
        ? undefined
        : renderObject({ task_details: taskDetail }),
    recurring_run_id: run.recurringRunId,
    state_history: run.stateHistory.map(change => ({
      update_time: timestamp(change.at),
      state: change.state,
      ...(change.error === undefined ? {} : { error: change.error })
    }))
  });
}
