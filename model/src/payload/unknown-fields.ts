/**
 * Payloads grow inside one major version: what a newer version wrote beside the fields we know stays when we write again.
 */
import { bundleBytes, MAX_BUNDLE_BYTES } from './caps.ts';
import {
  RUN_MIME_TYPE,
  type Bundle,
  type PackedGraph,
  type RunEntry,
  type RunPayload
} from './types.ts';

/** Every field of a payload that this version writes; the compiler complains when one is missing. */
const PAYLOAD: Readonly<Record<keyof RunPayload, true>> = {
  schema: true,
  runs: true,
  runs_more: true,
  graphs: true
};

const ENTRY: Readonly<Record<keyof RunEntry, true>> = {
  run_id: true,
  name: true,
  connection: true,
  experiment: true,
  pipeline: true,
  cell: true,
  params: true,
  params_more: true,
  submitted_at: true,
  sdk: true,
  graph: true,
  snapshot: true
};

/** The parts of a handle; a snapshot is replaced as a whole, because nobody knows whether more of it still holds. */
const PARTS = {
  connection: {
    profile: true,
    fingerprint: true,
    namespace: true,
    flavour: true
  },
  experiment: { id: true, name: true },
  pipeline: {
    name: true,
    ir_digest: true,
    version_id: true,
    version_name: true
  },
  cell: { id: true, digest: true, sources: true }
} as const satisfies {
  readonly [K in 'connection' | 'experiment' | 'pipeline' | 'cell']: Readonly<
    Record<keyof NonNullable<RunEntry[K]>, true>
  >;
};

const GRAPH: Readonly<Record<keyof PackedGraph, true>> = {
  v: true,
  e: true,
  p: true,
  k: true,
  d: true,
  more: true
};

/**
 * A new bundle of runs with the unknown fields of the payload it replaces.
 *
 * @returns the bundle as it is when it would grow beyond the cap.
 */
export function keepUnknownFields(bundle: Bundle, old: RunPayload): Bundle {
  const fresh = bundle[RUN_MIME_TYPE] as RunPayload; // the caller made a bundle of runs
  const known = new Map(old.runs.map(entry => [entry.run_id, entry]));
  const merged: Bundle = {
    ...bundle,
    [RUN_MIME_TYPE]: {
      ...fresh,
      runs: fresh.runs.map(entry =>
        withUnknown(entry, known.get(entry.run_id))
      ),
      ...(fresh.graphs !== undefined && {
        graphs: Object.fromEntries(
          Object.entries(fresh.graphs).map(([key, graph]) => [
            key,
            {
              ...graph,
              ...unknownOf(
                old.graphs !== undefined && Object.hasOwn(old.graphs, key)
                  ? old.graphs[key]
                  : undefined,
                GRAPH
              )
            }
          ])
        )
      }),
      ...unknownOf(old, PAYLOAD)
    }
  };
  return bundleBytes(merged) <= MAX_BUNDLE_BYTES ? merged : bundle;
}

function withUnknown(entry: RunEntry, old: RunEntry | undefined): RunEntry {
  const parts = (Object.keys(PARTS) as (keyof typeof PARTS)[]).flatMap(part => {
    const fresh = entry[part];
    return fresh === undefined
      ? []
      : [[part, { ...fresh, ...unknownOf(old?.[part], PARTS[part]) }] as const];
  });
  return {
    ...entry,
    ...Object.fromEntries(parts),
    ...unknownOf(old, ENTRY)
  };
}

function unknownOf(
  value: object | undefined,
  known: Readonly<Record<string, true>>
): object {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([key]) => !Object.hasOwn(known, key))
  );
}
