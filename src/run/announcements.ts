import {
  isFinalRunState,
  type LinkState,
  type RunView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from './environment';
import { whenPageSeen } from '../page-sight';
import { countsSentence, runStateWord } from './words';

/** Milliseconds between two messages. */
const PAUSE = 5000;

/** A sentence for people who listen. */
export interface IAnnouncement {
  readonly text: string;
  /** Whether it may interrupt, as a failure may. */
  readonly isUrgent: boolean;
}

const SILENCE: IAnnouncement = { text: '', isUrgent: false };

/** Say changes of state and finished tasks, at most one message in 5 s; the first picture is not announced. */
export function useAnnouncements(
  view: RunView | null,
  link: LinkState | undefined
): IAnnouncement {
  const { trans } = useRunEnvironment();
  const [said, setSaid] = React.useState<IAnnouncement>(SILENCE);
  const known = React.useRef('');
  const state = view?.run.state;
  const done = view?.counts.done;

  React.useEffect(() => {
    if (!view) {
      return;
    }
    const mark = `${state} ${done}`;
    if (known.current === '') {
      known.current = mark;
      return;
    }
    if (known.current === mark) {
      return;
    }
    const say = (): void => {
      known.current = mark;
      setSaid({
        text: `${runStateWord(view.run.state, view.run.state_raw, trans)}, ${countsSentence(
          view.counts,
          isFinalRunState(view.run.state),
          trans
        )}`,
        isUrgent: view.run.state === 'FAILED'
      });
    };
    let callOff: (() => void) | undefined;
    const timer = window.setTimeout(
      () => {
        callOff = whenPageSeen(say);
      },
      isFinalRunState(view.run.state) ? 0 : PAUSE
    );
    return () => {
      window.clearTimeout(timer);
      callOff?.();
    };
  }, [state, done]);

  const isSignInNeeded = link === 'sign-in';
  React.useEffect(() => {
    if (isSignInNeeded) {
      return whenPageSeen(() =>
        setSaid({ text: trans.__('Sign-in needed'), isUrgent: true })
      );
    }
  }, [isSignInNeeded]);
  return said;
}
