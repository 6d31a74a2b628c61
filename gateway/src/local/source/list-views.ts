/** What lists of the local service show of a row, and how their pages are asked for and told. */
import type {
  ExperimentSummary,
  PipelineSummary,
  PipelineVersionSummary,
  RecurringRunSummary
} from 'jupyterlab-kfp-model';

import type { ListQuery } from '../../upstream/source.ts';
import { listRequest } from '../api/list-request.ts';
import type { StoredDocument } from '../store/documents.ts';
import type { Experiment } from '../store/experiments.ts';
import type { ListRequest } from '../store/list-query.ts';
import type { PipelineVersion } from '../store/pipeline-versions.ts';
import type { Pipeline } from '../store/pipelines.ts';
import type { RecurringRun } from '../store/recurring-runs.ts';

export function pipelineSummary(row: Pipeline): PipelineSummary {
  return {
    pipeline_id: row.id,
    name: row.name,
    display_name: row.displayName,
    ...(row.description === '' ? {} : { description: row.description }),
    created_at: iso(row.createdAt)
  };
}

export function versionSummary(
  row: PipelineVersion,
  format: StoredDocument['format']
): PipelineVersionSummary {
  return {
    pipeline_id: row.pipelineId,
    pipeline_version_id: row.id,
    name: row.name,
    display_name: row.displayName,
    created_at: iso(row.createdAt),
    format
  };
}

export function experimentSummary(row: Experiment): ExperimentSummary {
  return {
    id: row.id,
    name: row.name,
    ...(row.description === '' ? {} : { description: row.description }),
    created_at: iso(row.createdAt),
    ...(row.storageState === 'ARCHIVED' ? { archived: true } : {})
  };
}

/** `nextFire` is absent where nothing is to come; `pipeline` for an inline one that is gone. */
export function recurringRunSummary(
  row: RecurringRun,
  more: {
    readonly nextFire: number | undefined;
    readonly pipeline: string | undefined;
  }
): RecurringRunSummary {
  return {
    recurring_run_id: row.id,
    name: row.displayName,
    enabled: row.enabled,
    trigger: triggerText(row.trigger),
    ...(more.nextFire === undefined
      ? {}
      : { next_fire_at: iso(more.nextFire) }),
    ...(more.pipeline === undefined
      ? {}
      : { pipeline: { id: row.pipelineId, name: more.pipeline } })
  };
}

function triggerText(trigger: RecurringRun['trigger']): string {
  switch (trigger.kind) {
    case 'cron':
      return trigger.cron;
    case 'interval':
      return `@every ${trigger.seconds}s`;
    case 'once':
      return '@once';
  }
}

/** A question of the workbench as the store reads it. */
export function toListRequest(query: ListQuery, sortBy: string): ListRequest {
  return listRequest(
    {
      page_size: String(query.page_size ?? 20),
      page_token: query.page_token ?? '',
      sort_by: query.sort_by ?? sortBy,
      filter: query.filter ?? ''
    },
    'v2'
  ).options();
}

/** What a page says about the others. */
export function paging(page: {
  readonly nextPageToken: string;
  readonly total: number;
}): { next_page_token?: string; total_size: number } {
  return {
    total_size: page.total,
    ...(page.nextPageToken === ''
      ? {}
      : { next_page_token: page.nextPageToken })
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
