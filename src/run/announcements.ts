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

/** Sentences for people who listen. */
export interface IAnnouncements {
  /** What is said when there is time. */
  readonly polite: string;
  /** What may interrupt: that the run failed, or that nothing more comes without a sign-in. */
  readonly urgent: string;
}

/**
 * Say changes of state and finished tasks, at most one message in 5 s; the first picture is not announced.
 *
 * #### Notes
 * What happens during a pause is said after it, as it is then; a failure does not wait.
 */
export function useAnnouncements(
  view: RunView | null,
  link: LinkState | undefined
): IAnnouncements {
  const { trans } = useRunEnvironment();
  const [polite, setPolite] = React.useState('');
  const [urgent, setUrgent] = React.useState('');
  const known = React.useRef('');
  const saidAt = React.useRef(-PAUSE);
  const state = view?.run.state;
  const done = view?.counts.done;

  React.useEffect(() => {
    if (!view) {
      return;
    }
    const mark = `${state} ${done}`;
    if (known.current === '' || known.current === mark) {
      known.current = mark;
      return;
    }
    const isUrgent = state === 'FAILED';
    const say = (): void => {
      known.current = mark;
      saidAt.current = performance.now();
      const text = `${runStateWord(view.run.state, view.run.state_raw, trans)}, ${countsSentence(
        view.counts,
        isFinalRunState(view.run.state),
        trans
      )}`;
      setPolite(isUrgent ? '' : text);
      setUrgent(isUrgent ? text : '');
    };
    let callOff: (() => void) | undefined;
    const timer = window.setTimeout(
      () => {
        callOff = whenPageSeen(say);
      },
      isUrgent ? 0 : Math.max(0, saidAt.current + PAUSE - performance.now())
    );
    return () => {
      window.clearTimeout(timer);
      callOff?.();
    };
  }, [state, done]);

  const isSignInNeeded = link === 'sign-in';
  React.useEffect(() => {
    if (isSignInNeeded) {
      return whenPageSeen(() => setUrgent(trans.__('Sign-in needed')));
    }
  }, [isSignInNeeded]);
  return { polite, urgent };
}
