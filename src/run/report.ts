import {
  durationText,
  secondsBetween,
  type RunView
} from 'jupyterlab-kfp-model';

import { shownName } from './shown-name';
import { firstFailure } from './task-tree';

/**
 * A run as Markdown for a chat or an issue: state, reason, log tail, versions. No parameter and no secret stands in it.
 *
 * #### Notes
 * It is English, as it is read by others, like the text that a notebook keeps. What somebody else chose stands in it as text: it can
 * neither format the report nor leave the block of the log.
 */
export function reportOf(view: RunView): string {
  const { run, counts, waiting } = view;
  const failed = firstFailure(view);
  const failure = view.failure ?? failed?.failure;
  const seconds = secondsBetween(
    run.started_at ?? run.created_at,
    run.finished_at
  );
  const { profile, namespace, flavour } = run.connection;
  const lines = [
    `**Pipeline run ${plain(run.name)}: ${run.state}**${
      seconds === undefined ? '' : ` after ${durationText(seconds)}`
    } (${counts.succeeded} of ${counts.total} tasks succeeded)`,
    '',
    `- run: ${run.run_id}`,
    `- pipeline: ${plain(run.pipeline.name)}`,
    `- connection: ${plain(namespace ? `${profile} / ${namespace}` : profile)} (${flavour})`,
    ...(run.sdk ? [`- SDK: ${plain(run.sdk)}`] : []),
    ...(run.error ? [`- error: ${plain(run.error)}`] : [])
  ];
  if (failure) {
    const task = view.failure?.task ?? failed?.name ?? '';
    const code =
      failure.exit_code === undefined
        ? ''
        : ` (exit code ${failure.exit_code})`;
    lines.push('', `First failure: ${plain(task)}${code}`, '');
    lines.push(
      ...block([
        failure.reason,
        ...(failure.source
          ? [`line ${failure.source.line}: ${failure.source.text}`]
          : []),
        ...(failure.log_tail ?? [])
      ])
    );
    if (failure.hint) {
      lines.push('', plain(failure.hint));
    }
  }
  if (waiting) {
    lines.push(
      '',
      `Waiting: ${[waiting.task ?? '', waiting.reason || 'no reason reported']
        .filter(Boolean)
        .map(plain)
        .join(': ')}`
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Text on a line of its own, without any sign that Markdown would read. */
function plain(text: string): string {
  return shownName(text.replace(/\s+/g, ' ').trim()).replace(
    /[\\`*_[\]<>|#~]/g,
    '\\$&'
  );
}

/** Lines as they were written, in a fence that none of them closes. */
function block(lines: readonly string[]): readonly string[] {
  const texts = lines
    .flatMap(line => line.split('\n'))
    .map(line => shownName(line.replace(/\t/g, '    ')));
  const longest = Math.max(
    2,
    ...texts.map(line => /^\s*(`*)/.exec(line)?.[1].length ?? 0)
  );
  const fence = '`'.repeat(longest + 1);
  return [fence, ...texts, fence];
}
