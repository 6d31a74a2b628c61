import {
  PAYLOAD_LIMITS,
  type PipelinePayload,
  type RunPayload
} from 'jupyterlab-kfp-model';

import {
  count,
  flag,
  listOf,
  mapOf,
  matching,
  maybe,
  number,
  scalar,
  shape,
  text,
  WRONG,
  type Reader
} from './readers';

const L = PAYLOAD_LIMITS;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const name = text(L.name);
/** A time, or what stands in its place. */
const time = text(L.state);
const column = text(L.column);
/** By state; a newer version may know more of them. */
const counts = mapOf(count, { most: 40, name: L.state });

/** Every field that is read is named here: a notebook from somebody else may hold anything. */
const SNAPSHOT = shape({
  final: flag,
  state: text(L.state),
  state_raw: maybe(text(L.state)),
  observed_at: maybe(time),
  created_at: maybe(time),
  finished_at: maybe(time),
  tasks: maybe(
    shape({ state: column, start: maybe(column), dur: maybe(column) })
  ),
  loops: maybe(
    listOf(shape({ task: name, total: maybe(count), counts }), L.loops)
  ),
  counts,
  failure: maybe(
    shape({
      task: name,
      reason: text(L.reason),
      hint: maybe(text(L.reason)),
      code: maybe(text(L.code)),
      exit_code: maybe(number),
      source: maybe(
        shape({ function: maybe(name), line: count, text: text(L.line) })
      ),
      log_tail: maybe(listOf(text(L.line), L.log_tail))
    })
  ),
  waiting: maybe(
    shape({ task: maybe(name), reason: text(L.reason), since: time })
  ),
  results: maybe(
    listOf(
      shape({
        task: name,
        name,
        kind: text(L.state),
        type: text(L.type),
        value: maybe(scalar(L.value)),
        uri: maybe(text(L.uri))
      }),
      L.results
    )
  ),
  warnings: maybe(listOf(text(L.warning), L.warnings))
});

const digest = text(L.digest);
const cellPart = { id: maybe(text(L.id)), digest };
const CELL = shape({
  ...cellPart,
  sources: maybe(listOf(shape(cellPart), L.sources))
});

const RUN = shape({
  run_id: matching(UUID),
  name,
  connection: shape({
    profile: text(L.profile),
    fingerprint: text(L.fingerprint),
    namespace: maybe(text(L.namespace)),
    flavour: text(L.state)
  }),
  experiment: maybe(shape({ id: text(L.id), name })),
  pipeline: shape({
    name,
    ir_digest: maybe(digest),
    version_id: maybe(text(L.id)),
    version_name: maybe(name)
  }),
  cell: maybe(CELL),
  params: maybe(mapOf(scalar(L.value), { most: L.params, name: L.name })),
  params_more: maybe(count),
  submitted_at: time,
  sdk: maybe(text(L.sdk)),
  graph: maybe(digest),
  snapshot: SNAPSHOT
});

const GRAPH = shape({
  v: column,
  e: column,
  p: column,
  k: column,
  d: maybe(mapOf(name, { most: L.vertices, name: 6 })),
  more: maybe(count)
});

const RUN_PAYLOAD = shape({
  schema: matching(/^kfp\.run\/1$/),
  runs: whole(RUN, L.runs),
  runs_more: maybe(count),
  graphs: maybe(mapOf(GRAPH, { most: L.graphs, name: L.digest }))
});

const PIPELINE_PAYLOAD = shape({
  schema: matching(/^kfp\.pipeline\/1$/),
  name,
  description: maybe(text(L.description)),
  format: text(L.state),
  sdk: maybe(text(L.sdk)),
  ir_digest: digest,
  size: count,
  graph: GRAPH,
  inputs: listOf(
    shape({
      name,
      type: text(L.type),
      default: maybe(text(L.value)),
      optional: maybe(flag),
      description: maybe(text(L.inputDescription)),
      literals: maybe(listOf(text(L.value), L.literals))
    }),
    L.inputs
  ),
  components: listOf(
    shape({
      name,
      image: maybe(text(L.image)),
      packages: maybe(listOf(text(L.image), L.packages))
    }),
    L.components
  ),
  lint: maybe(
    listOf(
      shape({
        rule: text(L.rule),
        severity: text(L.state),
        message: text(L.message),
        line: maybe(count),
        where: maybe(name)
      }),
      L.lint
    )
  ),
  cell: maybe(CELL)
});

/**
 * Read the payload of an output with runs. Texts and lists are cut to their limits, unknown fields stay.
 *
 * @returns null for anything else, a newer major version or a broken document included.
 */
export function parseRunPayload(data: unknown): RunPayload | null {
  return read<RunPayload>(RUN_PAYLOAD, data);
}

/** Read the payload of an output with a pipeline; null for anything else. */
export function parsePipelinePayload(data: unknown): PipelinePayload | null {
  return read<PipelinePayload>(PIPELINE_PAYLOAD, data);
}

/** A list that is neither empty nor too long: of runs none may be lost. */
function whole(read: Reader, most: number): Reader {
  return value =>
    Array.isArray(value) && value.length > 0 && value.length <= most
      ? listOf(read, most)(value)
      : WRONG;
}

function read<T>(reader: Reader, data: unknown): T | null {
  const value = reader(data);
  return value === WRONG ? null : (value as T); // every field that is read was looked at
}
