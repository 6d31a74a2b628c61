/**
 * The output of a cell that started or attached to runs, in its three forms. Only here bundles of runs are made, so that the kernel
 * and every browser write the same bytes.
 */
import type { StaticGraph } from '../graph/static-graph.ts';
import { fitBundle, FULL_RUNS, RUN_DROPS, type RunLimits } from './caps.ts';
import { line } from './cut-text.ts';
import { PAYLOAD_LIMITS } from './limits.ts';
import { packGraph } from './pack-graph.ts';
import {
  differingFirst,
  paramsOf,
  runEntry,
  type BundleEntry,
  type EntryDraft
} from './run-entry.ts';
import { runHtml } from './run-html.ts';
import type { TextRun } from './run-sentences.ts';
import { runText } from './run-text.ts';
import { snapshotOf } from './snapshot.ts';
import { RUN_MIME_TYPE, type Bundle, type RunPayload } from './types.ts';
import { graphOfView } from './vertex-order.ts';

export interface RunBundleInput {
  /** In the order of submission, 1 to 100. */
  readonly entries: readonly BundleEntry[];
  /** RFC 3339; only runs that are not final mention it. */
  readonly now: string;
}

/**
 * Build the bundle of runs; at most 64 KiB, and equal for equal final runs.
 *
 * @throws RangeError without a run or with more than 100.
 */
export function buildRunBundle(input: RunBundleInput): Bundle {
  const { entries } = input;
  if (entries.length === 0 || entries.length > FULL_RUNS.runs) {
    throw new RangeError(`A bundle holds 1 to ${FULL_RUNS.runs} runs.`);
  }
  const graphs = new Map<string, StaticGraph>();
  const params = differingFirst(entries.map(({ view }) => paramsOf(view.run)));
  const drafts = entries.map((entry, index) => ({
    ...draftOf(entry, graphs, input.now),
    params: params[index] ?? []
  }));
  return fitBundle(FULL_RUNS, RUN_DROPS, limits =>
    bundleWithin(drafts, graphs, limits, input.now)
  );
}

function draftOf(
  entry: BundleEntry,
  graphs: Map<string, StaticGraph>,
  now: string
): Omit<EntryDraft, 'params'> {
  const key = keepGraph(graphs, entry);
  const graph = key === undefined ? undefined : graphs.get(key);
  return {
    entry,
    ...(key !== undefined && { graph: key }),
    snapshot: snapshotOf(entry.view, {
      now,
      ...(graph !== undefined && { graph })
    })
  };
}

function bundleWithin(
  drafts: readonly EntryDraft[],
  graphs: ReadonlyMap<string, StaticGraph>,
  limits: RunLimits,
  now: string
): Bundle {
  const total = drafts.length;
  const runs = drafts.slice(0, limits.runs).map((draft): TextRun => ({
    view: draft.entry.view,
    entry: runEntry(draft, limits),
    now
  }));
  const packed = limits.graphs
    ? [...graphs]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, graph]) => [key, packGraph(graph)] as const)
    : [];
  const payload: RunPayload = {
    schema: 'kfp.run/1',
    runs: runs.map(({ entry }) => entry),
    ...(total > runs.length && { runs_more: total - runs.length }),
    ...(packed.length > 0 && { graphs: Object.fromEntries(packed) })
  };
  return {
    [RUN_MIME_TYPE]: payload,
    'text/html': runHtml(runs, limits.rows, total),
    'text/plain': runText(runs, limits.rows, total)
  };
}

/** @returns the key of the graph among those kept; undefined when the run has none or no more fit. */
function keepGraph(
  graphs: Map<string, StaticGraph>,
  { view }: BundleEntry
): string | undefined {
  const key = line(
    view.run.pipeline.ir_digest ?? view.run.run_id,
    PAYLOAD_LIMITS.digest
  );
  const graph = graphOfView(view);
  if (
    graph === undefined ||
    (!graphs.has(key) && graphs.size >= PAYLOAD_LIMITS.graphs)
  ) {
    return undefined;
  }
  if (!graphs.has(key)) {
    graphs.set(key, graph);
  }
  return key;
}
