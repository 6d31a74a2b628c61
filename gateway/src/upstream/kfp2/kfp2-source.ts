/** A KFP 2.x service as a backend: its REST API, polled by the watcher. */
import {
  buildGraph,
  parsePipelineDocuments,
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
import { ArgoNodes } from './argo-nodes.ts';
import { Catalogue } from './catalogue.ts';
import { coverSecrets, hiddenForms } from './hidden-log.ts';
import { KeptLog, type WholeLog } from './kept-log.ts';
import { logError, logPiece } from './log-answer.ts';
import { paging, readPage, rows } from './pages.ts';
import type { NextFire } from './recurring-run-from-wire.ts';
import { API, Rest, type Upstream } from './rest.ts';
import { needsNodes, runHeader, runView } from './run-from-wire.ts';
import { documentsOf, sentPipeline } from './sent-pipeline.ts';
import { fields, text, type Fields } from './wire-fields.ts';

/** Runs whose secrets are remembered. */
const MOST_RUNS = 500;
/** Problems that mean: this service does not hand out workflows. */
const GONE: readonly string[] = ['not-found', 'auth-denied', 'upstream'];

export class Kfp2Source implements RunSource {
  readonly ref: ConnectionRef;
  private readonly _rest: Rest;
  private readonly _texts: (digest: string) => string;
  private readonly _catalogue: Catalogue;
  private readonly _log = new KeptLog();
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
    this._catalogue = new Catalogue(this._rest, parts.nextFire);
  }

  async listRuns(query: ListQuery): Promise<RunsPage> {
    const page = await readPage(this._rest, 'runs', query);
    return {
      runs: await Promise.all(
        rows(page, 'runs').map(run => this._named(runHeader(run, this.ref)))
      ),
      ...paging(page)
    };
  }

  async getRun(runId: string, detail: SubscriptionDetail): Promise<RunView> {
    const run = await this._get(`${API}/runs/${encodeURIComponent(runId)}`);
    const [document, nodes] =
      detail === 'header'
        ? []
        : await Promise.all([
            this._document(run),
            needsNodes(run) ? this._nodes(runId) : undefined
          ]);
    const view = runView(
      run,
      this.ref,
      document === undefined ? undefined : buildGraph(document),
      detail,
      nodes
    );
    return { ...view, run: await this._named(view.run) };
  }

  async getHeaders(runIds: readonly string[]): Promise<readonly RunView[]> {
    const { namespace } = this.ref;
    const page = await readPage(this._rest, 'runs', {
      page_size: runIds.length,
      filter: JSON.stringify({
        predicates: [
          { operation: 'IN', key: 'run_id', string_values: { values: runIds } }
        ]
      }),
      ...(namespace === undefined ? {} : { namespace })
    });
    return Promise.all(
      rows(page, 'runs').map(async run => {
        const view = runView(run, this.ref, undefined, 'header');
        return { ...view, run: await this._named(view.run) };
      })
    );
  }

  async submit(request: SubmitRequest): Promise<RunHeader> {
    const experiment = await this._catalogue.experimentId(
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
          : {
              pipeline_spec: sentPipeline(
                'text' in pipeline
                  ? pipeline.text
                  : this._texts(pipeline.digest),
                request.cache
              )
            }),
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
    const documents = documentsOf(await this._specOf(run));
    return documents
      .map(document => JSON.stringify(document, null, 2))
      .join('\n---\n');
  }

  async log(key: Parameters<RunSource['log']>[0]): Promise<LogChunk> {
    const name = [key.runId, key.taskId, key.attempt, key.stream].join('/');
    const kept = this._log.find(name, key.from);
    if (kept !== undefined) {
      const piece = logPiece(kept.bytes, key, kept.isRunning);
      if (piece.next > piece.offset) {
        return piece; // else it ends in the middle of a character, whose rest may be there by now
      }
    }
    const log = await this._wholeLog(key);
    this._log.keep(name, log);
    return logPiece(log.bytes, key, log.isRunning);
  }

  private async _wholeLog(
    key: Parameters<RunSource['log']>[0]
  ): Promise<WholeLog> {
    const view = await this.getRun(key.runId, 'tasks');
    const task = view.tasks[key.taskId];
    const attempt = task?.attempts.at(key.attempt);
    const pod = key.stream === 'driver' ? task?.driver : attempt?.id;
    if (attempt === undefined || pod === undefined) {
      throw new ProblemError('not-found', 'This task has no such log.');
    }
    const answer = await this._rest.raw(
      `apis/v1alpha1/runs/${encodeURIComponent(key.runId)}/nodes/${encodeURIComponent(pod)}/log`
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
    return { bytes, isRunning: attempt.state === 'RUNNING' };
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

  listPipelines(query: ListQuery): Promise<Page<PipelineSummary>> {
    return this._catalogue.listPipelines(query);
  }

  listVersions(
    pipelineId: string,
    query: ListQuery
  ): Promise<Page<PipelineVersionSummary>> {
    return this._catalogue.listVersions(pipelineId, query);
  }

  listExperiments(query: ListQuery): Promise<Page<ExperimentSummary>> {
    return this._catalogue.listExperiments(query);
  }

  listRecurringRuns(query: ListQuery): Promise<Page<RecurringRunSummary>> {
    return this._catalogue.listRecurringRuns(query);
  }

  async close(): Promise<void> {
    this._log.clear();
  }

  private async _named(run: RunHeader): Promise<RunHeader> {
    const { experiment } = run;
    return experiment === undefined
      ? run
      : {
          ...run,
          experiment: {
            ...experiment,
            name: await this._catalogue.experimentName(experiment.id)
          }
        };
  }

  private async _get(path: string): Promise<Fields> {
    return fields(await this._rest.json(path));
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
