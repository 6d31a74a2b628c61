/**
 * `text/plain` of runs: what terminals and logs show.
 */
import {
  failureSentence,
  moreSentence,
  placeSentence,
  resultSentences,
  stateSentence,
  sweepSentence,
  taskRows,
  waitingSentence,
  type TextRun
} from './run-sentences.ts';
import { variantSentences } from './sweep-sentences.ts';

/** The text of one run, or a line per run of several. `rows` limits the tasks or runs named, `total` counts all runs. */
export function runText(
  runs: readonly TextRun[],
  rows: number,
  total: number
): string {
  const [only] = runs;
  return (
    only !== undefined && total === 1
      ? oneRun(only, rows)
      : sweep(runs, rows, total)
  ).join('\n');
}

function oneRun(run: TextRun, limit: number): string[] {
  const { entry } = run;
  const [word, rest] = stateSentence(run);
  const waiting = waitingSentence(run);
  return [
    `Pipeline run ${entry.name}: ${word}${rest}`,
    placeSentence(run).join(''),
    ...(waiting === undefined ? [] : [`  ${waiting}`]),
    ...taskLines(run, limit),
    ...(limit === 0 ? [] : resultSentences(run)).map(text => `  ${text}`),
    `Show it live: %kfp attach ${entry.run_id}`
  ];
}

function taskLines(run: TextRun, limit: number): string[] {
  const all = taskRows(run);
  const rows = all.slice(0, limit);
  const { failure } = run.entry.snapshot;
  const width = (texts: readonly string[]): number =>
    Math.min(40, Math.max(0, ...texts.map(text => text.length)));
  const names = width(rows.map(({ name }) => name));
  const states = width(rows.map(({ state }) => state));
  const durations = width(rows.map(({ duration }) => duration ?? ''));
  const reason = failure === undefined ? '' : failureSentence(failure);
  const failed = failure?.task.replace(/\[\d+\]/g, '');
  const isNamed = rows.some(({ name }) => name === failed);
  const lines = rows.map(({ name, state, duration }) =>
    [
      `  ${name.padEnd(names)}`,
      state.padEnd(states),
      (duration ?? '').padEnd(durations),
      name === failed ? reason : ''
    ]
      .join('  ')
      .trimEnd()
  );
  if (all.length > rows.length) {
    lines.push(`  ${moreSentence(all.length - rows.length)}`);
  }
  if (failure !== undefined && !isNamed) {
    lines.unshift(`  ${failure.task} failed: ${reason}`);
  }
  if (failure?.hint !== undefined) {
    lines.push(`  ${failure.hint}`);
  }
  return lines;
}

function sweep(
  runs: readonly TextRun[],
  limit: number,
  total: number
): string[] {
  const variants = variantSentences(runs.map(({ entry }) => entry));
  const rows = runs.slice(0, limit).map((run, index) => {
    const [word, rest] = stateSentence(run);
    const variant = variants[index] ? `: ${variants[index]}` : '';
    const { failure } = run.entry.snapshot;
    const reason =
      failure === undefined
        ? ''
        : `: ${failure.task}: ${failureSentence(failure)}`;
    return `  ${run.entry.name}: ${word}${rest}${reason}${variant}`;
  });
  return [
    sweepSentence(runs, total),
    ...rows,
    ...(total > rows.length && rows.length > 0
      ? [`  ${moreSentence(total - rows.length)}`]
      : [])
  ];
}
