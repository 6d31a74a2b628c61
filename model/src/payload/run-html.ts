/**
 * `text/html` of runs: what viewers without the extension show. Only `strong`, `code`, `ul` and `li`.
 */
import {
  element,
  escapeHead,
  escapeHtml,
  joined,
  list,
  type Html
} from './html.ts';
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

/** The HTML of one run, or an item per run of several. `rows` limits the tasks or runs named, `total` counts all runs. */
export function runHtml(
  runs: readonly TextRun[],
  rows: number,
  total: number
): Html {
  const [only] = runs;
  return only !== undefined && total === 1
    ? oneRun(only, rows)
    : sweep(runs, rows, total);
}

function oneRun(run: TextRun, limit: number): Html {
  const [word, rest] = stateSentence(run);
  const [before, id, after] = placeSentence(run);
  const waiting = waitingSentence(run);
  const all = taskRows(run);
  const rows = all.slice(0, limit);
  const { failure } = run.entry.snapshot;
  const items: Html[] = [
    joined(
      escapeHtml(before),
      element('code', escapeHtml(id)),
      escapeHtml(after)
    ),
    ...(waiting === undefined ? [] : [escapeHtml(waiting)]),
    ...(failure === undefined ? [] : [failureItem(failure)]),
    ...(failure?.hint === undefined ? [] : [escapeHtml(failure.hint)]),
    ...rows.map(({ name, state, duration }) =>
      escapeHtml(
        `${name}: ${state}${duration === undefined ? '' : `, ${duration}`}`
      )
    ),
    ...(all.length > rows.length
      ? [escapeHtml(moreSentence(all.length - rows.length))]
      : []),
    ...(limit === 0 ? [] : resultSentences(run)).map(escapeHtml)
  ];
  return joined(
    element('strong', escapeHead(`Pipeline run ${run.entry.name}: ${word}`)),
    escapeHtml(rest),
    escapeHtml('\n'),
    list(items)
  );
}

function failureItem(
  failure: NonNullable<TextRun['entry']['snapshot']['failure']>
): Html {
  return joined(
    element('strong', escapeHtml(`${failure.task} failed`)),
    escapeHtml(`: ${failureSentence(failure)}`),
    ...(failure.source === undefined
      ? []
      : [
          escapeHtml(': '),
          element('code', escapeHtml(failure.source.text.trim()))
        ])
  );
}

function sweep(runs: readonly TextRun[], limit: number, total: number): Html {
  const variants = variantSentences(runs.map(({ entry }) => entry));
  const rows = runs.slice(0, limit).map((run, index) => {
    const [word, rest] = stateSentence(run);
    const variant = variants[index];
    const { failure } = run.entry.snapshot;
    return joined(
      element('strong', escapeHtml(`${run.entry.name}: ${word}`)),
      escapeHtml(
        failure === undefined
          ? rest
          : `${rest}: ${failure.task}: ${failureSentence(failure)}`
      ),
      ...(variant
        ? [escapeHtml(': '), element('code', escapeHtml(variant))]
        : [])
    );
  });
  const more =
    total > rows.length && rows.length > 0
      ? [escapeHtml(moreSentence(total - rows.length))]
      : [];
  return joined(
    element('strong', escapeHead(sweepSentence(runs, total))),
    escapeHtml('\n'),
    list([...rows, ...more])
  );
}
