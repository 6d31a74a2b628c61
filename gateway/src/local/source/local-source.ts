/** The local service as a backend like any other. */
import type { Readable } from 'node:stream';

import type {
  ConnectionRef,
  ExperimentSummary,
  LogChunk,
  LogTime,
  PipelineSummary,
  PipelineVersionSummary,
  PlannedTask,
  RecurringRunSummary,
  RunAction,
  RunHeader,
  RunsPage,
  RunView,
  SubmitRequest,
  SubscriptionDetail,
  VolumeFolder
} from 'jupyterlab-kfp-model';
import { resourceText } from 'jupyterlab-kfp-model';

import { ProblemError } from '../../problem.ts';
import type {
  ArtifactContent,
  ListQuery,
  Page,
  PlanFinding,
  RunSource
} from '../../upstream/source.ts';
import type { RunCheck } from '../engine/contract.ts';
import { volumesIn } from '../engine/volumes.ts';
import { ArtifactMissing } from '../runs/artifact-files.ts';
import { documentOf } from '../runs/pipeline-documents.ts';
import type { LocalService } from '../service.ts';
import { within } from '../store/list-query.ts';
import type { Run } from '../store/runs.ts';
import { asProblem } from './as-problem.ts';
import { paging, toListRequest } from './list-views.ts';
import { LocalCatalogue, textOf } from './local-catalogue.ts';
import { runFailure } from './run-failure.ts';
import { runRequest, type TextOfDigest } from './run-request.ts';
import { RunViews, secretsOf } from './run-view.ts';
import { wholeValue } from './task-view.ts';

export class LocalSource implements RunSource {
  readonly ref: ConnectionRef;
  private readonly _service: LocalService;
  private readonly _catalogue: LocalCatalogue;
  private readonly _views: RunViews;
  private readonly _texts: TextOfDigest;

  constructor(parts: {
    readonly service: LocalService;
    readonly ref: ConnectionRef;
    readonly texts: TextOfDigest;
  }) {
    this._service = parts.service;
    this.ref = parts.ref;
    this._texts = parts.texts;
    this._catalogue = new LocalCatalogue(parts.service);
    this._views = new RunViews(parts.service.store, parts.ref);
  }

  async listRuns(query: ListQuery): Promise<RunsPage> {
    return this._try(() => {
      const page = this._service.store.runs.list(
        toListRequest(query, 'created_at desc'),
        within('experiment_id', query.experiment_id)
      );
      return {
        runs: page.rows.map(run => this._views.summary(run)),
        ...paging(page)
      };
    });
  }

  async getRun(runId: string, detail: SubscriptionDetail): Promise<RunView> {
    const run = this._run(runId);
    const { engine, logs } = this._service;
    const view = this._views.view(
      run,
      engine.tasks(runId),
      engine.warnings(runId),
      detail
    );
    if (view.counts.by_state.FAILED === undefined) {
      return view;
    }
    const views =
      detail === 'tasks'
        ? Object.values(view.tasks)
        : Object.values(
            this._views.view(run, engine.tasks(runId), [], 'tasks').tasks
          );
    const stored = this._service.store.documents.get(run.document);
    const failure = await runFailure(
      views,
      logs,
      stored.format === 'ir' ? documentOf(stored) : undefined
    );
    return failure === undefined ? view : { ...view, failure };
  }

  onChange(listener: (runId: string) => void): () => void {
    const { engine, actions } = this._service;
    const ends = [
      engine.onChange(change => listener(change.runId)),
      actions.onChange(listener)
    ];
    return () => ends.forEach(end => end());
  }

  async submit(request: SubmitRequest): Promise<RunHeader> {
    return this._try(async () => {
      const run = await this._service.submit({
        ...runRequest(request, this._texts),
        ...(request.experiment === undefined || request.experiment === ''
          ? {}
          : { experimentId: this._experiment(request.experiment) }),
        ...(request.idempotency_key === undefined
          ? {}
          : { idempotencyKey: request.idempotency_key })
      });
      return this._views.header(run);
    });
  }

  async plan(request: SubmitRequest): Promise<PlanFinding> {
    return this._try(async () => {
      const check = await this._service.plan(runRequest(request, this._texts));
      return {
        tasks: check.tasks.map(plannedTask),
        warnings: check.warnings.map(({ name, text }) => `${text} (${name})`),
        refusals: check.refusals.map(({ text }) => text)
      };
    });
  }

  async act(runId: string, action: RunAction): Promise<void> {
    this._run(runId);
    const { actions } = this._service;
    return this._try(async () => {
      switch (action) {
        case 'terminate':
          return actions.terminate(runId);
        case 'retry':
          return actions.retry(runId);
        case 'archive':
          return actions.archive(runId);
        case 'unarchive':
          return actions.unarchive(runId);
        case 'delete':
          return actions.delete(runId);
        case 'rerun':
          throw new ProblemError(
            'bad-request',
            'Running again is a new run: submit its pipeline.'
          );
      }
    });
  }

  async pipelineText(runId: string): Promise<string> {
    return textOf(this._service.store.documents.get(this._run(runId).document));
  }

  async log(key: Parameters<RunSource['log']>[0]): Promise<LogChunk> {
    this._run(key.runId);
    const chunk = await this._service.logs.read(key);
    if (chunk === undefined) {
      throw new ProblemError('not-found', 'This task has no such log.');
    }
    return chunk;
  }

  logBytes(key: Parameters<NonNullable<RunSource['logBytes']>>[0]): Readable {
    this._run(key.runId);
    const bytes = this._service.logs.bytes(key);
    if (bytes === undefined) {
      throw new ProblemError('not-found', 'This task has no such log.');
    }
    return bytes;
  }

  async logTimes(
    key: Parameters<NonNullable<RunSource['logTimes']>>[0]
  ): Promise<readonly LogTime[]> {
    this._run(key.runId);
    const times = await this._service.logs.times(key);
    if (times === undefined) {
      throw new ProblemError('not-found', 'This task has no such log.');
    }
    return times;
  }

  async artifact(runId: string, artifactId: string): Promise<ArtifactContent> {
    this._run(runId);
    const { artifacts } = this._service;
    const found = artifacts.find(runId, artifactId);
    if (found === undefined) {
      throw new ProblemError('not-found', 'This run has no such artifact.');
    }
    try {
      return await artifacts.open(found);
    } catch (error) {
      if (error instanceof ArtifactMissing) {
        throw new ProblemError('not-found', error.message, { cause: error });
      }
      throw error;
    }
  }

  async value(
    key: Parameters<NonNullable<RunSource['value']>>[0]
  ): Promise<string> {
    const run = this._run(key.runId);
    const records = this._service.engine.tasks(key.runId);
    const record = records.find(({ taskId }) => taskId === key.taskId);
    const found =
      record && wholeValue(record, key.side, key.name, secretsOf(run, records));
    if (found === undefined) {
      throw new ProblemError('not-found', 'This task has no such value.');
    }
    return found;
  }

  versionText(pipelineId: string, versionId?: string): Promise<string> {
    return this._try(() => this._catalogue.versionText(pipelineId, versionId));
  }

  listPipelines(query: ListQuery): Promise<Page<PipelineSummary>> {
    return this._try(() => this._catalogue.listPipelines(query));
  }

  listVersions(
    pipelineId: string,
    query: ListQuery
  ): Promise<Page<PipelineVersionSummary>> {
    return this._try(() => this._catalogue.listVersions(pipelineId, query));
  }

  listExperiments(query: ListQuery): Promise<Page<ExperimentSummary>> {
    return this._try(() => this._catalogue.listExperiments(query));
  }

  listRecurringRuns(query: ListQuery): Promise<Page<RecurringRunSummary>> {
    return this._try(() => this._catalogue.listRecurringRuns(query));
  }

  volumeFolders(): Promise<readonly VolumeFolder[]> {
    return volumesIn(this._service.dataDir);
  }

  async close(): Promise<void> {
    // The service belongs to the gateway, which closes it after its sockets.
  }

  private _run(runId: string): Run {
    const run = this._service.store.runs.find(runId);
    if (run === undefined) {
      throw new ProblemError(
        'not-found',
        `Run ${runId} does not exist on "local".`
      );
    }
    return run;
  }

  private _experiment(name: string): string {
    const { experiments } = this._service.store;
    return (
      experiments.findByName(name) ??
      experiments.create({ name, description: '' })
    ).id;
  }

  /** The words of the service become a problem with a code. */
  private async _try<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asProblem(error);
    }
  }
}

function plannedTask(task: RunCheck['tasks'][number]): PlannedTask {
  const resources = resourceText(task.resources);
  return {
    path: task.path,
    ...(task.image === undefined ? {} : { image: task.image }),
    ...(task.packages.length === 0 ? {} : { packages: task.packages }),
    ...(resources === '' ? {} : { resources }),
    ...(task.secrets.length === 0 ? {} : { secrets: task.secrets }),
    cache: task.cache,
    ...(task.cachedFrom === undefined ? {} : { cached_from: task.cachedFrom }),
    ...(task.isolation === undefined ? {} : { isolation: task.isolation })
  };
}
