/** What a KFP 2 service keeps beside runs: pipelines, their versions, experiments and recurring runs. */
import type {
  ExperimentSummary,
  PipelineSummary,
  PipelineVersionSummary,
  RecurringRunSummary
} from 'jupyterlab-kfp-model';

import type { ListQuery, Page } from '../source.ts';
import { paging, readPage, rows } from './pages.ts';
import { recurringRun, type NextFire } from './recurring-run-from-wire.ts';
import { API, type Rest } from './rest.ts';
import { fields, text } from './wire-fields.ts';

/** Names that are remembered. */
const MOST_NAMES = 1000;

export class Catalogue {
  private readonly _rest: Rest;
  private readonly _nextFire: NextFire;

  /** Names of experiments by id; they never change. */
  private readonly _names = new Map<string, Promise<string>>();

  constructor(rest: Rest, nextFire: NextFire) {
    this._rest = rest;
    this._nextFire = nextFire;
  }

  async listPipelines(query: ListQuery): Promise<Page<PipelineSummary>> {
    const page = await readPage(this._rest, 'pipelines', query);
    return {
      items: rows(page, 'pipelines').map(row => ({
        pipeline_id: text(row['pipeline_id']),
        name: text(row['name']) || text(row['display_name']),
        display_name: text(row['display_name']),
        created_at: text(row['created_at'])
      })),
      ...paging(page)
    };
  }

  async listVersions(
    pipelineId: string,
    query: ListQuery
  ): Promise<Page<PipelineVersionSummary>> {
    const page = await readPage(
      this._rest,
      `pipelines/${encodeURIComponent(pipelineId)}/versions`,
      query
    );
    return {
      items: rows(page, 'pipeline_versions').map(row => ({
        pipeline_id: text(row['pipeline_id']),
        pipeline_version_id: text(row['pipeline_version_id']),
        name: text(row['name']),
        display_name: text(row['display_name']),
        created_at: text(row['created_at']),
        format:
          fields(row['pipeline_spec'])['apiVersion'] === undefined
            ? ('ir' as const)
            : ('argo' as const)
      })),
      ...paging(page)
    };
  }

  async listExperiments(query: ListQuery): Promise<Page<ExperimentSummary>> {
    const page = await readPage(this._rest, 'experiments', query);
    return {
      items: rows(page, 'experiments').map(row => ({
        id: text(row['experiment_id']),
        name: text(row['display_name']),
        created_at: text(row['created_at']),
        ...(row['storage_state'] === 'ARCHIVED' ? { archived: true } : {})
      })),
      ...paging(page)
    };
  }

  async listRecurringRuns(
    query: ListQuery
  ): Promise<Page<RecurringRunSummary>> {
    const page = await readPage(this._rest, 'recurringruns', query);
    return {
      items: rows(page, 'recurringRuns').map(row =>
        recurringRun(row, this._nextFire)
      ),
      ...paging(page)
    };
  }

  /** The name of an experiment, which runs do not tell; its id where it cannot be read. */
  async experimentName(id: string): Promise<string> {
    let name = this._names.get(id);
    if (name === undefined) {
      name = this._rest
        .json(`${API}/experiments/${encodeURIComponent(id)}`)
        .then(answer => text(fields(answer)['display_name']) || id);
      if (this._names.size >= MOST_NAMES) {
        this._names.clear();
      }
      this._names.set(id, name);
    }
    try {
      return await name;
    } catch {
      this._names.delete(id); // it may be readable later
      return id;
    }
  }

  /** The id of the experiment with this name; it is made where there is none. */
  async experimentId(
    name: string,
    namespace: string | undefined
  ): Promise<string> {
    const filter = JSON.stringify({
      predicates: [
        { operation: 'EQUALS', key: 'display_name', string_value: name }
      ]
    });
    const found = await readPage(this._rest, 'experiments', {
      filter,
      ...(namespace === undefined ? {} : { namespace })
    });
    const [first] = rows(found, 'experiments');
    if (first !== undefined) {
      return text(first['experiment_id']);
    }
    const made = await this._rest.json(`${API}/experiments`, {
      method: 'POST',
      body: {
        display_name: name,
        ...(namespace === undefined ? {} : { namespace })
      }
    });
    return text(fields(made)['experiment_id']);
  }
}
