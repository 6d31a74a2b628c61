import type {
  ActionRequest,
  ArtifactInfo,
  Bundle,
  BundleRequest,
  ConnectionInfo,
  DescribeAnswer,
  DescribeRequest,
  DoctorReport,
  ExperimentSummary,
  GatewayStatus,
  LogChunk,
  LogStream,
  LogTimes,
  PipelineSummary,
  PipelineVersionSummary,
  PlanAnswer,
  RunHeader,
  RunKey,
  RunsPage,
  RunsQuery,
  RunView,
  SubmitAnswer,
  SubmitRequest,
  SubscriptionDetail,
  VolumeFolder,
  WriteAnswer,
  WriteClaim
} from 'jupyterlab-kfp-model';

import { GatewayCalls } from './gateway-calls';
import { SeenNames } from './seen-names';

/** A page of pipelines. */
export interface IPipelinesPage {
  readonly pipelines: readonly PipelineSummary[];
  readonly next_page_token?: string;
}

/** A page of versions of one pipeline. */
export interface IPipelineVersionsPage {
  readonly versions: readonly PipelineVersionSummary[];
  readonly next_page_token?: string;
}

/** One part of a log to read. */
export interface ILogRange {
  readonly task_id: string;
  /** 0-based; -1 is the newest. */
  readonly attempt: number;
  readonly stream: LogStream;
  /** Byte offset; negative = bytes from the end. */
  readonly from: number;
  /** Bytes. */
  readonly limit: number;
}

/** One value of a task. */
export interface IValueAddress {
  readonly task_id: string;
  readonly side: 'inputs' | 'outputs';
  readonly name: string;
}

/**
 * The workbench API as typed calls. Every failure is a `GatewayError`.
 *
 * #### Notes
 * Reads are GET and have no side effects; the app's own server settings carry token, XSRF and `base_url`.
 */
export class GatewayClient extends GatewayCalls {
  /** Names that came through here, for completion. */
  readonly seen = new SeenNames();

  /** What the gateway says about itself. */
  status(): Promise<GatewayStatus> {
    return this.json('GET', ['status']);
  }

  /** The configured and discovered connections. */
  async connections(): Promise<readonly ConnectionInfo[]> {
    const answer = await this.json<{ connections: readonly ConnectionInfo[] }>(
      'GET',
      ['connections']
    );
    return answer.connections;
  }

  /** Look for connections again. */
  async searchConnections(): Promise<readonly ConnectionInfo[]> {
    const answer = await this.json<{ connections: readonly ConnectionInfo[] }>(
      'POST',
      ['connections', 'search'],
      {}
    );
    return answer.connections;
  }

  /** Examine a connection. */
  doctor(connection: string): Promise<DoctorReport> {
    return this.json('GET', ['connections', connection, 'doctor']);
  }

  /** One page of the runs of a connection, newest first. */
  runs(query: RunsQuery, pageToken?: string): Promise<RunsPage> {
    return this.json(
      'GET',
      ['connections', query.connection, 'runs'],
      undefined,
      {
        sort_by: 'created_at desc',
        ...(query.namespace ? { namespace: query.namespace } : {}),
        ...(query.page_size ? { page_size: String(query.page_size) } : {}),
        ...(query.filter ? { filter: JSON.stringify(query.filter) } : {}),
        ...(pageToken ? { page_token: pageToken } : {})
      }
    );
  }

  /** The picture of a run with its place in the sequence of patches. */
  view(
    key: RunKey,
    detail: SubscriptionDetail
  ): Promise<{ epoch: string; seq: number; view: RunView }> {
    return this.json('GET', [...runPath(key), 'view'], undefined, { detail });
  }

  /** The same for a page that has a picture already: without the picture when that is still the newest. */
  viewSince(
    key: RunKey,
    detail: SubscriptionDetail,
    since: string
  ): Promise<{ epoch: string; seq: number; view?: RunView }> {
    return this.json('GET', [...runPath(key), 'view'], undefined, {
      detail,
      since
    });
  }

  /** Start a run. */
  submit(connection: string, request: SubmitRequest): Promise<SubmitAnswer> {
    return this.json('POST', ['connections', connection, 'runs'], request);
  }

  /** Describe a compiled pipeline; the gateway keeps its text by digest for a while. */
  describe(request: DescribeRequest): Promise<DescribeAnswer> {
    return this.json('POST', ['pipelines'], request);
  }

  /** Names of the experiments of a connection, the first page. */
  async experiments(
    connection: string,
    namespace?: string
  ): Promise<readonly ExperimentSummary[]> {
    const answer = await this.json<{
      experiments: readonly ExperimentSummary[];
    }>(
      'GET',
      ['connections', connection, 'experiments'],
      undefined,
      namespace ? { namespace } : {}
    );
    this.seen.inNamespace(namespace);
    this.seen.noteExperiments(answer.experiments);
    return answer.experiments;
  }

  /** Say what a submit would do, without doing it. */
  plan(connection: string, request: SubmitRequest): Promise<PlanAnswer> {
    return this.json('POST', ['connections', connection, 'plan'], request);
  }

  /** Stop, retry, archive or unarchive a run. */
  act(key: RunKey, request: ActionRequest): Promise<RunHeader> {
    return this.json('POST', [...runPath(key), 'actions'], request);
  }

  /** Delete a run on its service. */
  async deleteRun(key: RunKey): Promise<void> {
    await this.json('DELETE', runPath(key));
  }

  /** Part of a log by byte offsets. */
  log(key: RunKey, range: ILogRange): Promise<LogChunk> {
    return this.json(
      'GET',
      [...runPath(key), 'tasks', range.task_id, 'log'],
      undefined,
      {
        attempt: String(range.attempt),
        stream: range.stream,
        from: String(range.from),
        limit: String(range.limit)
      }
    );
  }

  /** When which part of a log was written. */
  logTimes(key: RunKey, taskId: string, attempt: number): Promise<LogTimes> {
    return this.json(
      'GET',
      [...runPath(key), 'tasks', taskId, 'log', 'times'],
      undefined,
      { attempt: String(attempt) }
    );
  }

  /** Address of the whole log of an attempt, for a download by the browser. */
  logDownloadUrl(
    key: RunKey,
    taskId: string,
    attempt: number,
    stream: LogStream
  ): string {
    return this.url([...runPath(key), 'tasks', taskId, 'log', 'download'], {
      attempt: String(attempt),
      stream
    });
  }

  /** All of a value of a task as JSON text; of an artifact its metadata. */
  async value(key: RunKey, address: IValueAddress): Promise<string> {
    const response = await this.fetch('GET', valuePath(key, address));
    return response.text();
  }

  /** Address of all of a value, for a download by the browser. */
  valueUrl(key: RunKey, address: IValueAddress): string {
    return this.url(valuePath(key, address));
  }

  /** What is known of an artifact without its bytes. */
  artifactInfo(key: RunKey, artifactId: string): Promise<ArtifactInfo> {
    return this.json(
      'GET',
      [...runPath(key), 'artifacts', artifactId],
      undefined,
      { info: '1' }
    );
  }

  /** The bytes of an artifact, the first `limit` of them; folders come as `tar.gz`. */
  async artifact(
    key: RunKey,
    artifactId: string,
    limit: number
  ): Promise<Blob> {
    const response = await this.fetch(
      'GET',
      [...runPath(key), 'artifacts', artifactId],
      undefined,
      { limit: String(limit) }
    );
    return response.blob();
  }

  /** Address of the bytes of an artifact, for a download by the browser. */
  artifactUrl(key: RunKey, artifactId: string): string {
    return this.url([...runPath(key), 'artifacts', artifactId]);
  }

  /** The pipeline of a run as it was submitted. */
  source(key: RunKey): Promise<{ text: string; digest: string }> {
    return this.json('GET', [...runPath(key), 'source']);
  }

  /** Volumes that are folders of this machine; none for a cluster. */
  async volumeFolders(connection: string): Promise<readonly VolumeFolder[]> {
    const { volumes } = await this.json<{ volumes: readonly VolumeFolder[] }>(
      'GET',
      ['connections', connection, 'volumes']
    );
    return volumes;
  }

  /** One page of the pipelines of a connection. */
  async pipelines(
    connection: string,
    namespace?: string,
    pageToken?: string
  ): Promise<IPipelinesPage> {
    const page = await this.json<IPipelinesPage>(
      'GET',
      ['connections', connection, 'pipelines'],
      undefined,
      {
        ...(namespace ? { namespace } : {}),
        ...(pageToken ? { page_token: pageToken } : {})
      }
    );
    this.seen.inNamespace(namespace);
    this.seen.notePipelines(page.pipelines);
    return page;
  }

  /** One page of the versions of a pipeline. */
  async pipelineVersions(
    connection: string,
    pipelineId: string
  ): Promise<IPipelineVersionsPage> {
    const page = await this.json<IPipelineVersionsPage>('GET', [
      'connections',
      connection,
      'pipelines',
      pipelineId,
      'versions'
    ]);
    this.seen.noteVersions(pipelineId, page.versions);
    return page;
  }

  /** The three MIME parts of an output for these runs. */
  bundle(request: BundleRequest): Promise<Bundle> {
    return this.json('POST', ['bundles', 'runs'], request);
  }

  /** Ask to be the page that writes; false when another one does. */
  async mayWrite(claim: WriteClaim): Promise<boolean> {
    const answer = await this.json<WriteAnswer>('POST', ['writers'], claim);
    return answer.granted;
  }

  /** The compiled text of a pipeline that a cell defined. */
  pipelineText(digest: string): Promise<{ text: string }> {
    return this.json('GET', ['pipelines', digest]);
  }
}

function runPath(key: RunKey): string[] {
  return ['connections', key.connection, 'runs', key.run_id];
}

function valuePath(key: RunKey, address: IValueAddress): string[] {
  const { task_id, side, name } = address;
  return [...runPath(key), 'tasks', task_id, side, name];
}
