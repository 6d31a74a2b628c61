/** `/apis/v1beta1/jobs`: recurring runs as kfp 1.8 sees them. */
import type { FastifyInstance } from 'fastify';

import { within } from '../../store/list-query.ts';
import type { RecurringRun } from '../../store/recurring-runs.ts';
import {
  internal,
  invalidInput,
  notFound,
  wrapping
} from '../../store/service-error.ts';
import type { Store } from '../../store/store.ts';
import { listRequest, wrapListOptions } from '../list-request.ts';
import { message, timestamp } from '../answer-message.ts';
import {
  boolField,
  decodeBody,
  numberField,
  objectField,
  stringField
} from '../protojson.ts';
import {
  createRecurringRun,
  deleteRecurringRun,
  setRecurringRunEnabled,
  NAMESPACE
} from '../recurring-run-create.ts';
import { readTrigger, triggerToWire } from '../recurring-run-trigger.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from '../route-context.ts';
import { actionRoute, pageMessage } from '../resource-routes.ts';
import { answers } from '../route-schema.ts';
import { JOB_V1 } from './messages.ts';
import { readSpec, specToV1 } from './pipeline-spec.ts';
import { queryKey, reference, referredId } from './references.ts';

export function jobRoutesV1(app: FastifyInstance, context: RouteContext): void {
  const base = '/apis/v1beta1/jobs';
  const { store } = context;
  app.post(base, answers('CreateJobV1', JOB_V1), async request =>
    jobToV1(store, create(store, bodyText(request)))
  );
  app.get(base, answers('ListJobsV1'), async request => {
    const query = queryOf(request);
    const list = listRequest(query, 'v1');
    const key = queryKey(query, 'resource_reference_key');
    const page = wrapListOptions(
      'Failed to list jobs due to error parsing the listing options',
      () =>
        store.recurringRuns.list(
          list.options(),
          within(
            'experiment_id',
            key?.type === 'EXPERIMENT' ? key.id : undefined
          )
        )
    );
    return pageMessage('jobs', page, run => jobToV1(store, run));
  });
  app.get(`${base}/:id`, answers('GetJobV1'), async request =>
    wrapping('Failed to fetch a v1beta1 recurring run', () =>
      jobToV1(store, store.recurringRuns.get(pathText(request, 'id')))
    )
  );
  actionRoute(app, {
    method: 'DELETE',
    path: `${base}/:id`,
    operation: 'DeleteJobV1',
    // The server's words: "disable".
    act: id =>
      wrapping('Failed to disable a recurring run', () =>
        deleteRecurringRun(context, id, false)
      )
  });
  for (const [word, enabled] of [
    ['enable', true],
    ['disable', false]
  ] as const) {
    actionRoute(app, {
      method: 'POST',
      path: `${base}/:id/${word}`,
      operation: `${word}JobV1`,
      act: id =>
        wrapping(`Failed to ${word} a v1beta1 recurring run`, () =>
          setRecurringRunEnabled(context, id, enabled)
        )
    });
  }
}

function create(store: Store, text: string): RecurringRun {
  const body = decodeBody(text, JOB_V1);
  const spec = readSpec(body);
  const name = stringField(body, 'name');
  const maxConcurrency = numberField(body, 'max_concurrency');
  const trigger = wrapping(
    'Failed to create a recurring run due to conversion error',
    () => {
      if (name === '') {
        throw internal(
          'Failed to convert a v1beta1 API recurring run to its internal representation',
          invalidInput('Job name cannot be empty')
        );
      }
      return readTrigger(objectField(body, 'trigger') ?? {}, maxConcurrency);
    }
  );
  let { origin } = spec;
  if (origin.kind === 'version' && origin.versionId === '') {
    // v1beta1 fixes the version now; v2beta1 takes the latest at each fire.
    const { pipelineId } = origin;
    const latest = store.versions.latestOf(pipelineId);
    if (latest === undefined) {
      throw notFound('PipelineVersion', '')
        .wrap(
          `Failed to get the latest pipeline version for pipeline ${pipelineId}`
        )
        .wrap(`Failed to fetch a pipeline version from pipeline ${pipelineId}`);
    }
    origin = { ...origin, versionId: latest.id };
  }
  return createRecurringRun(store, {
    name,
    description: stringField(body, 'description'),
    experimentId: referredId(body, 'EXPERIMENT'),
    origin,
    parameters: spec.parameters,
    pipelineRoot: spec.pipelineRoot,
    serviceAccount: stringField(body, 'service_account'),
    maxConcurrency,
    trigger,
    enabled:
      boolField(body, 'enabled') || stringField(body, 'mode') === 'ENABLED',
    noCatchup: boolField(body, 'no_catchup'),
    api: spec.asText ? 'v1' : 'v2'
  });
}

function jobToV1(store: Store, run: RecurringRun): Record<string, unknown> {
  const version =
    run.pipelineVersionId === ''
      ? undefined
      : store.versions.find(run.pipelineVersionId);
  const document = run.document ?? version?.document;
  return message({
    id: run.id,
    name: run.displayName,
    description: run.description,
    pipeline_spec: specToV1(store, {
      pipelineId: run.pipelineId,
      pipelineVersionId: run.pipelineVersionId,
      api: run.api,
      parameters: run.parameters,
      pipelineRoot: run.pipelineRoot,
      ...(document === undefined ? {} : { document })
    }),
    resource_references: [
      reference('NAMESPACE', NAMESPACE, 'OWNER'),
      reference('EXPERIMENT', run.experimentId, 'OWNER'),
      ...(run.pipelineVersionId !== ''
        ? [reference('PIPELINE_VERSION', run.pipelineVersionId, 'CREATOR')]
        : run.pipelineId !== ''
          ? [reference('PIPELINE', run.pipelineId, 'CREATOR')]
          : [])
    ],
    service_account: run.serviceAccount,
    max_concurrency: String(run.maxConcurrency),
    trigger:
      run.trigger.kind === 'once' ? undefined : triggerToWire(run.trigger),
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(run.updatedAt),
    // What the server shows until its controller has reported; there is none here.
    status: 'STATUS_UNSPECIFIED',
    enabled: run.enabled,
    no_catchup: run.noCatchup
  });
}
