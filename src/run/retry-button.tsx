import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { ConfirmButton } from './confirm-button';
import { useRunEnvironment } from './environment';
import { retryQuestion } from './questions';
import type { RunModel } from './run-model';

/** The button that runs again what did not succeed; nothing where the run, its service or the document does not allow it. */
export function RetryButton(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element | null {
  const { model, view } = props;
  const { trans, trusted } = useRunEnvironment();
  const { store } = model;
  const { run, capabilities } = view;
  if (
    !store ||
    !trusted ||
    !model.isReached ||
    !capabilities.actions.includes('retry') ||
    (run.state !== 'FAILED' && run.state !== 'CANCELED')
  ) {
    return null;
  }
  const isLocal = run.connection.flavour === 'local';
  return (
    <ConfirmButton
      label={trans.__('Retry')}
      {...retryQuestion(run.name, run.connection.profile, view, trans)}
      busy={store.acting === 'retry' ? trans.__('Starting again…') : ''}
      isQuestionNeeded={!isLocal}
      onConfirm={() => void store.act('retry')}
    />
  );
}
