import type { TranslationBundle } from '@jupyterlab/translation';
import type { DoctorReport, DoctorState } from 'jupyterlab-kfp-model';

/** The word of what a check found. */
export function doctorWord(
  state: DoctorState,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'passed':
      return trans.__('passed');
    case 'failed':
      return trans.__('failed');
    case 'skipped':
      return trans.__('skipped');
  }
}

/** A report as text, to be sent to somebody who can help. It holds no secret, because the checks write none. */
export function doctorText(
  report: DoctorReport,
  trans: TranslationBundle
): string {
  return [
    [report.connection, report.address, report.namespace]
      .filter(Boolean)
      .join(' · '),
    ...report.checks.flatMap(check => [
      `${check.topic}: ${doctorWord(check.state, trans)}. ${check.evidence}`,
      ...(check.fix ? [`  ${check.fix}`] : []),
      ...(check.lines ?? []).map(line => `  ${line}`)
    ])
  ].join('\n');
}
