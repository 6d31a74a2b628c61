/** Two tutorial pipelines that stand in the list of a new local service. Written for this product; sources beside this file. */
import { readFileSync } from 'node:fs';

import { readPipelineText } from '../runs/pipeline-documents.ts';
import type { Store } from '../store/store.ts';

/** A pipeline to be there from the start. */
export interface Sample {
  readonly name: string;
  readonly description: string;
  /** Compiled pipeline, YAML. */
  readonly text: () => string;
}

const FILES = {
  dataPassing: new URL('./data_passing.yaml', import.meta.url),
  controlStructures: new URL('./control_structures.yaml', import.meta.url)
};

/** The samples of KFP's own tutorial by name, with content of ours. */
export const SAMPLES: readonly Sample[] = [
  {
    name: '[Tutorial] Data passing in python components',
    description:
      'Small values travel as parameters, files as artifacts. A task starts when all it takes is there.',
    text: () => read(FILES.dataPassing)
  },
  {
    name: '[Tutorial] DSL - Control structures',
    description:
      'One of three branches by the throw of a die, a loop whose rounds run side by side, and a last task.',
    text: () => read(FILES.controlStructures)
  }
];

const SETTING = 'samples';

/**
 * Load the samples that this store has never had. What a person deleted stays deleted, and a pipeline of the same name is
 * left alone: each sample is offered once.
 */
export function loadSamples(store: Store, samples: readonly Sample[]): void {
  store.database.transaction(() => {
    const offered = new Set(
      JSON.parse(store.settings.get(SETTING) ?? '[]') as readonly string[]
    );
    const missing = samples.filter(sample => !offered.has(sample.name));
    if (missing.length === 0) {
      return;
    }
    for (const { name, description, text } of missing) {
      offered.add(name);
      if (store.pipelines.findByName(name) !== undefined) {
        continue;
      }
      const fields = { name, displayName: name, description, tags: {} };
      const { id } = store.pipelines.create(fields);
      store.versions.create(id, {
        ...fields,
        document: readPipelineText(text()).stored
      });
    }
    store.settings.set(SETTING, JSON.stringify([...offered]));
  });
}

/** The text of a file beside this one; the bundle carries it as a data address. */
function read(url: URL): string {
  return url.protocol === 'data:'
    ? Buffer.from(url.pathname.split(',')[1] ?? '', 'base64').toString('utf8')
    : readFileSync(url, 'utf8');
}
