import { durationText, type RunView } from 'jupyterlab-kfp-model';

import { firstFailure } from './task-tree';

/**
 * A run as Markdown for a chat or an issue: state, reason, log tail, versions. No parameter and no secret stands in it.
 */
export function reportOf(view: RunView): string {
  const { run, counts, waiting } = view;
  const failed = firstFailure(view);
  const failure = view.failure ?? failed?.failure;
  const start = Date.parse(run.started_at ?? run.created_at);
  const end = Date.parse(run.finished_at ?? '');
  const lines = [
    `**Pipeline run ${run.name}: ${run.state}**${
      Number.isNaN(end - start)
        ? ''
        : ` after ${durationText((end - start) / 1000)}`
    } (${counts.succeeded} of ${counts.total} tasks succeeded)`,
    '',
    `- run: ${run.run_id}`,
    `- pipeline: ${run.pipeline.name}`,
    `- connection: ${run.connection.profile} (${run.connection.flavour})`,
    ...(run.sdk ? [`- SDK: ${run.sdk}`] : []),
    ...(run.error ? [`- error: ${run.error}`] : [])
  ];
  if (failure) {
    const task = view.failure?.task ?? failed?.name ?? '';
    const code =
      failure.exit_code === undefined
        ? ''
        : ` (exit code ${failure.exit_code})`;
    lines.push('', `First failure: ${task}${code}`, '', '```', failure.reason);
    if (failure.source) {
      lines.push(`line ${failure.source.line}: ${failure.source.text}`);
    }
    lines.push(...(failure.log_tail ?? []), '```');
    if (failure.hint) {
      lines.push('', failure.hint);
    }
  }
  if (waiting) {
    lines.push(
      '',
      `Waiting: ${waiting.task ? `${waiting.task}: ` : ''}${waiting.reason}`
    );
  }
  return `${lines.join('\n')}\n`;
}
