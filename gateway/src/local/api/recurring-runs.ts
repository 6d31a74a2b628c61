/** `/apis/v2beta1/recurringruns`. */
import type { FastifyInstance } from 'fastify';
import type { Json } from 'jupyterlab-kfp-model';

import { specOf } from '../runs/pipeline-documents.ts';
import { within } from '../store/list-query.ts';
import type { RecurringRun } from '../store/recurring-runs.ts';
import { internal, invalidInput, wrapping } from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import { listRequest, queryText, wrapListOptions } from './list-request.ts';
import { RECURRING_RUN } from './messages.ts';
import { mapField, message, timestamp } from './answer-message.ts';
import {
  boolField,
  decodeBody,
  numberField,
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
import { actionRoute, pageMessage } from './resource-routes.ts';
import { answers, verb } from './route-schema.ts';
import {
  createRecurringRun,
  deleteRecurringRun,
  setRecurringRunEnabled,
  NAMESPACE
} from './recurring-run-create.ts';
import { readTrigger, triggerToWire } from './recurring-run-trigger.ts';
import { originOf } from './runs.ts';

export function recurringRunRoutes(
  app: FastifyInstance,
  context: RouteContext
): void {
  const base = '/apis/v2beta1/recurringruns';
  const { store } = context;
  app.post(base, answers('CreateRecurringRun', RECURRING_RUN), async request =>
    toWire(store, create(store, decodeBody(bodyText(request), RECURRING_RUN)))
  );
  app.get(base, answers('ListRecurringRuns'), async request => {
    const query = queryOf(request);
    const list = listRequest(query, 'v2');
    const experimentId = queryText(query, 'experiment_id');
    const page = wrapListOptions(
      'Failed to list recurring runs due to error parsing the listing options',
      () =>
        store.recurringRuns.list(
          list.options(),
          within('experiment_id', experimentId || undefined)
        )
    );
    return pageMessage('recurringRuns', page, run => toWire(store, run));
  });
  app.get(`${base}/:id`, answers('GetRecurringRun'), async request =>
    wrapping('Failed to fetch a recurring run', () =>
      toWire(store, store.recurringRuns.get(pathText(request, 'id')))
    )
  );
  app.delete(`${base}/:id`, answers('DeleteRecurringRun'), async request => {
    const id = pathText(request, 'id');
    wrapping('Failed to delete a recurring run', () =>
      deleteRecurringRun(
        context,
        id,
        queryText(queryOf(request), 'propagation_policy') === 'ORPHAN'
      )
    );
    return {};
  });
  for (const [word, enabled] of [
    ['enable', true],
    ['disable', false]
  ] as const) {
    actionRoute(app, {
      method: 'POST',
      path: verb(base, word),
      operation: `${word}RecurringRun`,
      act: id =>
        wrapping(`Failed to ${word} a recurring run`, () =>
          setRecurringRunEnabled(context, id, enabled)
        )
    });
  }
}

function create(store: Store, body: Decoded): RecurringRun {
  const name = stringField(body, 'display_name');
  const maxConcurrency = numberField(body, 'max_concurrency');
  const trigger = wrapping(
    'Failed to create a recurring run due to conversion error',
    () => {
      if (name === '') {
        throw internal(
          'Failed to convert a API recurring run to its internal representation',
          invalidInput("Recurring run's name cannot be empty")
        );
      }
      return readTrigger(objectField(body, 'trigger') ?? {}, maxConcurrency);
    }
  );
  const config = objectField(body, 'runtime_config') ?? {};
  return createRecurringRun(store, {
    name,
    description: stringField(body, 'description'),
    experimentId: stringField(body, 'experiment_id'),
    origin: originOf(body),
    parameters: (objectField(config, 'parameters') ?? {}) as Readonly<
      Record<string, Json>
    >,
    pipelineRoot: stringField(config, 'pipeline_root'),
    serviceAccount: stringField(body, 'service_account'),
    maxConcurrency,
    trigger,
    enabled: stringField(body, 'mode') === 'ENABLE',
    noCatchup: boolField(body, 'no_catchup'),
    api: 'v2'
  });
}

function toWire(store: Store, run: RecurringRun): Record<string, unknown> {
  const parameters = mapField(run.parameters);
  return message({
    recurring_run_id: run.id,
    display_name: run.displayName,
    description: run.description,
    ...(run.document === undefined
      ? {
          pipeline_version_reference: message({
            pipeline_id: run.pipelineId,
            pipeline_version_id: run.pipelineVersionId
          })
        }
      : { pipeline_spec: specOf(store.documents.get(run.document)) }),
    runtime_config:
      parameters === undefined && run.pipelineRoot === ''
        ? undefined
        : message({ parameters, pipeline_root: run.pipelineRoot }),
    service_account: run.serviceAccount,
    max_concurrency: String(run.maxConcurrency),
    trigger: triggerToWire(run.trigger),
    mode: run.enabled ? 'ENABLE' : 'DISABLE',
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(run.updatedAt),
    status: run.enabled ? 'ENABLED' : 'DISABLED',
    no_catchup: run.noCatchup,
    namespace: NAMESPACE,
    experiment_id: run.experimentId
  });
}
