/** What both versions of the API do with experiments; they differ in the names of operations and in the words of errors. */
import type { FastifyInstance } from 'fastify';

import type { Experiment } from '../store/experiments.ts';
import { internal, invalidInput, wrapping } from '../store/service-error.ts';
import { checkLength } from './lengths.ts';
import { actionRoute } from './resource-routes.ts';
import type { RouteContext } from './route-context.ts';
import { verb } from './route-schema.ts';

type Store = RouteContext['store'];

/** How a version of the API speaks of experiments. */
export interface ExperimentWords {
  /** In errors, for example `v1beta1 experiment`. */
  readonly noun: string;
  /** At the end of the names of operations. */
  readonly suffix: string;
}

/** Make an experiment, or answer as the server does why not. */
export function createExperiment(
  store: Store,
  { noun }: ExperimentWords,
  { name, description }: { readonly name: string; readonly description: string }
): Experiment {
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
          `[ExperimentServer]: Failed to create a ${noun} due to conversion error`
        )
      : error;
  }
  return wrapping(`Failed to create a ${noun}`, () =>
    store.experiments.create({ name, description })
  );
}

/** Delete, archive and unarchive. */
export function experimentActions(
  app: FastifyInstance,
  base: string,
  store: Store,
  { noun, suffix }: ExperimentWords
): void {
  actionRoute(app, {
    method: 'DELETE',
    path: `${base}/:id`,
    operation: `DeleteExperiment${suffix}`,
    act: id =>
      wrapping(`Failed to delete ${noun}`, () => store.experiments.delete(id))
  });
  actionRoute(app, {
    method: 'POST',
    path: verb(base, 'archive'),
    operation: `ArchiveExperiment${suffix}`,
    act: id => store.experiments.archive(id)
  });
  actionRoute(app, {
    method: 'POST',
    path: verb(base, 'unarchive'),
    operation: `UnarchiveExperiment${suffix}`,
    act: id => store.experiments.unarchive(id)
  });
}
