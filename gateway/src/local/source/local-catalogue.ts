/** What the local service keeps beside runs: pipelines, their versions, experiments and recurring runs. */
import type {
  ExperimentSummary,
  PipelineSummary,
  PipelineVersionSummary,
  RecurringRunSummary
} from 'jupyterlab-kfp-model';

import { ProblemError } from '../../problem.ts';
import type { ListQuery, Page } from '../../upstream/source.ts';
import { pipelineNameOf } from '../runs/pipeline-documents.ts';
import type { LocalService } from '../service.ts';
import type { StoredDocument } from '../store/documents.ts';
import { within } from '../store/list-query.ts';
import type { RecurringRun } from '../store/recurring-runs.ts';
import {
  experimentSummary,
  paging,
  pipelineSummary,
  recurringRunSummary,
  toListRequest,
  versionSummary
} from './list-views.ts';

/** Reads lists; errors are the service's own. */
export class LocalCatalogue {
  private readonly _service: LocalService;

  constructor(service: LocalService) {
    this._service = service;
  }

  /** The compiled text of a version, the latest when none is named; throws `not-found` where there is none. */
  versionText(pipelineId: string, versionId?: string): string {
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
  }

  listPipelines(query: ListQuery): Page<PipelineSummary> {
    const page = this._service.store.pipelines.list(
      toListRequest(query, 'created_at desc')
    );
    return {
      items: page.rows.map(pipelineSummary),
      ...paging(page)
    };
  }

  listVersions(
    pipelineId: string,
    query: ListQuery
  ): Page<PipelineVersionSummary> {
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
  }

  listExperiments(query: ListQuery): Page<ExperimentSummary> {
    const page = this._service.store.experiments.list(
      toListRequest(query, 'created_at desc')
    );
    return {
      items: page.rows.map(experimentSummary),
      ...paging(page)
    };
  }

  listRecurringRuns(query: ListQuery): Page<RecurringRunSummary> {
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
  }

  /** Name of what a recurring run runs; `undefined` when its pipeline was deleted. */
  private _pipelineName(row: RecurringRun): string | undefined {
    const { pipelines, documents } = this._service.store;
    return row.document === undefined
      ? pipelines.find(row.pipelineId)?.displayName
      : pipelineNameOf(documents.get(row.document));
  }
}

/** A stored pipeline as text: its documents one after the other. */
export function textOf(stored: StoredDocument): string {
  return [stored.pipeline, stored.platform]
    .filter(document => document !== undefined)
    .map(document => JSON.stringify(document, null, 2))
    .join('\n---\n');
}
