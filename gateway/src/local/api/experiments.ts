/** `/apis/v2beta1/experiments`. */
import type { FastifyInstance } from 'fastify';

import type { Experiment } from '../store/experiments.ts';
import { wrapping } from '../store/service-error.ts';
import { createExperiment, experimentActions } from './experiment-requests.ts';
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
import { pageMessage } from './resource-routes.ts';
import { answers } from './route-schema.ts';

const WORDS = { noun: 'experiment', suffix: '' };

export function experimentRoutes(
  app: FastifyInstance,
  { store }: RouteContext
): void {
  const base = '/apis/v2beta1/experiments';
  app.post(base, answers('CreateExperiment', EXPERIMENT), async request => {
    const body = decodeBody(bodyText(request), EXPERIMENT);
    return toWire(
      createExperiment(store, WORDS, {
        name: stringField(body, 'display_name'),
        description: stringField(body, 'description')
      })
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
  experimentActions(app, base, store, WORDS);
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
