/** `/apis/v1beta1/experiments`. */
import type { FastifyInstance } from 'fastify';

import type { Experiment } from '../../store/experiments.ts';
import { invalidInput, wrapping } from '../../store/service-error.ts';
import { createExperiment, experimentActions } from '../experiment-requests.ts';
import { listRequest, wrapListOptions } from '../list-request.ts';
import { message, timestamp } from '../answer-message.ts';
import { decodeBody, stringField } from '../protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from '../route-context.ts';
import { pageMessage } from '../resource-routes.ts';
import { answers } from '../route-schema.ts';
import { EXPERIMENT_V1 } from './messages.ts';
import { queryKey, reference } from './references.ts';

const WORDS = { noun: 'v1beta1 experiment', suffix: 'V1' };

export function experimentRoutesV1(
  app: FastifyInstance,
  { store }: RouteContext
): void {
  const base = '/apis/v1beta1/experiments';
  app.post(
    base,
    answers('CreateExperimentV1', EXPERIMENT_V1),
    async request => {
      const body = decodeBody(bodyText(request), EXPERIMENT_V1);
      return experimentToV1(
        createExperiment(store, WORDS, {
          name: stringField(body, 'name'),
          description: stringField(body, 'description')
        })
      );
    }
  );
  app.get(base, answers('ListExperimentsV1'), async request => {
    const query = queryOf(request);
    const list = listRequest(query, 'v1');
    const key = queryKey(query, 'resource_reference_key');
    if (key !== undefined && key.type !== 'NAMESPACE') {
      throw invalidInput(
        `Failed to list v1beta1 experiment due to invalid resource reference key. It must be of type 'Namespace' and contain an existing or empty namespace, but you provided ${key.id} of type ${key.type}`
      );
    }
    const page = wrapListOptions('Failed to create list options', () =>
      store.experiments.list(list.options())
    );
    return pageMessage('experiments', page, experimentToV1);
  });
  app.get(`${base}/:id`, answers('GetExperimentV1'), async request =>
    wrapping('Failed to fetch v1beta1 experiment', () =>
      experimentToV1(store.experiments.get(pathText(request, 'id')))
    )
  );
  experimentActions(app, base, store, WORDS);
}

function experimentToV1(experiment: Experiment): Record<string, unknown> {
  return message({
    id: experiment.id,
    name: experiment.name,
    description: experiment.description,
    created_at: timestamp(experiment.createdAt),
    resource_references: [reference('NAMESPACE', '', 'OWNER')],
    storage_state: `STORAGESTATE_${experiment.storageState}`
  });
}
