/**
 * How much a field of a payload holds: characters of texts, elements of lists. Builders keep to it, and readers cut what was forged.
 */
export const PAYLOAD_LIMITS = {
  run_id: 64,
  /** Names of runs, tasks, pipelines, experiments, parameters, outputs. */
  name: 128,
  /** Ids of a service: experiments, versions, cells. */
  id: 64,
  profile: 64,
  fingerprint: 80,
  namespace: 63,
  /** `sha256:` and 64 hex digits. */
  digest: 71,
  sdk: 40,
  type: 80,
  /** A value, or the JSON text of one. */
  value: 200,
  uri: 300,
  state: 40,
  reason: 300,
  code: 40,
  /** A line of a log or of a source. */
  line: 200,
  warning: 200,
  /** A column of a graph or of its states. */
  column: 64 * 1024,
  runs: 100,
  graphs: 10,
  vertices: 300,
  /** The id of a vertex: the keys of all groups around it, too. */
  vertex: 1000,
  sources: 20,
  params: 50,
  results: 30,
  log_tail: 20,
  loops: 20,
  warnings: 5,
  description: 500,
  inputs: 100,
  inputDescription: 300,
  literals: 50,
  components: 100,
  image: 200,
  packages: 20,
  lint: 20,
  rule: 20,
  message: 300
} as const;
