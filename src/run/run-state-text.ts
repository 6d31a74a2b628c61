import { shownRunState, type RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { isPageSeen } from '../page-sight';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { ago, runStateWord } from './words';

/** Milliseconds for which a picture, as right after the cell ran, is as good as new while the live one is on its way. */
const FRESH = 15_000;
/** Milliseconds between two looks at how long ago a picture was saved. */
const MINUTE = 60_000;

/** The state as the header says it: a picture that was saved while running is never called Running. */
export function useRunStateText(model: RunModel, view: RunView | null): string {
  const { trans } = useRunEnvironment();
  const { lastSeen } = model;
  const now = useMinutes(lastSeen);
  if (!view) {
    return '';
  }
  const word = runStateWord(
    shownRunState(view.run, view.tasks),
    view.run.state_raw,
    trans
  );
  if (lastSeen === null || isOnItsWay(model, now - Date.parse(lastSeen))) {
    return word;
  }
  const when = ago(lastSeen, now, trans);
  if (!model.isStale) {
    return trans.__('%1 when last seen, %2', word, when);
  }
  return when
    ? trans.__('%1 when saved, %2', word, when)
    : trans.__('%1 when saved', word);
}

// what nobody asks for, and what was saved at a moment that has not come, is never taken for new
function isOnItsWay(model: RunModel, age: number): boolean {
  const state = model.link?.state;
  return (
    !model.isHeld &&
    !model.isDetachedByReader &&
    (state === undefined || state === 'live' || state === 'snapshot') &&
    age >= 0 &&
    age < FRESH
  );
}

// the time in milliseconds, read again when "2 min ago" may have become something else
function useMinutes(since: string | null): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    if (since === null) {
      return;
    }
    const look = (): void => {
      if (isPageSeen()) {
        setNow(Date.now());
      }
    };
    look();
    const age = Date.now() - Date.parse(since);
    const first = window.setTimeout(look, Math.max(0, FRESH - age));
    const rest = window.setInterval(look, MINUTE);
    return () => {
      window.clearTimeout(first);
      window.clearInterval(rest);
    };
  }, [since]);
  return now;
}
