/** The local service: store, engine and API wired to one thing that the gateway mounts. */
import { join } from 'node:path';

import type { FastifyPluginAsync } from 'fastify';

import { createApi } from './api/plugin.ts';
import { RunTexts } from './api/run-texts.ts';
import { UrlPackages } from './api/url-packages.ts';
import type { Engine } from './engine/contract.ts';
import { ArtifactFiles } from './runs/artifact-files.ts';
import { checkDiskSpace, freeBytes } from './runs/disk-space.ts';
import { FolderWatch } from './runs/folder-watch.ts';
import { LogFiles } from './runs/log-files.ts';
import { createPlan, type PlanRun } from './runs/plan-run.ts';
import { readableRun, RunActions } from './runs/run-actions.ts';
import { createSubmit, type SubmitRun } from './runs/submit-run.ts';
import { loadSamples, type Sample } from './samples/samples.ts';
import { Scheduler } from './schedules/scheduler.ts';
import { damagedPredecessors, openDatabase } from './store/database.ts';
import type { RecurringRun } from './store/recurring-runs.ts';
import { storeError } from './store/store-error.ts';
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
  /** Told once when the folder was deleted while the service ran and its runs have been stopped: nothing can be kept any more. */
  readonly lost?: () => void;
  /** Bytes free on the disk of a folder; default asks the system. */
  readonly freeBytes?: (folder: string) => number;
  /** Make the engine over an open store; it is told how to load a stored run after a restart. */
  readonly createEngine: (parts: {
    readonly store: Store;
    readonly dataDir: string;
    readonly configDir: string;
    readonly now: () => number;
    readonly loadRun: (runId: string) => ReturnType<typeof readableRun>;
  }) => Engine | Promise<Engine>;
}

export interface LocalService {
  /** The KFP API; register it below the prefix of the connection. */
  readonly plugin: FastifyPluginAsync;
  /** Absolute folder of everything that is kept. */
  readonly dataDir: string;
  readonly store: Store;
  readonly engine: Engine;
  /** The one way a run begins. */
  readonly submit: SubmitRun;
  /** What a run would do. */
  readonly plan: PlanRun;
  readonly actions: RunActions;
  /** When a recurring run fires next, in milliseconds; `undefined` when it is off or has ended. */
  readonly nextFire: (run: RecurringRun) => number | undefined;
  readonly logs: LogFiles;
  readonly artifacts: ArtifactFiles;
  /** What a person should know about the state of the service, one sentence each. */
  notices(): readonly string[];
  close(): Promise<void>;
}

function damagedSentence(path: string): string {
  return `The database of the local service was damaged. It was kept as ${path}; a new one was started.`;
}

/** Open the local service. Throws `StoreError` when the database cannot be opened. */
export async function createLocalService(
  options: LocalServiceOptions
): Promise<LocalService> {
  const now = options.now ?? Date.now;
  const { dataDir, configDir } = options;
  const file = join(dataDir, 'service.db');
  const database = openDatabase(file);
  if (database.setAside !== undefined) {
    options.notice?.(damagedSentence(database.setAside));
  }
  const store = createStore(database, now);
  store.experiments.ensureDefault();
  loadSamples(store, options.samples ?? []);
  const engine = await options.createEngine({
    store,
    dataDir,
    configDir,
    now,
    loadRun: runId => readableRun(store, runId)
  });
  const free = options.freeBytes ?? freeBytes;
  const checkRoom = () => {
    if (database.isGone()) {
      throw storeError('gone');
    }
    checkDiskSpace(dataDir, free);
  };
  const actions = new RunActions(store, engine, checkRoom);
  const texts = new RunTexts(store, engine, error =>
    options.notice?.(`A text could not be kept: ${String(error)}`)
  );
  await engine.recover();
  actions.reconcile();
  const submit = createSubmit(store, engine, checkRoom);
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
  const watch = new FolderWatch({
    isGone: () => database.isGone(),
    isActive: () => engine.activeRuns() > 0,
    stopAll: () => actions.terminateAll(),
    gone: () => {
      const { message } = storeError('gone');
      options.notice?.(`${message} (${dataDir})`);
      options.lost?.();
    }
  });
  watch.start();
  return {
    dataDir,
    plugin: createApi({
      store,
      engine,
      texts,
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
    plan: createPlan(store, engine),
    actions,
    nextFire: run => scheduler.next(run),
    logs,
    artifacts,
    notices: () => [
      ...(database.isGone() ? [storeError('gone').message] : []),
      ...damagedPredecessors(file).map(damagedSentence)
    ],
    close: async () => {
      watch.close();
      await scheduler.close();
      actions.close();
      texts.close();
      await engine.close();
      database.close();
    }
  };
}
