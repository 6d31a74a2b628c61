import { isFinalRunState, type RunView } from 'jupyterlab-kfp-model';

import type { IRunEnvironment } from './environment';
import type { RunModel } from './run-model';

/** Why a button that people expect is not there. */
export interface IMissingAction {
  readonly action: 'terminate' | 'retry';
  readonly question: string;
  readonly answer: string;
}

/** The buttons that a run of this state would have elsewhere, each with the reason why it has not here. */
export function missingActions(
  model: RunModel,
  view: RunView,
  environment: IRunEnvironment
): readonly IMissingAction[] {
  const { trans, trusted } = environment;
  const { run, capabilities } = view;
  const connection = run.connection.profile;
  const wanted = !isFinalRunState(run.state)
    ? run.state === 'CANCELING'
      ? null
      : ('terminate' as const)
    : run.state === 'FAILED' || run.state === 'CANCELED'
      ? ('retry' as const)
      : null;
  if (!wanted) {
    return [];
  }
  const answer = !trusted
    ? trans.__(
        'This notebook is not trusted, so nothing in it may act on a service. Trust it, or open the run in a tab.'
      )
    : !model.store
      ? trans.__(
          'Only what the notebook holds is known of this run: no connection leads to it here.'
        )
      : !model.isReached
        ? trans.__('The picture is not live. Connect first.')
        : !capabilities.actions.includes(wanted)
          ? wanted === 'terminate'
            ? trans.__(
                '"%1" does not let you stop this run: the connection is read-only, or its account may not do it.',
                connection
              )
            : trans.__(
                '"%1" does not let you retry this run: the connection is read-only, or its account may not do it.',
                connection
              )
          : '';
  return answer
    ? [
        {
          action: wanted,
          question:
            wanted === 'terminate'
              ? trans.__('Why Is Stop Missing?')
              : trans.__('Why Is Retry Missing?'),
          answer
        }
      ]
    : [];
}
