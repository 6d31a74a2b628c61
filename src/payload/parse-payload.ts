import type {
  PackedGraph,
  PipelinePayload,
  RunEntry,
  RunPayload
} from 'jupyterlab-kfp-model';

/** Runs of one output at most. */
const RUNS = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Json = Readonly<Record<string, unknown>>;

/**
 * Read the payload of an output with runs. Unknown fields stay.
 *
 * @returns null for anything else, a newer major version or a broken document included.
 */
export function parseRunPayload(data: unknown): RunPayload | null {
  if (
    !isRecord(data) ||
    data.schema !== 'kfp.run/1' ||
    !Array.isArray(data.runs)
  ) {
    return null;
  }
  const graphs = data.graphs === undefined ? {} : data.graphs;
  const isWhole =
    data.runs.length > 0 &&
    data.runs.length <= RUNS &&
    data.runs.every(isRunEntry) &&
    isRecord(graphs) &&
    Object.values(graphs).every(isPackedGraph);
  return isWhole ? (data as unknown as RunPayload) : null; // every field that is read was looked at
}

/** Read the payload of an output with a pipeline; null for anything else. */
export function parsePipelinePayload(data: unknown): PipelinePayload | null {
  if (!isRecord(data) || data.schema !== 'kfp.pipeline/1') {
    return null;
  }
  const isWhole =
    isText(data.name) &&
    isText(data.ir_digest) &&
    typeof data.size === 'number' &&
    isPackedGraph(data.graph) &&
    isListOf(data.inputs, each => isText(each.name) && isText(each.type)) &&
    isListOf(data.components, each => isText(each.name)) &&
    (data.lint === undefined ||
      isListOf(data.lint, each => isText(each.rule) && isText(each.message)));
  return isWhole ? (data as unknown as PipelinePayload) : null; // every field that is read was looked at
}

function isRunEntry(value: unknown): value is RunEntry {
  if (!isRecord(value) || !isText(value.run_id) || !UUID.test(value.run_id)) {
    return false;
  }
  const { connection, pipeline, snapshot, params } = value;
  return (
    isText(value.name) &&
    isText(value.submitted_at) &&
    isRecord(connection) &&
    isText(connection.profile) &&
    isText(connection.fingerprint) &&
    isText(connection.flavour) &&
    isRecord(pipeline) &&
    isText(pipeline.name) &&
    (params === undefined ||
      (isRecord(params) && Object.values(params).every(isScalar))) &&
    isSnapshot(snapshot)
  );
}

function isSnapshot(value: unknown): boolean {
  if (
    !isRecord(value) ||
    typeof value.final !== 'boolean' ||
    !isText(value.state)
  ) {
    return false;
  }
  const { tasks, loops, counts, failure, waiting, results, warnings } = value;
  return (
    isRecord(counts) &&
    Object.values(counts).every(each => typeof each === 'number') &&
    (tasks === undefined ||
      (isRecord(tasks) &&
        isText(tasks.state) &&
        isTextOrNone(tasks.start) &&
        isTextOrNone(tasks.dur))) &&
    (loops === undefined ||
      isListOf(loops, each => isText(each.task) && isRecord(each.counts))) &&
    (failure === undefined ||
      (isRecord(failure) &&
        isText(failure.task) &&
        isText(failure.reason) &&
        (failure.log_tail === undefined ||
          (Array.isArray(failure.log_tail) &&
            failure.log_tail.every(isText))) &&
        (failure.source === undefined ||
          (isRecord(failure.source) &&
            typeof failure.source.line === 'number' &&
            isText(failure.source.text))))) &&
    (waiting === undefined ||
      (isRecord(waiting) && isText(waiting.reason) && isText(waiting.since))) &&
    (results === undefined ||
      isListOf(
        results,
        each => isText(each.task) && isText(each.name) && isText(each.type)
      )) &&
    (warnings === undefined ||
      (Array.isArray(warnings) && warnings.every(isText)))
  );
}

function isPackedGraph(value: unknown): value is PackedGraph {
  return (
    isRecord(value) &&
    isText(value.v) &&
    isText(value.e) &&
    isText(value.p) &&
    isText(value.k) &&
    (value.d === undefined || isRecord(value.d))
  );
}

function isListOf(value: unknown, test: (each: Json) => boolean): boolean {
  return (
    Array.isArray(value) && value.every(each => isRecord(each) && test(each))
  );
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isScalar(value: unknown): boolean {
  return (
    isText(value) || typeof value === 'number' || typeof value === 'boolean'
  );
}
