import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { ConfirmButton } from './confirm-button';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';

/** The button that runs again what did not succeed; nothing where the run, its service or the document does not allow it. */
export function RetryButton(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element | null {
  const { model, view } = props;
  const { trans, trusted } = useRunEnvironment();
  const { store } = model;
  const { run, capabilities, counts } = view;
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
  const failed = counts.by_state.FAILED ?? 0;
  return (
    <ConfirmButton
      label={trans.__('Retry')}
      question={
        failed > 0
          ? trans._n(
              'Retry %1 task on %2?',
              'Retry %1 tasks on %2?',
              failed,
              run.connection.profile
            )
          : trans.__('Retry %1 on %2?', run.name, run.connection.profile)
      }
      confirm={trans.__('Retry')}
      keep={trans.__('Leave as it is')}
      busy={store.acting === 'retry' ? trans.__('Starting again…') : ''}
      isQuestionNeeded={!isLocal}
      onConfirm={() => void store.act('retry')}
    />
  );
}
