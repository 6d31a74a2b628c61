import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunView } from 'jupyterlab-kfp-model';
import { inSentence } from './shown-name';

/** What is asked before something is done to a run, wherever it is asked. */
export interface IQuestion {
  /** The whole question, naming the run and the connection. */
  readonly question: string;
  /** The answer that does it. */
  readonly confirm: string;
  /** The answer that does not. */
  readonly keep: string;
}

/** Ask whether a run is to be stopped. */
export function stopQuestion(
  name: string,
  connection: string,
  trans: TranslationBundle
): IQuestion {
  return {
    question: trans.__(
      'Stop %1 on %2?',
      inSentence(name),
      inSentence(connection)
    ),
    confirm: trans.__('Stop run'),
    keep: trans.__('Keep running')
  };
}

/** Ask whether what did not succeed is to be run again; the tasks are counted where they are known. */
export function retryQuestion(
  name: string,
  connection: string,
  view: RunView | null,
  trans: TranslationBundle
): IQuestion {
  const failed = view?.counts.by_state.FAILED ?? 0;
  return {
    question:
      failed > 0
        ? trans._n(
            'Retry %1 task on %2?',
            'Retry %1 tasks on %2?',
            failed,
            inSentence(connection)
          )
        : trans.__('Retry %1 on %2?', inSentence(name), inSentence(connection)),
    confirm: trans.__('Retry'),
    keep: trans.__('Leave as it is')
  };
}

/** Ask whether a run is to be started once more without what earlier ones left. */
export function rerunQuestion(
  name: string,
  connection: string,
  trans: TranslationBundle
): IQuestion {
  return {
    question: trans.__(
      'Run %1 again on %2 without cache?',
      inSentence(name),
      inSentence(connection)
    ),
    confirm: trans.__('Run again'),
    keep: trans.__('Leave as it is')
  };
}
