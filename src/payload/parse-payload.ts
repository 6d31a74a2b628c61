import type { PipelinePayload, RunPayload } from 'jupyterlab-kfp-model';

import {
  flag,
  listOf,
  mapOf,
  matching,
  maybe,
  number,
  scalar,
  shape,
  text,
  type Check
} from './checks';

/** Runs of one output at most. */
const RUNS = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Every field that is read is named here: a notebook from somebody else may hold anything. */
const SNAPSHOT = shape({
  final: flag,
  state: text,
  state_raw: maybe(text),
  observed_at: maybe(text),
  created_at: maybe(text),
  finished_at: maybe(text),
  tasks: maybe(shape({ state: text, start: maybe(text), dur: maybe(text) })),
  loops: maybe(
    listOf(shape({ task: text, total: maybe(number), counts: mapOf(number) }))
  ),
  counts: mapOf(number),
  failure: maybe(
    shape({
      task: text,
      reason: text,
      hint: maybe(text),
      code: maybe(text),
      exit_code: maybe(number),
      source: maybe(shape({ function: maybe(text), line: number, text })),
      log_tail: maybe(listOf(text))
    })
  ),
  waiting: maybe(shape({ task: maybe(text), reason: text, since: text })),
  results: maybe(
    listOf(
      shape({
        task: text,
        name: text,
        kind: text,
        type: text,
        value: maybe(scalar),
        uri: maybe(text)
      })
    )
  ),
  warnings: maybe(listOf(text))
});

const CELL = shape({
  id: maybe(text),
  digest: text,
  sources: maybe(listOf(shape({ id: maybe(text), digest: text })))
});

const RUN = shape({
  run_id: matching(UUID),
  name: text,
  connection: shape({
    profile: text,
    fingerprint: text,
    namespace: maybe(text),
    flavour: text
  }),
  experiment: maybe(shape({ id: text, name: text })),
  pipeline: shape({
    name: text,
    ir_digest: maybe(text),
    version_id: maybe(text),
    version_name: maybe(text)
  }),
  cell: maybe(CELL),
  params: maybe(mapOf(scalar)),
  params_more: maybe(number),
  submitted_at: text,
  sdk: maybe(text),
  graph: maybe(text),
  snapshot: SNAPSHOT
});

const GRAPH = shape({
  v: text,
  e: text,
  p: text,
  k: text,
  d: maybe(mapOf(text)),
  more: maybe(number)
});

const RUN_PAYLOAD = shape({
  schema: matching(/^kfp\.run\/1$/),
  runs: listOf(RUN, 1, RUNS),
  runs_more: maybe(number),
  graphs: maybe(mapOf(GRAPH))
});

const PIPELINE_PAYLOAD = shape({
  schema: matching(/^kfp\.pipeline\/1$/),
  name: text,
  description: maybe(text),
  format: text,
  sdk: maybe(text),
  ir_digest: text,
  size: number,
  graph: GRAPH,
  inputs: listOf(
    shape({
      name: text,
      type: text,
      default: maybe(text),
      optional: maybe(flag),
      description: maybe(text),
      literals: maybe(listOf(text))
    })
  ),
  components: listOf(
    shape({ name: text, image: maybe(text), packages: maybe(listOf(text)) })
  ),
  lint: maybe(
    listOf(
      shape({
        rule: text,
        severity: text,
        message: text,
        line: maybe(number)
      })
    )
  ),
  cell: maybe(CELL)
});

/**
 * Read the payload of an output with runs. Unknown fields stay.
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

function read<T>(check: Check, data: unknown): T | null {
  return check(data) ? (data as T) : null; // every field that is read was looked at
}
