/**
 * The one way a run begins: REST, v1beta1, schedules and the workbench all come through here.
 *
 * The order of the checks and the chains of their errors are the API server's (`resource_manager.go` CreateRun).
 */
import { randomUUID } from 'node:crypto';

import type { Json, PipelineDocument } from 'jupyterlab-kfp-model';

import type { Engine, EngineRun } from '../engine/contract.ts';
import { expandMacros, type MacroValues } from '../schedules/macros.ts';
import type { ServiceError } from '../store/service-error.ts';
import {
  internal,
  invalidInput,
  notFound,
  wrapping
} from '../store/service-error.ts';
import type { Experiment } from '../store/experiments.ts';
import type { Run, RunOptions } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { checkArgoParameters } from './argo-workflow.ts';
import { checkRunParameters, checkRunStructure } from './pipeline-checks.ts';
import { toEngineRun } from './engine-run.ts';
import type { ReadPipeline } from './pipeline-documents.ts';
import {
  resolvePipeline,
  type PipelineOrigin,
  type ResolvedPipeline
} from './resolve-pipeline.ts';
import { typedParameters } from './typed-parameters.ts';

/** A run to be made. */
export interface RunRequest {
  /** Not empty: the caller has checked, with its own words. */
  readonly name: string;
  readonly origin: PipelineOrigin;
  readonly parameters: Readonly<Record<string, Json>>;
  /** '' or absent = the default experiment. */
  readonly experimentId?: string;
  readonly runId?: string;
  readonly description?: string;
  readonly pipelineRoot?: string;
  readonly serviceAccount?: string;
  readonly api?: 'v1' | 'v2';
  readonly options?: RunOptions;
  /** Set when a schedule makes the run. */
  readonly schedule?: {
    readonly recurringRunId: string;
    readonly index: number;
    /** Milliseconds. */
    readonly scheduledAt: number;
  };
  /** A repeated key within an hour answers the first run. */
  readonly idempotencyKey?: string;
}

export type SubmitRun = (request: RunRequest) => Promise<Run>;

const KEY_LIFETIME = 3_600_000;
const DEFAULT_ACCOUNT = 'pipeline-runner';
/** `run_details.DisplayName`; longer names fail when the row is written. */
const MAX_NAME = 255;
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
const ARGO_REFUSED =
  'This pipeline is an Argo workflow (KFP v1). The local service stores and shows it but cannot run it: compile it with kfp 2, or run it on a cluster.';

/** Make the submit function of a local service; `checkRoom` throws when nothing can be kept. */
export function createSubmit(
  store: Store,
  engine: Engine,
  checkRoom: () => void = () => undefined
): SubmitRun {
  return async request => {
    const now = store.now();
    const key = request.idempotencyKey;
    if (key !== undefined) {
      const earlier = store.runs.runOfKey(key, now - KEY_LIFETIME);
      if (earlier !== undefined) {
        return earlier;
      }
    }
    const prepared = prepareRun(store, request, now);
    const { run, engineRun, pipeline } = prepared;
    const { id: runId, experimentId } = run;
    checkRoom();
    const check = await engine.check(engineRun);
    if (check.refusals.length > 0 && request.options?.force !== true) {
      throw invalidInput(
        check.refusals.map(refusal => refusal.text).join('\n')
      );
    }
    const stored = store.database.transaction(() => {
      if (store.runs.find(runId) !== undefined) {
        throw storeFailure(
          request.name,
          `Error 1062 (23000): Duplicate entry '${runId}' for key 'run_details.PRIMARY'`
        );
      }
      const document = store.documents.put(pipeline.stored);
      store.runs.insert({ ...run, document });
      store.experiments.touch(experimentId, now);
      if (key !== undefined) {
        store.runs.rememberKey(key, runId, now, now - KEY_LIFETIME);
      }
      if (request.schedule !== undefined) {
        store.recurringRuns.recordFire(
          request.schedule.recurringRunId,
          request.schedule.index,
          request.schedule.scheduledAt
        );
      }
      return store.runs.get(runId);
    });
    engine.start(engineRun);
    return stored;
  };
}

/** A run that passed the checks of its request and can be stored. */
export interface PreparedRun {
  /** Its record, whose document is not stored yet. */
  readonly run: ReturnType<typeof newRun>;
  readonly engineRun: EngineRun;
  readonly pipeline: ReadPipeline;
}

/** Check a request and make its run; stores nothing. Throws `ServiceError`. */
export function prepareRun(
  store: Store,
  request: RunRequest,
  now: number
): PreparedRun {
  const experiment = experimentOf(store, request.experimentId ?? '');
  const resolved = resolvePipeline(store, request.origin, 'run');
  const { pipeline } = resolved;
  if (pipeline.document === undefined) {
    throw refuseArgo(pipeline, request.parameters);
  }
  const runId = checkRunId(request.runId ?? '');
  const given =
    request.api === 'v1'
      ? typedParameters(pipeline.document, request.parameters)
      : request.parameters;
  const parameters = expandMacros(given, {
    runId,
    now,
    ...(request.schedule === undefined
      ? {}
      : {
          index: request.schedule.index,
          scheduledAt: request.schedule.scheduledAt
        })
  } satisfies MacroValues);
  checkRunnable(pipeline.document, parameters);
  if ([...request.name].length > MAX_NAME) {
    throw storeFailure(
      request.name,
      "Error 1406 (22001): Data too long for column 'DisplayName' at row 1"
    );
  }
  const run = newRun(store, request, {
    runId,
    now,
    experiment,
    resolved,
    parameters
  });
  const engineRun = toEngineRun(run, pipeline.document);
  return { run, engineRun, pipeline };
}

/** Why an Argo workflow is not run here; its parameters are checked first, as the server does. */
export function refuseArgo(
  pipeline: ReadPipeline,
  given: Readonly<Record<string, Json>>
): ServiceError {
  checkArgoParameters(pipeline.stored.pipeline, given);
  return invalidInput(ARGO_REFUSED);
}

function experimentOf(store: Store, id: string): Experiment {
  if (id === '') {
    return store.experiments.ensureDefault();
  }
  const wrappers = [
    `Failed to fetch namespace from experiment ${id}`,
    `Failed to fetch namespace for experiment ${id}`,
    'Failed to create a run due to invalid experimentId and namespace combination'
  ];
  const found = store.experiments.find(id);
  if (found === undefined) {
    throw wrappers.reduce(
      (error: ServiceError, wrapper) => error.wrap(wrapper),
      notFound('Experiment', id)
    );
  }
  return found;
}

function checkRunId(given: string): string {
  if (given === '') {
    return randomUUID();
  }
  // The id names a folder of the data directory.
  if (!RUN_ID.test(given)) {
    throw invalidInput(
      `The run id ${JSON.stringify(given)} is not usable: letters, digits and dashes, at most 64`
    );
  }
  return given;
}

function checkRunnable(
  document: PipelineDocument,
  parameters: Readonly<Record<string, Json>>
): void {
  wrapping('Failed to generate the ExecutionSpec', () =>
    wrapping('invalid pipeline job inputs', () =>
      checkRunParameters(document, parameters)
    )
  );
  checkRunStructure(document);
}

function storeFailure(name: string, cause: string): ServiceError {
  return internal(
    `Failed to store run ${name} to table`,
    new Error(cause)
  ).wrap('Failed to create a run');
}

function newRun(
  store: Store,
  request: RunRequest,
  parts: {
    readonly runId: string;
    readonly now: number;
    readonly experiment: Experiment;
    readonly resolved: ResolvedPipeline;
    readonly parameters: Readonly<Record<string, Json>>;
  }
): Omit<Run, 'document'> & { readonly document: '' } {
  const { now, resolved } = parts;
  return {
    id: parts.runId,
    name: request.name,
    description: request.description ?? '',
    experimentId: parts.experiment.id,
    recurringRunId: request.schedule?.recurringRunId ?? '',
    pipelineId: resolved.pipelineId,
    pipelineVersionId: resolved.versionId,
    storageState: 'AVAILABLE',
    state: 'PENDING',
    createdAt: now,
    scheduledAt: request.schedule?.scheduledAt ?? now,
    finishedAt: 0,
    serviceAccount: request.serviceAccount || DEFAULT_ACCOUNT,
    api: request.api ?? 'v2',
    document: '',
    pipelineRoot: request.pipelineRoot ?? '',
    stateHistory: [{ at: now, state: 'PENDING' }],
    options: request.options ?? {},
    parameters: parts.parameters
  };
}
