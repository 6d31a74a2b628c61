import type { TranslationBundle } from '@jupyterlab/translation';
import type { LintFinding } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../run/environment';

/** A letter for how bad a finding is: its colour alone would not say it. */
const SIGNS: Readonly<Record<LintFinding['severity'], string>> = {
  error: '×',
  warning: '!',
  info: 'i'
};

/** What the checks found in a pipeline; nothing where they found nothing. */
export function Findings(props: {
  readonly findings: readonly LintFinding[];
}): JSX.Element | null {
  const { trans } = useRunEnvironment();
  if (props.findings.length === 0) {
    return null;
  }
  return (
    <ul
      className="jp-KfpFindings"
      aria-label={trans.__('Findings of the checks')}
    >
      {props.findings.map((finding, index) => (
        <li
          key={index}
          className={`jp-KfpFindings-finding jp-mod-${finding.severity}`}
        >
          <span
            className="jp-KfpFindings-sign"
            role="img"
            aria-label={severityWord(finding.severity, trans)}
            title={severityWord(finding.severity, trans)}
          >
            {SIGNS[finding.severity]}
          </span>
          <span className="jp-KfpFindings-rule">{finding.rule}</span>
          <span className="jp-KfpFindings-text" dir="auto">
            {finding.message}
            {finding.line !== undefined && (
              <span className="jp-KfpDetail-quiet">
                {' '}
                {finding.where === undefined
                  ? trans.__('line %1', finding.line)
                  : trans.__('%1, line %2', finding.where, finding.line)}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function severityWord(
  severity: LintFinding['severity'],
  trans: TranslationBundle
): string {
  switch (severity) {
    case 'error':
      return trans.__('Error');
    case 'warning':
      return trans.__('Warning');
    case 'info':
      return trans.__('Hint');
  }
}
