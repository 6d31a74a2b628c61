/**
 * The one way a run begins: REST, v1beta1, schedules and the workbench all come through here.
 *
 * The order of the checks and the chains of their errors are the API server's (`resource_manager.go` CreateRun).
 */
import { randomUUID } from 'node:crypto';

import type { Json, PipelineDocument } from 'jupyterlab-kfp-model';

import type { Engine, EngineRun } from '../engine/contract.ts';
import { expandMacros, type MacroValues } from '../schedules/macros.ts';
import {
  internal,
  invalidInput,
  invalidInputBecause,
  notFound,
  ServiceError,
  wrapping
} from '../store/service-error.ts';
import type { Experiment } from '../store/experiments.ts';
import type { Run, RunOptions } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { checkArgoParameters } from './argo-workflow.ts';
import { checkRunParameters, checkRunStructure } from './pipeline-checks.ts';
import {
  documentOf,
  PipelineFormatError,
  readPipelineStruct,
  readPipelineText,
  type ReadPipeline
} from './pipeline-documents.ts';
import { typedParameters } from './typed-parameters.ts';

/** Where the pipeline of a run comes from. */
export type PipelineOrigin =
  | {
      readonly kind: 'struct';
      readonly spec: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'text'; readonly text: string }
  /** `versionId` '' = the latest version. */
  | {
      readonly kind: 'version';
      readonly pipelineId: string;
      readonly versionId: string;
    }
  /** Digest of a stored document. */
  | { readonly kind: 'stored'; readonly digest: string }
  | { readonly kind: 'none' };

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

/** A resolved pipeline with the ids that the run's record refers to. */
export interface ResolvedPipeline {
  readonly pipeline: ReadPipeline;
  readonly pipelineId: string;
  readonly versionId: string;
}

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

/** The run as the engine takes it; `document` is the parsed pipeline of the record. */
export function toEngineRun(run: Run, document: PipelineDocument): EngineRun {
  const { cache, interpreter, force } = run.options;
  return {
    runId: run.id,
    name: run.name,
    document,
    parameters: run.parameters,
    createdAt: new Date(run.createdAt).toISOString(),
    scheduledAt: new Date(run.scheduledAt).toISOString(),
    ...(cache === undefined ? {} : { cache }),
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(run.pipelineRoot === '' ? {} : { pipelineRoot: run.pipelineRoot }),
    ...(force === undefined ? {} : { force })
  };
}

/** Load a stored run for the engine, after a restart. */
export function loadEngineRun(
  store: Store,
  runId: string
): EngineRun | undefined {
  const run = store.runs.find(runId);
  if (run === undefined) {
    return undefined;
  }
  const stored = store.documents.get(run.document);
  return stored.format === 'ir'
    ? toEngineRun(run, documentOf(stored))
    : undefined;
}

/** Find the pipeline of a run or recurring run; failures carry the server's chain. */
export function resolvePipeline(
  store: Store,
  origin: PipelineOrigin,
  what: 'run' | 'recurring run'
): ResolvedPipeline {
  try {
    return findPipeline(store, origin);
  } catch (error) {
    if (error instanceof PipelineFormatError) {
      throw manifestError(
        what,
        invalidInputBecause(error.message, 'pipeline spec is invalid').wrap(
          'Failed to fetch a template with an invalid pipeline spec manifest'
        )
      );
    }
    throw error instanceof ServiceError ? manifestError(what, error) : error;
  }
}

function manifestError(what: string, cause: ServiceError): ServiceError {
  return internal(
    `Failed to create a ${what} due to error fetching manifest`,
    cause
  );
}

function findPipeline(store: Store, origin: PipelineOrigin): ResolvedPipeline {
  switch (origin.kind) {
    case 'struct':
      return inline(readPipelineStruct(origin.spec));
    case 'text':
      return inline(readPipelineText(origin.text));
    case 'stored':
      return inline(readStored(store, origin.digest));
    case 'none':
      throw invalidInput(
        'Failed to fetch a template with an empty pipeline spec manifest'
      );
    case 'version':
      return wrapping(
        'Failed to fetch a template due to error retrieving pipeline version',
        () => findVersion(store, origin)
      );
  }
}

function findVersion(
  store: Store,
  origin: { readonly pipelineId: string; readonly versionId: string }
): ResolvedPipeline {
  const { pipelineId, versionId } = origin;
  if (versionId !== '') {
    const version = wrapping(
      `Failed to fetch a pipeline version and its manifest from pipeline version ${versionId}`,
      () =>
        wrapping(`Failed to get a pipeline version with id ${versionId}`, () =>
          store.versions.get(versionId)
        )
    );
    if (pipelineId !== '' && version.pipelineId !== pipelineId) {
      throw invalidInput(
        `Pipeline version ${versionId} belongs to pipeline ${version.pipelineId} (not ${pipelineId})`
      );
    }
    return {
      pipeline: readStored(store, version.document),
      pipelineId: version.pipelineId,
      versionId
    };
  }
  const version = wrapping(
    `Failed to fetch a pipeline version and its manifest from pipeline ${pipelineId}`,
    () => {
      wrapping(
        'Failed to get the latest pipeline version as pipeline was not found',
        () => store.pipelines.get(pipelineId)
      );
      const latest = store.versions.latestOf(pipelineId);
      if (latest === undefined) {
        throw notFound('PipelineVersion', '').wrap(
          `Failed to get the latest pipeline version for pipeline ${pipelineId}`
        );
      }
      return latest;
    }
  );
  return {
    pipeline: readStored(store, version.document),
    pipelineId,
    versionId: version.id
  };
}

function readStored(store: Store, digest: string): ReadPipeline {
  const stored = store.documents.get(digest);
  return stored.format === 'ir'
    ? { stored, document: documentOf(stored) }
    : { stored };
}

function inline(pipeline: ReadPipeline): ResolvedPipeline {
  return { pipeline, pipelineId: '', versionId: '' };
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
