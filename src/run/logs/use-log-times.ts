import type { LogTime } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../../gateway/gateway-error';
import type { IRunStore } from '../run-store';

/** Milliseconds between two looks at the times of a log that grows. */
const PAUSE = 2000;

/** The times of a log; null until they are there. */
export interface ILogTimesState {
  readonly times: readonly LogTime[] | null;
  readonly problem: string;
}

/** Read when a log was written, for as long as that is shown; again while the log grows. */
export function useLogTimes(
  store: IRunStore,
  taskId: string,
  attempt: number,
  isShown: boolean,
  isGrowing: boolean
): ILogTimesState {
  const [state, setState] = React.useState<ILogTimesState>({
    times: null,
    problem: ''
  });
  React.useEffect(() => {
    let isCurrent = isShown;
    let timer = 0;
    const read = (): void => {
      store
        .logTimes(taskId, attempt)
        .then(({ times }) => isCurrent && setState({ times, problem: '' }))
        .catch(
          (reason: unknown) =>
            isCurrent && setState({ times: null, problem: sentenceOf(reason) })
        )
        .finally(() => {
          if (isCurrent && isGrowing) {
            timer = window.setTimeout(read, PAUSE);
          }
        });
    };
    if (isShown) {
      read();
    }
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [store, taskId, attempt, isShown, isGrowing]);
  return state;
}
