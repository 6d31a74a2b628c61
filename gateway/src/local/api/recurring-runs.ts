/** `/apis/v2beta1/recurringruns`. */
import { randomBytes, randomUUID } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import type { Json } from 'jupyterlab-kfp-model';

import { checkRunParameters } from '../runs/pipeline-checks.ts';
import { specOf } from '../runs/pipeline-documents.ts';
import { resolvePipeline } from '../runs/submit-run.ts';
import { CronError, parseCron } from '../schedules/cron.ts';
import { resourceName } from '../schedules/scheduler.ts';
import type { RecurringRun, Trigger } from '../store/recurring-runs.ts';
import { isActive } from '../store/runs.ts';
import {
  internal,
  invalidInput,
  notFound,
  wrapping
} from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import { listRequest, queryText, wrapListOptions } from './list-request.ts';
import { RECURRING_RUN } from './messages.ts';
import {
  boolField,
  decodeBody,
  mapField,
  message,
  numberField,
  objectField,
  stringField,
  timestamp,
  type Decoded
} from './protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from './route-context.ts';
import { answers, verb } from './route-schema.ts';
import { originOf } from './runs.ts';

/** What the server answers in single-user mode. */
const NAMESPACE = 'kubeflow';

export function recurringRunRoutes(
  app: FastifyInstance,
  context: RouteContext
): void {
  const base = '/apis/v2beta1/recurringruns';
  const { store, actions } = context;
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
          experimentId === '' ? undefined : experimentId
        )
    );
    return message({
      recurringRuns: page.rows.map(run => toWire(store, run)),
      total_size: page.total,
      next_page_token: page.nextPageToken
    });
  });
  app.get(`${base}/:id`, answers('GetRecurringRun'), async request =>
    wrapping('Failed to fetch a recurring run', () =>
      toWire(store, store.recurringRuns.get(pathText(request, 'id')))
    )
  );
  app.delete(`${base}/:id`, answers('DeleteRecurringRun'), async request => {
    const id = pathText(request, 'id');
    wrapping('Failed to delete a recurring run', () =>
      wrapping(`Failed to delete recurring run ${id}. Check if exists`, () =>
        store.recurringRuns.delete(id)
      )
    );
    if (queryText(queryOf(request), 'propagation_policy') !== 'ORPHAN') {
      for (const run of store.runs.active()) {
        if (
          run.recurringRunId === id &&
          isActive(run.state) &&
          run.state !== 'CANCELING'
        ) {
          actions.terminate(run.id);
        }
      }
    }
    return {};
  });
  for (const [word, enabled] of [
    ['enable', true],
    ['disable', false]
  ] as const) {
    app.post(
      verb(base, word),
      answers(`${word}RecurringRun`),
      async request => {
        const id = pathText(request, 'id');
        wrapping(`Failed to ${word} a recurring run`, () =>
          wrapping(
            `Failed to change recurring run's mode to enable:${String(enabled)}. Check if recurring run ${id} exists`,
            () => store.recurringRuns.setEnabled(id, enabled)
          )
        );
        return {};
      }
    );
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
      if (maxConcurrency < 1 || maxConcurrency > 10) {
        throw invalidInput(
          `Max concurrency of a recurring run must be at least 1 and at most 10. Received ${maxConcurrency}`
        );
      }
      return triggerOf(objectField(body, 'trigger') ?? {});
    }
  );
  return wrapping('Failed to create a recurring run', () => {
    const given = stringField(body, 'experiment_id');
    const experiment =
      given === ''
        ? store.experiments.ensureDefault()
        : store.experiments.find(given);
    if (experiment === undefined) {
      throw notFound('Experiment', given).wrap(
        `Failed to fetch namespace from experiment ${given}`
      );
    }
    const origin = originOf(body);
    const config = objectField(body, 'runtime_config') ?? {};
    const parameters = (objectField(config, 'parameters') ?? {}) as Readonly<
      Record<string, Json>
    >;
    const resolved = resolvePipeline(store, origin, 'recurring run');
    const latest = origin.kind === 'version' && origin.versionId === '';
    const { document } = resolved.pipeline;
    if (document !== undefined) {
      wrapping(
        latest
          ? 'Failed to validate the input parameters on the latest pipeline version'
          : 'Failed to generate the ExecutionSpec: invalid pipeline job inputs',
        () => checkRunParameters(document, parameters)
      );
    }
    const id = randomUUID();
    const now = store.now();
    return store.database.transaction(() => {
      store.recurringRuns.insert({
        id,
        resourceName: resourceName(name, randomBytes(3).toString('hex')),
        displayName: name,
        description: stringField(body, 'description'),
        experimentId: experiment.id,
        pipelineId: resolved.pipelineId,
        pipelineVersionId: latest ? '' : resolved.versionId,
        serviceAccount:
          stringField(body, 'service_account') ||
          // The server fills it only where it compiles the pipeline now.
          (latest ? '' : 'pipeline-runner'),
        maxConcurrency,
        enabled: stringField(body, 'mode') === 'ENABLE',
        noCatchup: boolField(body, 'no_catchup'),
        createdAt: now,
        updatedAt: now,
        fired: 0,
        lastFireAt: 0,
        api: 'v2',
        trigger,
        parameters,
        pipelineRoot: stringField(config, 'pipeline_root'),
        ...(origin.kind === 'version'
          ? {}
          : { document: store.documents.put(resolved.pipeline.stored) })
      });
      return store.recurringRuns.get(id);
    });
  });
}

function triggerOf(body: Decoded): Trigger {
  const cron = objectField(body, 'cron_schedule');
  if (cron !== undefined) {
    const text = stringField(cron, 'cron');
    try {
      parseCron(text);
    } catch (error) {
      if (error instanceof CronError) {
        throw invalidInput(
          `Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: ${error.message}`
        );
      }
      throw error;
    }
    return { kind: 'cron', cron: text, ...bounds(cron) };
  }
  const periodic = objectField(body, 'periodic_schedule');
  if (periodic !== undefined) {
    const seconds = numberField(periodic, 'interval_second');
    if (seconds < 1) {
      throw invalidInput(
        `Found invalid period schedule interval ${seconds}. Set at interval to least 1 second`
      );
    }
    return { kind: 'interval', seconds, ...bounds(periodic) };
  }
  return { kind: 'once' };
}

function bounds(body: Decoded): { startTime?: number; endTime?: number } {
  const [startTime, endTime] = [
    numberField(body, 'start_time'),
    numberField(body, 'end_time')
  ];
  return {
    ...(startTime === 0 ? {} : { startTime }),
    ...(endTime === 0 ? {} : { endTime })
  };
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

function triggerToWire(trigger: Trigger): Record<string, unknown> {
  if (trigger.kind === 'once') {
    return {};
  }
  const times = {
    start_time:
      trigger.startTime === undefined ? '' : timestamp(trigger.startTime),
    end_time: trigger.endTime === undefined ? '' : timestamp(trigger.endTime)
  };
  return trigger.kind === 'cron'
    ? { cron_schedule: message({ ...times, cron: trigger.cron }) }
    : {
        periodic_schedule: message({
          ...times,
          interval_second: String(trigger.seconds)
        })
      };
}
