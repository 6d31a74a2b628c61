/** The local service as a backend like any other. */
import { randomUUID } from 'node:crypto';

import type {
  ConnectionRef,
  ExperimentSummary,
  Json,
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
  SubscriptionDetail
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
import { ArtifactMissing } from '../runs/artifact-files.ts';
import { documentOf, pipelineNameOf } from '../runs/pipeline-documents.ts';
import type { PipelineOrigin } from '../runs/resolve-pipeline.ts';
import type { RunRequest } from '../runs/submit-run.ts';
import type { LocalService } from '../service.ts';
import type { StoredDocument } from '../store/documents.ts';
import { within } from '../store/list-query.ts';
import type { RecurringRun } from '../store/recurring-runs.ts';
import type { Run } from '../store/runs.ts';
import { asProblem } from './as-problem.ts';
import {
  experimentSummary,
  paging,
  pipelineSummary,
  recurringRunSummary,
  toListRequest,
  versionSummary
} from './list-views.ts';
import { runFailure } from './run-failure.ts';
import { RunViews } from './run-view.ts';

/** Reads pipelines that were described earlier, by their digest; throws `not-found` for one that is gone. */
export type PipelineTexts = (digest: string) => string;

export class LocalSource implements RunSource {
  readonly ref: ConnectionRef;
  private readonly _service: LocalService;
  private readonly _views: RunViews;
  private readonly _texts: PipelineTexts;

  constructor(parts: {
    readonly service: LocalService;
    readonly ref: ConnectionRef;
    readonly texts: PipelineTexts;
  }) {
    this._service = parts.service;
    this.ref = parts.ref;
    this._texts = parts.texts;
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
        ...this._request(request),
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
      const check = await this._service.plan(this._request(request));
      return {
        tasks: check.tasks.map(plannedTask),
        warnings: check.warnings.map(({ name, text }) => `${text} (${name})`),
        refusals: check.refusals.map(({ text }) => text)
      };
    });
  }

  async versionText(pipelineId: string, versionId?: string): Promise<string> {
    return this._try(() => {
      const { versions, documents } = this._service.store;
      const version =
        versionId === undefined || versionId === ''
          ? versions.latestOf(pipelineId)
          : versions.get(versionId);
      if (version === undefined) {
        throw new ProblemError(
          'not-found',
          `Pipeline ${pipelineId} has no version.`
        );
      }
      return textOf(documents.get(version.document));
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

  async listPipelines(query: ListQuery): Promise<Page<PipelineSummary>> {
    return this._try(() => {
      const page = this._service.store.pipelines.list(
        toListRequest(query, 'created_at desc')
      );
      return {
        items: page.rows.map(pipelineSummary),
        ...paging(page)
      };
    });
  }

  async listVersions(
    pipelineId: string,
    query: ListQuery
  ): Promise<Page<PipelineVersionSummary>> {
    return this._try(() => {
      const { versions, documents } = this._service.store;
      const page = versions.list(
        toListRequest(query, 'created_at desc'),
        within('pipeline_id', pipelineId)
      );
      return {
        items: page.rows.map(row =>
          versionSummary(row, documents.get(row.document).format)
        ),
        ...paging(page)
      };
    });
  }

  async listExperiments(query: ListQuery): Promise<Page<ExperimentSummary>> {
    return this._try(() => {
      const page = this._service.store.experiments.list(
        toListRequest(query, 'created_at desc')
      );
      return {
        items: page.rows.map(experimentSummary),
        ...paging(page)
      };
    });
  }

  async listRecurringRuns(
    query: ListQuery
  ): Promise<Page<RecurringRunSummary>> {
    return this._try(() => {
      const { store, nextFire } = this._service;
      const page = store.recurringRuns.list(
        toListRequest(query, 'created_at desc'),
        within('experiment_id', query.experiment_id)
      );
      return {
        items: page.rows.map(row =>
          recurringRunSummary(row, {
            nextFire: nextFire(row),
            pipeline: this._pipelineName(row)
          })
        ),
        ...paging(page)
      };
    });
  }

  async close(): Promise<void> {
    // The service belongs to the gateway, which closes it after its sockets.
  }

  /** Name of what a recurring run runs; `undefined` when its pipeline was deleted. */
  private _pipelineName(row: RecurringRun): string | undefined {
    const { pipelines, documents } = this._service.store;
    return row.document === undefined
      ? pipelines.find(row.pipelineId)?.displayName
      : pipelineNameOf(documents.get(row.document));
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

  /** The request in the service's words, without its experiment. */
  private _request(request: SubmitRequest): RunRequest {
    return {
      name: request.name ?? `run ${randomUUID().slice(0, 8)}`,
      origin: this._origin(request),
      parameters: (request.parameters ?? {}) as Readonly<Record<string, Json>>,
      options: {
        ...(request.cache === undefined ? {} : { cache: request.cache }),
        ...(request.interpreter === undefined
          ? {}
          : { interpreter: request.interpreter }),
        ...(request.force === undefined ? {} : { force: request.force }),
        ...(request.sdk === undefined ? {} : { sdk: request.sdk }),
        ...(request.cell === undefined
          ? {}
          : {
              cell: JSON.parse(JSON.stringify(request.cell)) as {
                readonly [key: string]: Json;
              }
            })
      }
    };
  }

  private _origin(request: SubmitRequest): PipelineOrigin {
    const { pipeline } = request;
    if ('text' in pipeline) {
      return { kind: 'text', text: pipeline.text };
    }
    if ('digest' in pipeline) {
      return { kind: 'text', text: this._texts(pipeline.digest) };
    }
    return {
      kind: 'version',
      pipelineId: pipeline.pipeline_id,
      versionId: pipeline.version_id ?? ''
    };
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

function textOf(stored: StoredDocument): string {
  return [stored.pipeline, stored.platform]
    .filter(document => document !== undefined)
    .map(document => JSON.stringify(document, null, 2))
    .join('\n---\n');
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
