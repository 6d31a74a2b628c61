/**
 * The handle of a run – which run, where, from which cell – with its snapshot.
 */
import { REDACTED } from '../parameters/secret-names.ts';
import { wholeSeconds } from '../run/durations.ts';
import type { ConnectionRef, RunHeader, RunView } from '../run/view.ts';
import { FULL_RUNS, type RunLimits } from './caps.ts';
import { line } from './cut-text.ts';
import { PAYLOAD_LIMITS } from './limits.ts';
import { scalarValue } from './scalar-value.ts';
import { cutSnapshot } from './snapshot.ts';
import type { CellRef, RunEntry, RunSnapshot } from './types.ts';

/** A run that goes into a bundle. */
export interface BundleEntry {
  readonly view: RunView;
  readonly cell?: CellRef;
  /** The service as the run was sent to it; absent = as the view says, which may know it by another name. */
  readonly connection?: ConnectionRef;
  /** RFC 3339; absent = when the service created the run. */
  readonly submitted_at?: string;
  /** `kfp 2.17.3`; absent = as the view says. */
  readonly sdk?: string;
}

/** What is made once of a run, however often its bundle is cut. */
export interface EntryDraft {
  readonly entry: BundleEntry;
  /** Key of the graph in the payload, which the columns of the snapshot follow. */
  readonly graph?: string;
  readonly snapshot: RunSnapshot;
  readonly params: readonly ParamPair[];
}

export type ParamPair = readonly [
  name: string,
  value: string | number | boolean
];

/** The handle and snapshot of a run within the limits. */
export function runEntry(
  { entry, graph, snapshot, params }: EntryDraft,
  limits: RunLimits
): RunEntry {
  const { view, cell, submitted_at, sdk } = entry;
  const { run } = view;
  const { experiment, pipeline } = run;
  const connection = entry.connection ?? run.connection;
  const name = (text: string): string => line(text, limits.names);
  const madeBy = sdk ?? run.sdk;
  return {
    run_id: line(run.run_id, PAYLOAD_LIMITS.run_id),
    name: name(run.name),
    connection: {
      profile: line(connection.profile, PAYLOAD_LIMITS.profile),
      fingerprint: line(connection.fingerprint, PAYLOAD_LIMITS.fingerprint),
      ...(connection.namespace !== undefined && {
        namespace: line(connection.namespace, PAYLOAD_LIMITS.namespace)
      }),
      flavour: connection.flavour
    },
    ...(experiment !== undefined &&
      limits.details && {
        experiment: {
          id: line(experiment.id, PAYLOAD_LIMITS.id),
          name: name(experiment.name)
        }
      }),
    pipeline: {
      name: name(pipeline.name),
      ...(pipeline.ir_digest !== undefined &&
        limits.repeats && {
          ir_digest: line(pipeline.ir_digest, PAYLOAD_LIMITS.digest)
        }),
      ...(pipeline.version_id !== undefined &&
        limits.details && {
          version_id: line(pipeline.version_id, PAYLOAD_LIMITS.id)
        }),
      ...(pipeline.version_name !== undefined &&
        limits.details && { version_name: name(pipeline.version_name) })
    },
    ...(cell !== undefined && limits.repeats && { cell: cellOf(cell, limits) }),
    ...cutParams(run, params, limits.parameters),
    submitted_at: submittedAt(run, submitted_at),
    ...(madeBy !== undefined &&
      limits.repeats && { sdk: line(madeBy, PAYLOAD_LIMITS.sdk) }),
    ...(graph !== undefined && limits.graphs && { graph }),
    snapshot: cutSnapshot(snapshot, limits)
  };
}

/** A reference to a cell within the limits of a payload. */
export function cellOf(
  cell: CellRef,
  limits: Pick<RunLimits, 'details'>
): CellRef {
  const part = ({ id, digest }: { id?: string; digest: string }) => ({
    ...(id !== undefined && { id: line(id, PAYLOAD_LIMITS.id) }),
    digest: line(digest, PAYLOAD_LIMITS.digest)
  });
  return {
    ...part(cell),
    ...(cell.sources !== undefined &&
      limits.details && {
        sources: cell.sources.slice(0, PAYLOAD_LIMITS.sources).map(part)
      })
  };
}

/** The parameters of runs with those first by which they differ: the others go before them when there is no room. */
export function differingFirst(
  runs: readonly (readonly ParamPair[])[]
): readonly (readonly ParamPair[])[] {
  if (runs.length < 2) {
    return runs;
  }
  const values = new Map<string, ParamPair[1]>();
  const differing = new Set<string>();
  const counts = new Map<string, number>();
  for (const [name, value] of runs.flat()) {
    if (values.has(name) && values.get(name) !== value) {
      differing.add(name);
    }
    values.set(name, value);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isSame = ([name]: ParamPair): boolean =>
    !differing.has(name) && counts.get(name) === runs.length;
  return runs.map(params => [
    ...params.filter(each => !isSame(each)),
    ...params.filter(isSame)
  ]);
}

/** The parameters that a payload stores, in their order; those without a value are left out. */
export function paramsOf(run: RunHeader): readonly ParamPair[] {
  return knownParams(run)
    .slice(0, FULL_RUNS.parameters)
    .map(({ name, json, redacted }) => [
      line(name, PAYLOAD_LIMITS.name),
      redacted === true ? REDACTED : scalarValue(name, json ?? '')
    ]);
}

function knownParams(run: RunHeader): RunHeader['parameters'] {
  return run.parameters.filter(
    ({ json, redacted }) => json !== undefined || redacted === true
  );
}

function cutParams(
  run: RunHeader,
  params: readonly ParamPair[],
  limit: number
): Pick<RunEntry, 'params' | 'params_more'> {
  const kept = params
    .slice(0, limit)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const more = knownParams(run).length - kept.length;
  return {
    ...(kept.length > 0 && { params: Object.fromEntries(kept) }),
    ...(more > 0 && { params_more: more })
  };
}

/** Never "now": the same run must give the same bytes. A run without any time says so with the epoch, which counts as no time. */
function submittedAt(run: RunHeader, given: string | undefined): string {
  return (
    [given, run.created_at, run.scheduled_at, run.started_at, run.finished_at]
      .map(wholeSeconds)
      .find(time => time !== undefined) ?? '1970-01-01T00:00:00Z'
  );
}
