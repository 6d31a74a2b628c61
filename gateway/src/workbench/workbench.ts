/** What the routes of the workbench API work with. */
import { Readable } from 'node:stream';

import {
  parsePipelineText,
  type GatewayStatus,
  type LogStream,
  type SubmitRequest
} from 'jupyterlab-kfp-model';

import type { ConnectionRegistry } from '../connections/registry.ts';
import { unknownConnection } from '../problem.ts';
import type { RunSource } from '../upstream/source.ts';
import type { PipelineTexts } from './pipeline-texts.ts';

/** Bytes per read of a log that is sent whole. */
const PIECE = 256 * 1024;

export interface Workbench {
  readonly registry: ConnectionRegistry;
  readonly texts: PipelineTexts;
  /** The backend of a connection; an unknown name is a problem. */
  source(connection: string): RunSource;
  search(): Promise<void>;
  status(): GatewayStatus;
  /** RFC 3339, UTC. */
  now(): string;
  /** The name of a run that was given none: the pipeline's and the time. */
  runName(request: SubmitRequest): string;
  /** All of a log, as it is now. */
  wholeLog(
    connection: string,
    key: {
      readonly runId: string;
      readonly taskId: string;
      readonly attempt: number;
      readonly stream: LogStream;
    }
  ): Readable;
}

/** Make the workbench over the connections. */
export function createWorkbench(parts: {
  readonly registry: ConnectionRegistry;
  readonly texts: PipelineTexts;
  readonly search: () => Promise<void>;
  readonly status: () => GatewayStatus;
}): Workbench {
  const { registry, texts } = parts;
  const source = (connection: string): RunSource => {
    const found = registry.get(connection);
    if (found === undefined) {
      throw unknownConnection(connection);
    }
    return found.source;
  };
  const runNames = distinctNames();
  return {
    registry,
    texts,
    source,
    search: parts.search,
    status: parts.status,
    now: () => new Date().toISOString(),
    runName: request =>
      runNames(`${pipelineName(request, texts)} ${stamp(new Date())}`),
    wholeLog: (connection, key) => {
      const backend = source(connection);
      if (backend.logBytes !== undefined) {
        return backend.logBytes(key);
      }
      return Readable.from(
        (async function* () {
          for (let from = 0; ;) {
            const chunk = await backend.log({ ...key, from, limit: PIECE });
            if (chunk.text !== '') {
              yield chunk.text;
            }
            if (chunk.next <= from) {
              return;
            }
            from = chunk.next;
          }
        })()
      );
    }
  };
}

function pipelineName(request: SubmitRequest, texts: PipelineTexts): string {
  const { pipeline } = request;
  const text =
    'text' in pipeline
      ? pipeline.text
      : 'digest' in pipeline
        ? texts.get(pipeline.digest)
        : undefined;
  const parsed = text === undefined ? undefined : parsePipelineText(text);
  return parsed?.format === 'ir'
    ? parsed.document.spec.pipelineInfo.name
    : 'run';
}

/** Number the names that were given out before: two runs of one second are two lines in a list. */
function distinctNames(): (name: string) => string {
  let second = '';
  let given = new Map<string, number>();
  return name => {
    const now = name.slice(-STAMP);
    if (now !== second) {
      second = now;
      given = new Map();
    }
    const count = (given.get(name) ?? 0) + 1;
    given.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}

/** Characters of `2026-11-23 12-00-00`. */
const STAMP = 19;

/** `2026-11-23 12-00-00`, UTC: the SDK's own form. */
function stamp(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '-');
}
