import type { SubscriptionDetail } from 'jupyterlab-kfp-model';

import type { IRunChoices } from './run-choices';

/** What decides how much of a run is asked for. */
export interface IWantedDetail {
  readonly isSeen: boolean;
  /** Whether it is a row of a table that is not opened to its whole view. */
  readonly isRow: boolean;
  readonly choices: IRunChoices;
  readonly hasEnded: boolean;
  /** Whether the document holds the end that is known now. */
  readonly isEndSaved: boolean;
  /** How much is asked for now. */
  readonly known: SubscriptionDetail;
}

/** How much of a run to ask for. Tasks that are there are kept for as long as the view is seen, so that nothing flickers. */
export function wantedDetail(options: IWantedDetail): SubscriptionDetail {
  const { choices, hasEnded } = options;
  if (!options.isSeen || choices.collapsed) {
    return 'header';
  }
  const isKnown = hasEnded && options.isEndSaved;
  if (options.isRow) {
    return hasEnded && !isKnown ? 'tasks' : 'header';
  }
  const isClose = choices.tab !== 'summary' || choices.task !== '';
  return isKnown && !isClose && options.known === 'header' ? 'header' : 'tasks';
}
