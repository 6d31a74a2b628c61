import * as React from 'react';

import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';

/** What went wrong with an action, and the answer to what the reader asked. */
export function Notices(props: { readonly model: RunModel }): JSX.Element {
  const { model } = props;
  const { trans } = useRunEnvironment();
  return (
    <>
      {model.store?.problem && (
        <p className="jp-KfpRun-problem" role="alert">
          {model.store.problem}
        </p>
      )}
      {model.notice && (
        <div className="jp-KfpRun-notice" role="status">
          <span>{model.notice}</span>
          <button
            type="button"
            className="jp-KfpButton jp-mod-icon"
            aria-label={trans.__('Close')}
            onClick={() => {
              model.notice = '';
            }}
          >
            <span aria-hidden="true">×</span>
          </button>
        </div>
      )}
    </>
  );
}

/** What the service had to say, on one folded line. */
export function Warnings(props: {
  readonly warnings: readonly string[];
}): JSX.Element | null {
  const { trans } = useRunEnvironment();
  const { warnings } = props;
  if (warnings.length === 0) {
    return null;
  }
  return (
    <details className="jp-KfpRun-warnings">
      <summary>
        {trans._n('%1 warning', '%1 warnings', warnings.length)}
      </summary>
      <ul>
        {warnings.map(warning => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
}
