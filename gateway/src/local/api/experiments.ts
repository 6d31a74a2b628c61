/** `/apis/v2beta1/experiments`. */
import type { FastifyInstance } from 'fastify';

import type { Experiment } from '../store/experiments.ts';
import { internal, invalidInput, wrapping } from '../store/service-error.ts';
import { checkLength } from './lengths.ts';
import { listRequest, wrapListOptions } from './list-request.ts';
import { EXPERIMENT } from './messages.ts';
import { message, timestamp } from './answer-message.ts';
import { decodeBody, stringField } from './protojson.ts';
import {
  bodyText,
  pathText,
  queryOf,
  type RouteContext
} from './route-context.ts';
import { actionRoute, pageMessage } from './resource-routes.ts';
import { answers, verb } from './route-schema.ts';

export function experimentRoutes(
  app: FastifyInstance,
  { store }: RouteContext
): void {
  const base = '/apis/v2beta1/experiments';
  app.post(base, answers('CreateExperiment', EXPERIMENT), async request => {
    const body = decodeBody(bodyText(request), EXPERIMENT);
    const name = stringField(body, 'display_name');
    try {
      if (name === '') {
        throw invalidInput('Experiment must have a non-empty name');
      }
      checkLength('Experiment.Name', name);
    } catch (error) {
      // The server answers 500 for a name it cannot convert.
      throw error instanceof Error
        ? internal(
            'Failed to convert API experiment to model experiment',
            error
          ).wrap(
            '[ExperimentServer]: Failed to create a experiment due to conversion error'
          )
        : error;
    }
    return wrapping('Failed to create a experiment', () =>
      toWire(
        store.experiments.create({
          name,
          description: stringField(body, 'description')
        })
      )
    );
  });
  app.get(base, answers('ListExperiments'), async request => {
    const list = listRequest(queryOf(request), 'v2');
    const page = wrapListOptions('Failed to create list options', () =>
      store.experiments.list(list.options())
    );
    return pageMessage('experiments', page, toWire);
  });
  app.get(`${base}/:id`, answers('GetExperiment'), async request =>
    wrapping('Failed to fetch experiment', () =>
      toWire(store.experiments.get(pathText(request, 'id')))
    )
  );
  actionRoute(app, {
    method: 'DELETE',
    path: `${base}/:id`,
    operation: 'DeleteExperiment',
    act: id =>
      wrapping('Failed to delete experiment', () =>
        store.experiments.delete(id)
      )
  });
  actionRoute(app, {
    method: 'POST',
    path: verb(base, 'archive'),
    operation: 'ArchiveExperiment',
    act: id => store.experiments.archive(id)
  });
  actionRoute(app, {
    method: 'POST',
    path: verb(base, 'unarchive'),
    operation: 'UnarchiveExperiment',
    act: id => store.experiments.unarchive(id)
  });
}

function toWire(experiment: Experiment): Record<string, unknown> {
  return message({
    experiment_id: experiment.id,
    display_name: experiment.name,
    description: experiment.description,
    created_at: timestamp(experiment.createdAt),
    storage_state: experiment.storageState,
    last_run_created_at: timestamp(experiment.lastRunCreatedAt)
  });
}
