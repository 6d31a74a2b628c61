/**
 * What the texts of a run say, for both of their forms. English, UTC, no locale.
 */
import { countsText, isAllSkipped, runDuration } from '../run/counts.ts';
import { durationText, utcText } from '../run/durations.ts';
import { runStateWord, shownRunState, taskWord } from '../run/state-words.ts';
import { isFinalRunState } from '../run/states.ts';
import type { RunView } from '../run/view.ts';
import { line } from './cut-text.ts';
import type { RunEntry, RunSnapshot } from './types.ts';
import { graphOfView } from './vertex-order.ts';
import { vertexStates } from './vertex-states.ts';

/** A run of which the texts are made: the stored entry holds what is cut and redacted, the view the rest. */
export interface TextRun {
  readonly view: RunView;
  readonly entry: RunEntry;
  /** RFC 3339; named only when the run is not final. */
  readonly now: string;
}

/** A task in the texts. */
export interface TaskRow {
  readonly name: string;
  /** `Succeeded`, in a loop `Failed (1 of 4)`. */
  readonly state: string;
  readonly duration?: string;
}

/** `Failed`, and what follows it: ` after 9m 32s (3 of 5 tasks succeeded)`. */
export function stateSentence({
  view,
  now
}: TextRun): readonly [string, string] {
  const state = shownRunState(view.run, view.tasks);
  const raw = view.run.state_raw;
  const word = runStateWord(
    state,
    raw === undefined ? undefined : line(raw, 40)
  );
  const final = isFinalRunState(state);
  const counts =
    view.counts.total === 0 && !isAllSkipped(view.counts)
      ? ''
      : ` (${countsText(view.counts, final)})`;
  if (!final) {
    const seen = utcText(now);
    return [
      word,
      `${seen === undefined ? '' : ` when seen at ${seen}`}${counts}`
    ];
  }
  const duration = runDuration(view.run);
  return [
    word,
    `${duration === undefined ? '' : ` after ${duration}`}${counts}`
  ];
}

/** Where it runs, as the parts around the id: `prod / team-a, pipeline train, run `, id, `, started …`. */
export function placeSentence({
  entry
}: TextRun): readonly [string, string, string] {
  const { connection, pipeline, run_id, snapshot } = entry;
  const started = utcText(snapshot.created_at ?? entry.submitted_at);
  const namespace =
    connection.namespace === undefined ? '' : ` / ${connection.namespace}`;
  return [
    `${connection.profile}${namespace}, pipeline ${pipeline.name}, run `,
    run_id,
    started === undefined ? '' : `, started ${started}`
  ];
}

/** One row per container or importer of the pipeline. */
export function taskRows({ view }: TextRun): readonly TaskRow[] {
  const graph = graphOfView(view);
  if (graph === undefined) {
    return [];
  }
  const groups = new Set(graph.vertices.map(({ parent }) => parent));
  return vertexStates(view, graph)
    .filter(({ vertex }) => !groups.has(vertex.id))
    .map(({ vertex, state, count, of, duration }) => ({
      name: line(
        vertex.parent === undefined
          ? vertex.label
          : `${vertex.parent}.${vertex.label}`,
        128
      ),
      state:
        of > 1 ? `${taskWord(state)} (${count} of ${of})` : taskWord(state),
      ...(duration !== undefined && { duration: durationText(duration) })
    }));
}

/** `KeyError: 'label' (exit code 1), line 12 of its function`: the cell may have changed or be elsewhere. */
export function failureSentence(
  failure: NonNullable<RunSnapshot['failure']>
): string {
  const exit =
    failure.exit_code === undefined || /exit code/i.test(failure.reason)
      ? ''
      : ` (exit code ${failure.exit_code})`;
  const at =
    failure.source === undefined
      ? ''
      : `, line ${failure.source.line} of its function`;
  return `${failure.reason}${exit}${at}`;
}

/** Values as `accuracy = 0.94 (evaluate)`, at most ten. */
export function resultSentences({ entry }: TextRun): readonly string[] {
  return (entry.snapshot.results ?? [])
    .filter(result => result.kind !== 'artifact' && result.value !== undefined)
    .slice(0, 10)
    .map(
      result =>
        `${result.name} = ${line(String(result.value), 200)} (${result.task})`
    );
}

/** Why it does not move: `train waits: No node has 128 CPU free.` */
export function waitingSentence({ entry }: TextRun): string | undefined {
  const { waiting } = entry.snapshot;
  return waiting && `${waiting.task ?? 'The run'} waits: ${waiting.reason}`;
}

/** `…and 12 more`. */
export function moreSentence(more: number): string {
  return `…and ${more} more`;
}

/** Head of several runs: `12 pipeline runs: 10 Succeeded, 2 Running`. */
export function sweepSentence(runs: readonly TextRun[], total: number): string {
  const counts = new Map<string, number>();
  for (const { view } of runs) {
    const word = runStateWord(shownRunState(view.run, view.tasks));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => `${count} ${word}`);
  return `${total} pipeline runs: ${words.join(', ')}`;
}
