/** All stores over one database. */
import { ArtifactStore } from './artifacts.ts';
import type { Database } from './database.ts';
import { DocumentStore } from './documents.ts';
import { ExperimentStore } from './experiments.ts';
import { PipelineStore } from './pipelines.ts';
import { PipelineVersionStore } from './pipeline-versions.ts';
import { RecurringRunStore } from './recurring-runs.ts';
import { RunTextStore } from './run-texts.ts';
import { RunStore } from './runs.ts';
import { SettingStore } from './settings.ts';

/** The resources of the KFP API as stored. */
export interface Store {
  readonly database: Database;
  readonly settings: SettingStore;
  readonly documents: DocumentStore;
  readonly experiments: ExperimentStore;
  readonly pipelines: PipelineStore;
  readonly versions: PipelineVersionStore;
  readonly artifacts: ArtifactStore;
  readonly runs: RunStore;
  readonly runTexts: RunTextStore;
  readonly recurringRuns: RecurringRunStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createStore(database: Database, now: () => number): Store {
  const documents = new DocumentStore(database);
  const pipelines = new PipelineStore(database, documents, now);
  return {
    database,
    settings: new SettingStore(database),
    documents,
    experiments: new ExperimentStore(database, now),
    pipelines,
    versions: new PipelineVersionStore(database, pipelines, documents, now),
    artifacts: new ArtifactStore(database),
    runs: new RunStore(database, documents),
    runTexts: new RunTextStore(database),
    recurringRuns: new RecurringRunStore(database, documents, now),
    now
  };
}
