/** `/apis/v1beta1/runs`. */
import type { FastifyInstance } from 'fastify';

import { within } from '../../store/list-query.ts';
import type { Run, WireRunState } from '../../store/runs.ts';
import {
  internal,
  invalidInput,
  notFound,
  ServiceError,
  wrapping,
  wrappingAsync
} from '../../store/service-error.ts';
import type { Store } from '../../store/store.ts';
import { listRequest, wrapListOptions } from '../list-request.ts';
import { message, timestamp } from '../answer-message.ts';
import {
  decodeBody,
  listField,
  numberField,
  stringField
} from '../protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from '../route-context.ts';
import { actionRoute, pageMessage } from '../resource-routes.ts';
import { answers, verb } from '../route-schema.ts';
import { REPORT_METRICS, RUN_V1 } from './messages.ts';
import { readSpec, specToV1 } from './pipeline-spec.ts';
import { queryKey, reference, referredId } from './references.ts';

const STATUS: Readonly<Record<WireRunState, string>> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELING: 'Terminating'
};

/** Names of metrics (`apiserver/server/run_metric_util.go`). */
const METRIC_NAME = /^[a-zA-Z]([-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?$/;
const MAX_NODE_ID = 128;

export function runRoutesV1(app: FastifyInstance, context: RouteContext): void {
  const base = '/apis/v1beta1/runs';
  const { store, actions, submit } = context;
  app.post(base, answers('CreateRunV1', RUN_V1), async request => {
    const body = decodeBody(bodyText(request), RUN_V1);
    const spec = readSpec(body);
    const name = stringField(body, 'name');
    if (name === '') {
      throw internal(
        'Failed to convert a v1beta1 API run detail to its internal representation',
        invalidInput('Run name cannot be empty')
      ).wrap(
        'CreateJob(job.ToV2())Failed to create a v1beta1 run due to conversion error'
      );
    }
    try {
      return runDetail(
        store,
        await submit({
          name,
          origin: spec.origin,
          parameters: spec.parameters,
          pipelineRoot: spec.pipelineRoot,
          experimentId: referredId(body, 'EXPERIMENT'),
          description: stringField(body, 'description'),
          serviceAccount: stringField(body, 'service_account'),
          api: spec.asText ? 'v1' : 'v2'
        })
      );
    } catch (error) {
      throw error instanceof ServiceError
        ? error.wrap('Failed to create a new v1beta1 run')
        : error;
    }
  });
  app.get(base, answers('ListRunsV1'), async request => {
    const query = queryOf(request);
    const list = listRequest(query, 'v1');
    const key = queryKey(query, 'resource_reference_key');
    const experimentId = key?.type === 'EXPERIMENT' ? key.id : '';
    wrapping('Failed to list v1beta1 runs', () => {
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
    const page = wrapListOptions('Failed to create list options', () =>
      store.runs.list(list.options(), [
        ...within('experiment_id', experimentId || undefined),
        ...within('recurring_run_id', key?.type === 'JOB' ? key.id : undefined)
      ])
    );
    return pageMessage('runs', page, run => runToV1(store, run));
  });
  app.get(`${base}/:id`, answers('GetRunV1'), async request =>
    wrapping('Failed to get a v1beta1 run', () =>
      runDetail(store, store.runs.get(pathText(request, 'id')))
    )
  );
  actionRoute(app, {
    method: 'DELETE',
    path: `${base}/:id`,
    operation: 'DeleteRunV1',
    act: id =>
      wrappingAsync('Failed to delete a v1beta1 run', () => actions.delete(id))
  });
  const verbs = [
    [
      verb(base, 'archive'),
      'ArchiveRunV1',
      'Failed to archive a v1beta1 run',
      (id: string) => actions.archive(id)
    ],
    [
      verb(base, 'unarchive'),
      'UnarchiveRunV1',
      'Failed to unarchive a v1beta1 run',
      (id: string) => actions.unarchive(id)
    ],
    [
      `${base}/:id/terminate`,
      'TerminateRunV1',
      'Failed to terminate a v1beta1 run',
      (id: string) => actions.terminate(id)
    ],
    // The server leaves "v1beta1" out of this one.
    [
      `${base}/:id/retry`,
      'RetryRunV1',
      'Failed to retry a run',
      (id: string) => actions.retry(id)
    ]
  ] as const;
  for (const [path, operation, wrapper, act] of verbs) {
    actionRoute(app, {
      method: 'POST',
      path,
      operation,
      act: id => wrapping(wrapper, () => act(id))
    });
  }
  app.post(
    verb(base, 'reportMetrics'),
    answers('ReportRunMetricsV1', REPORT_METRICS),
    async request =>
      reportMetrics(store, pathText(request, 'id'), bodyText(request))
  );
}

function reportMetrics(
  store: Store,
  runId: string,
  text: string
): Record<string, unknown> {
  const body = decodeBody(text, REPORT_METRICS);
  if (store.runs.find(runId) === undefined) {
    throw notFound('Run', runId);
  }
  return message({
    results: listField(body, 'metrics').map(metric => {
      const name = stringField(metric, 'name');
      const nodeId = stringField(metric, 'node_id');
      const wrong =
        !METRIC_NAME.test(name) ||
        nodeId === '' ||
        [...nodeId].length > MAX_NODE_ID
          ? 'INVALID_ARGUMENT'
          : store.runs.addMetric(runId, {
                nodeId,
                name,
                value: numberField(metric, 'number_value'),
                format: stringField(metric, 'format') || 'UNSPECIFIED'
              })
            ? undefined
            : 'DUPLICATE_REPORTING';
      return message({
        metric_name: name,
        metric_node_id: nodeId,
        status: wrong ?? 'OK',
        message:
          wrong === 'DUPLICATE_REPORTING'
            ? `same metric has been reported before: ${name}/${nodeId}`
            : ''
      });
    })
  });
}

/** What creating and reading one run answer. There is no Argo workflow behind a local run: `pipeline_runtime` is empty. */
function runDetail(store: Store, run: Run): Record<string, unknown> {
  return { run: runToV1(store, run), pipeline_runtime: {} };
}

function runToV1(store: Store, run: Run): Record<string, unknown> {
  return message({
    id: run.id,
    name: run.name,
    storage_state:
      run.storageState === 'ARCHIVED' ? 'STORAGESTATE_ARCHIVED' : '',
    description: run.description,
    pipeline_spec: specToV1(store, run),
    resource_references: [
      reference('EXPERIMENT', run.experimentId, 'OWNER'),
      ...(run.recurringRunId !== ''
        ? [reference('JOB', run.recurringRunId, 'CREATOR')]
        : run.pipelineVersionId !== ''
          ? [reference('PIPELINE_VERSION', run.pipelineVersionId, 'CREATOR')]
          : [])
    ],
    service_account: run.serviceAccount,
    created_at: timestamp(run.createdAt),
    scheduled_at: timestamp(run.scheduledAt),
    finished_at: timestamp(run.finishedAt),
    status: STATUS[run.state],
    error: run.error?.message ?? '',
    metrics: store.runs.metrics(run.id).map(metric =>
      message({
        name: metric.name,
        node_id: metric.nodeId,
        number_value: metric.value,
        format: metric.format === 'UNSPECIFIED' ? '' : metric.format
      })
    )
  });
}
