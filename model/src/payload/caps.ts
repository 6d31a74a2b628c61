/**
 * How much a bundle holds, and what goes first when it would be too large.
 */
import { utf8Length } from './cut-text.ts';
import { PAYLOAD_LIMITS } from './limits.ts';
import type { Bundle } from './types.ts';

/** Bytes of one output in a notebook, all three forms together, as compact JSON in UTF-8. */
export const MAX_BUNDLE_BYTES = 64 * 1024;

/** What a bundle of runs holds at most. */
export interface RunLimits {
  readonly runs: number;
  readonly results: number;
  /** Lines of the log of the failed task. */
  readonly logTail: number;
  readonly parameters: number;
  /** State, start and duration of every task. */
  readonly columns: boolean;
  readonly graphs: boolean;
  /** Tasks or runs named in the texts. */
  readonly rows: number;
  /** Experiment, version, sources of the cell, loops, warnings: what a view can do without. */
  readonly details: boolean;
  /** What the runs of a sweep usually have in common: digest of the pipeline, cell, SDK. */
  readonly repeats: boolean;
  /** Characters of names that are not needed to find the run again. */
  readonly names: number;
}

/** What a bundle of runs holds when it fits. */
export const FULL_RUNS: RunLimits = {
  runs: PAYLOAD_LIMITS.runs,
  results: PAYLOAD_LIMITS.results,
  logTail: PAYLOAD_LIMITS.log_tail,
  parameters: PAYLOAD_LIMITS.params,
  columns: true,
  graphs: true,
  rows: 30,
  details: true,
  repeats: true,
  names: PAYLOAD_LIMITS.name
};

/** What a bundle of runs drops, in this order. The steps after `rows` are only reached by many runs; what tells them apart goes last. */
export const RUN_DROPS: readonly Partial<RunLimits>[] = [
  { results: 10 },
  { logTail: 5 },
  { parameters: 10 },
  { columns: false },
  { graphs: false },
  { rows: 0 },
  { details: false },
  { results: 3, parameters: 5, logTail: 0 },
  { repeats: false },
  { results: 1, parameters: 3 },
  { names: 40 },
  { results: 0, parameters: 0 },
  { runs: 50 },
  { runs: 20 },
  { runs: 5 },
  { runs: 1 }
];

/** Bytes that a bundle takes. */
export function bundleBytes(bundle: Bundle): number {
  return utf8Length(JSON.stringify(bundle));
}

function fits(bundle: Bundle): boolean {
  const json = JSON.stringify(bundle);
  // Characters take a byte at least: what is far too large need not be counted.
  return (
    json.length <= MAX_BUNDLE_BYTES && utf8Length(json) <= MAX_BUNDLE_BYTES
  );
}

/**
 * The fullest bundle below the cap.
 *
 * @param drops - what goes, in this order; the last must leave a bundle that always fits
 */
export function fitBundle<Limits>(
  full: Limits,
  drops: readonly Partial<Limits>[],
  build: (limits: Limits) => Bundle
): Bundle {
  let limits = full;
  let bundle = build(limits);
  for (const drop of drops) {
    if (fits(bundle)) {
      break;
    }
    limits = { ...limits, ...drop };
    bundle = build(limits);
  }
  return bundle;
}
