/**
 * Payloads grow inside one major version: what a newer version wrote beside the fields we know stays when we write again.
 */
import { bundleBytes, MAX_BUNDLE_BYTES } from './caps.ts';
import {
  RUN_MIME_TYPE,
  type Bundle,
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
      runs: fresh.runs.map(entry => ({
        ...entry,
        ...unknownOf(known.get(entry.run_id), ENTRY)
      })),
      ...unknownOf(old, PAYLOAD)
    }
  };
  return bundleBytes(merged) <= MAX_BUNDLE_BYTES ? merged : bundle;
}

function unknownOf(
  value: object | undefined,
  known: Readonly<Record<string, true>>
): object {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([key]) => !Object.hasOwn(known, key))
  );
}
