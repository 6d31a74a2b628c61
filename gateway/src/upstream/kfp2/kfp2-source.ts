/** A KFP 2.x service as a backend: its REST API, polled by the watcher. */
import {
  buildGraph,
  parsePipelineDocuments,
  parsePipelineText,
  type ConnectionRef,
  type ExperimentSummary,
  type Json,
  type LogChunk,
  type PipelineDocument,
  type PipelineSummary,
  type PipelineVersionSummary,
  type RecurringRunSummary,
  type RunAction,
  type RunHeader,
  type RunsPage,
  type RunView,
  type SubmitRequest,
  type SubscriptionDetail
} from 'jupyterlab-kfp-model';

import { ProblemError } from '../../problem.ts';
import type { ArtifactContent, ListQuery, Page, RunSource } from '../source.ts';
import { Rest, type Upstream } from './rest.ts';
import { ArgoNodes } from './argo-nodes.ts';
import { coverSecrets, hiddenForms } from './hidden-log.ts';
import { logError, logPiece } from './log-answer.ts';
import { recurringRun, type NextFire } from './recurring-run-from-wire.ts';
import { needsNodes, runHeader, runView } from './run-from-wire.ts';
import { fields, text, type Fields } from './wire-fields.ts';

const API = 'apis/v2beta1';
/** Runs whose secrets are remembered. */
const MOST_RUNS = 500;
/** Problems that mean: this service does not hand out workflows. */
const GONE: readonly string[] = ['not-found', 'auth-denied', 'upstream'];

export class Kfp2Source implements RunSource {
  readonly ref: ConnectionRef;
  private readonly _rest: Rest;
  private readonly _texts: (digest: string) => string;
  private readonly _nextFire: NextFire;
  private readonly _secrets = new Map<string, readonly Buffer[]>();

  constructor(parts: {
    readonly ref: ConnectionRef;
    readonly upstream: Upstream;
    /** The compiled text with this digest; throws `not-found` when it is gone. */
    readonly texts: (digest: string) => string;
    readonly nextFire: NextFire;
  }) {
    this.ref = parts.ref;
    this._rest = new Rest(parts.upstream);
    this._texts = parts.texts;
    this._nextFire = parts.nextFire;
  }

  async listRuns(query: ListQuery): Promise<RunsPage> {
    const page = await this._page('runs', query);
    return {
      runs: rows(page, 'runs').map(run => runHeader(run, this.ref)),
      ...paging(page)
    };
  }

  async getRun(runId: string, detail: SubscriptionDetail): Promise<RunView> {
    const run = await this._get(`${API}/runs/${encodeURIComponent(runId)}`);
    if (detail === 'header') {
      return runView(run, this.ref, undefined, detail);
    }
    const [document, nodes] = await Promise.all([
      this._document(run),
      needsNodes(run) ? this._nodes(runId) : undefined
    ]);
    return runView(
      run,
      this.ref,
      document === undefined ? undefined : buildGraph(document),
      detail,
      nodes
    );
  }

  async submit(request: SubmitRequest): Promise<RunHeader> {
    const experiment = await this._experiment(
      request.experiment ?? 'Default',
      request.namespace
    );
    const { pipeline } = request;
    const run = await this._rest.json(`${API}/runs`, {
      method: 'POST',
      body: {
        display_name: request.name,
        experiment_id: experiment,
        ...('pipeline_id' in pipeline
          ? {
              pipeline_version_reference: {
                pipeline_id: pipeline.pipeline_id,
                ...(pipeline.version_id === undefined
                  ? {}
                  : { pipeline_version_id: pipeline.version_id })
              }
            }
          : { pipeline_spec: this._spec(pipeline, request.cache) }),
        runtime_config: { parameters: request.parameters ?? {} }
      }
    });
    return runHeader(fields(run), this.ref);
  }

  async act(runId: string, action: RunAction): Promise<void> {
    const path = `${API}/runs/${encodeURIComponent(runId)}`;
    if (action === 'rerun') {
      throw new ProblemError(
        'bad-request',
        'Running again is a new run: submit its pipeline.'
      );
    }
    await (action === 'delete'
      ? this._rest.raw(path, { method: 'DELETE' })
      : this._rest.raw(`${path}:${action}`, { method: 'POST', body: {} }));
  }

  async pipelineText(runId: string): Promise<string> {
    const run = await this._get(`${API}/runs/${encodeURIComponent(runId)}`);
    const spec = await this._specOf(run);
    return JSON.stringify(spec, null, 2);
  }

  async log(key: Parameters<RunSource['log']>[0]): Promise<LogChunk> {
    const view = await this.getRun(key.runId, 'tasks');
    const task = view.tasks[key.taskId];
    const attempt = task?.attempts.at(key.attempt);
    if (attempt === undefined) {
      throw new ProblemError('not-found', 'This task has no such log.');
    }
    const answer = await this._rest.raw(
      `apis/v1alpha1/runs/${encodeURIComponent(key.runId)}/nodes/${encodeURIComponent(attempt.id)}/log`
    );
    const whole = Buffer.from(await answer.arrayBuffer());
    const refused = logError(whole);
    if (refused !== undefined) {
      throw new ProblemError(
        'not-found',
        'The service has no log of this attempt any more.',
        { detail: refused }
      );
    }
    const bytes = coverSecrets(
      whole,
      await this._secretForms(key.runId),
      attempt.state === 'RUNNING'
    );
    return logPiece(bytes, key, attempt.state === 'RUNNING');
  }

  /** What must not be read in the logs of a run; its parameters never change. */
  private async _secretForms(runId: string): Promise<readonly Buffer[]> {
    let forms = this._secrets.get(runId);
    if (forms === undefined) {
      const run = await this._get(`${API}/runs/${encodeURIComponent(runId)}`);
      forms = hiddenForms(
        fields(fields(run['runtime_config'])['parameters']) as Readonly<
          Record<string, Json>
        >
      );
      if (this._secrets.size >= MOST_RUNS) {
        this._secrets.clear();
      }
      this._secrets.set(runId, forms);
    }
    return forms;
  }

  async artifact(): Promise<ArtifactContent> {
    throw new ProblemError(
      'unsupported',
      `"${this.ref.profile}" does not hand out artifacts over its API.`
    );
  }

  async listPipelines(query: ListQuery): Promise<Page<PipelineSummary>> {
    const page = await this._page('pipelines', query);
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
    const page = await this._page(
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
    const page = await this._page('experiments', query);
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
    const page = await this._page('recurringruns', query);
    return {
      items: rows(page, 'recurringRuns').map(row =>
        recurringRun(row, this._nextFire)
      ),
      ...paging(page)
    };
  }

  async close(): Promise<void> {
    // Nothing is held open between requests.
  }

  private async _get(path: string): Promise<Fields> {
    return fields(await this._rest.json(path));
  }

  private _page(what: string, query: ListQuery): Promise<Fields> {
    const search = new URLSearchParams({
      page_size: String(query.page_size ?? 20),
      sort_by: query.sort_by ?? 'created_at desc'
    });
    for (const name of [
      'page_token',
      'filter',
      'namespace',
      'experiment_id'
    ] as const) {
      const value = query[name];
      if (value !== undefined && value !== '') {
        search.set(name, value);
      }
    }
    return this._get(`${API}/${what}?${search.toString()}`);
  }

  private async _experiment(
    name: string,
    namespace: string | undefined
  ): Promise<string> {
    const filter = JSON.stringify({
      predicates: [
        { operation: 'EQUALS', key: 'display_name', string_value: name }
      ]
    });
    const found = await this._page('experiments', {
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

  private _spec(
    pipeline: { readonly text: string } | { readonly digest: string },
    cache: boolean | undefined
  ): unknown {
    const source =
      'text' in pipeline ? pipeline.text : this._texts(pipeline.digest);
    const parsed = parsePipelineText(source);
    if (parsed.format !== 'ir') {
      throw new ProblemError(
        'bad-pipeline',
        parsed.format === 'argo'
          ? 'This is an Argo workflow (KFP v1); it cannot be sent as a KFP 2 pipeline.'
          : `This is not a compiled pipeline: ${parsed.errors[0]?.message ?? 'it is empty'}.`
      );
    }
    const { pipeline: spec, platform } = parsed.document.json;
    const sent =
      cache === undefined ? spec : (overrideCache(spec, cache) as typeof spec);
    return platform === undefined
      ? sent
      : { pipeline_spec: sent, platform_spec: platform };
  }

  /** The workflow of a run: v1beta1 hands it out for KFP 2 runs too, and it is the best source of task states on 2.x. */
  private async _nodes(runId: string): Promise<ArgoNodes | undefined> {
    try {
      const answer = await this._get(
        `apis/v1beta1/runs/${encodeURIComponent(runId)}`
      );
      const manifest = text(
        fields(answer['pipeline_runtime'])['workflow_manifest']
      );
      return manifest === ''
        ? // Created, not reported yet: every task waits.
          new ArgoNodes({})
        : new ArgoNodes(fields(JSON.parse(manifest)));
    } catch (error) {
      if (
        error instanceof SyntaxError ||
        (error instanceof ProblemError && GONE.includes(error.code))
      ) {
        return undefined; // this service has no v1beta1, or not for this user
      }
      throw error;
    }
  }

  private async _document(run: Fields): Promise<PipelineDocument | undefined> {
    const parsed = parsePipelineDocuments(documentsOf(await this._specOf(run)));
    return parsed.format === 'ir' ? parsed.document : undefined;
  }

  /** `pipeline_spec` of a run: inline, or of the version it was made from. */
  private async _specOf(run: Fields): Promise<Fields> {
    if (run['pipeline_spec'] !== undefined) {
      return fields(run['pipeline_spec']);
    }
    const reference = fields(run['pipeline_version_reference']);
    const version = await this._get(
      `${API}/pipelines/${encodeURIComponent(text(reference['pipeline_id']))}/versions/${encodeURIComponent(text(reference['pipeline_version_id']))}`
    );
    return fields(version['pipeline_spec']);
  }
}

function documentsOf(spec: Fields): readonly unknown[] {
  return spec['pipeline_spec'] === undefined
    ? [spec]
    : [spec['pipeline_spec'], spec['platform_spec']].filter(
        document => document !== undefined
      );
}

/** Set caching on every task, nested ones too. */
function overrideCache(value: unknown, enable: boolean): unknown {
  if (Array.isArray(value)) {
    return value.map(item => overrideCache(item, enable));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'cachingOptions' && typeof item === 'object'
        ? { ...item, enableCache: enable }
        : overrideCache(item, enable)
    ])
  );
}

function rows(page: Fields, name: string): readonly Fields[] {
  const list = page[name];
  return Array.isArray(list) ? (list as unknown[]).map(fields) : [];
}

function paging(page: Fields): {
  next_page_token?: string;
  total_size?: number;
} {
  const token = text(page['next_page_token'] ?? page['nextPageToken']);
  return {
    ...(token === '' ? {} : { next_page_token: token }),
    ...(typeof page['total_size'] === 'number'
      ? { total_size: page['total_size'] }
      : {})
  };
}
