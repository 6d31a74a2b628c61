/** The local service: store, engine and API wired to one thing that the gateway mounts. */
import { join } from 'node:path';

import type { FastifyPluginAsync } from 'fastify';

import { createApi } from './api/plugin.ts';
import { UrlPackages } from './api/url-packages.ts';
import type { Engine } from './engine/contract.ts';
import { ArtifactFiles } from './runs/artifact-files.ts';
import { LogFiles } from './runs/log-files.ts';
import { RunActions } from './runs/run-actions.ts';
import {
  createSubmit,
  loadEngineRun,
  type SubmitRun
} from './runs/submit-run.ts';
import { loadSamples, type Sample } from './samples/samples.ts';
import { Scheduler } from './schedules/scheduler.ts';
import { openDatabase } from './store/database.ts';
import { createStore, type Store } from './store/store.ts';

export interface LocalServiceOptions {
  /** Absolute folder of the database, runs and environments. */
  readonly dataDir: string;
  /** Absolute folder of secrets and config maps. */
  readonly configDir: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Time zone of cron schedules, an IANA name; default UTC (`CRON_SCHEDULE_TIMEZONE`). */
  readonly cronZone?: string;
  /** Pipelines that a new store begins with. */
  readonly samples?: readonly Sample[];
  /** Version of the product. */
  readonly version: string;
  /** Told what a person should know, for example that a damaged database was set aside. */
  readonly notice?: (sentence: string) => void;
  /** Make the engine over an open store; it is told how to load a stored run after a restart. */
  readonly createEngine: (parts: {
    readonly store: Store;
    readonly dataDir: string;
    readonly configDir: string;
    readonly now: () => number;
    readonly loadRun: (runId: string) => ReturnType<typeof loadEngineRun>;
  }) => Engine | Promise<Engine>;
}

export interface LocalService {
  /** The KFP API; register it below the prefix of the connection. */
  readonly plugin: FastifyPluginAsync;
  readonly store: Store;
  readonly engine: Engine;
  /** The one way a run begins. */
  readonly submit: SubmitRun;
  readonly actions: RunActions;
  readonly logs: LogFiles;
  readonly artifacts: ArtifactFiles;
  close(): Promise<void>;
}

/** Open the local service. Throws `StoreError` when the database cannot be opened. */
export async function createLocalService(
  options: LocalServiceOptions
): Promise<LocalService> {
  const now = options.now ?? Date.now;
  const { dataDir, configDir } = options;
  const database = openDatabase(join(dataDir, 'service.db'));
  if (database.setAside !== undefined) {
    options.notice?.(
      `The database of the local service was damaged. It was kept as ${database.setAside}; a new one was started.`
    );
  }
  const store = createStore(database, now);
  store.experiments.ensureDefault();
  loadSamples(store, options.samples ?? []);
  const engine = await options.createEngine({
    store,
    dataDir,
    configDir,
    now,
    loadRun: runId => loadEngineRun(store, runId)
  });
  const actions = new RunActions(store, engine);
  await engine.recover();
  actions.reconcile();
  const submit = createSubmit(store, engine);
  const logs = new LogFiles(engine, dataDir);
  const artifacts = new ArtifactFiles(engine, dataDir);
  const zone = options.cronZone;
  const scheduler = new Scheduler({
    store,
    submit,
    ...(zone === undefined ? {} : { zone }),
    failed: (run, error) =>
      options.notice?.(
        `The recurring run ${run.displayName} could not start a run: ${error instanceof Error ? error.message : String(error)}`
      )
  });
  scheduler.start();
  return {
    plugin: createApi({
      store,
      engine,
      submit,
      actions,
      logs,
      artifacts,
      packages: new UrlPackages(store),
      version: options.version,
      commit: ''
    }),
    store,
    engine,
    submit,
    actions,
    logs,
    artifacts,
    close: async () => {
      await scheduler.close();
      actions.close();
      await engine.close();
      database.close();
    }
  };
}
