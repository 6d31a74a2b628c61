/** `/apis/v1beta1/experiments`. */
import type { FastifyInstance } from 'fastify';

import type { Experiment } from '../../store/experiments.ts';
import { internal, invalidInput, wrapping } from '../../store/service-error.ts';
import { checkLength } from '../lengths.ts';
import { listRequest, wrapListOptions } from '../list-request.ts';
import { message, timestamp } from '../answer-message.ts';
import { decodeBody, stringField } from '../protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from '../route-context.ts';
import { actionRoute, pageMessage } from '../resource-routes.ts';
import { answers, verb } from '../route-schema.ts';
import { EXPERIMENT_V1 } from './messages.ts';
import { queryKey, reference } from './references.ts';

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
      const name = stringField(body, 'name');
      try {
        if (name === '') {
          throw invalidInput('Experiment must have a non-empty name');
        }
        checkLength('Experiment.Name', name);
      } catch (error) {
        throw error instanceof Error
          ? internal(
              'Failed to convert API experiment to model experiment',
              error
            ).wrap(
              '[ExperimentServer]: Failed to create a v1beta1 experiment due to conversion error'
            )
          : error;
      }
      return wrapping('Failed to create a v1beta1 experiment', () =>
        experimentToV1(
          store.experiments.create({
            name,
            description: stringField(body, 'description')
          })
        )
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
  actionRoute(app, {
    method: 'DELETE',
    path: `${base}/:id`,
    operation: 'DeleteExperimentV1',
    act: id =>
      wrapping('Failed to delete v1beta1 experiment', () =>
        store.experiments.delete(id)
      )
  });
  actionRoute(app, {
    method: 'POST',
    path: verb(base, 'archive'),
    operation: 'ArchiveExperimentV1',
    act: id => store.experiments.archive(id)
  });
  actionRoute(app, {
    method: 'POST',
    path: verb(base, 'unarchive'),
    operation: 'UnarchiveExperimentV1',
    act: id => store.experiments.unarchive(id)
  });
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
