import type { EngineRun } from './contract.ts';
import type { Event } from './scheduler-events.ts';
import type { Scheduler } from './scheduler.ts';

/** The active run, as its launcher sees it. */
export interface LauncherHost {
  readonly run: EngineRun;
  readonly scheduler: Scheduler;
  readonly isDetached: boolean;
  dispatch(event: Event, alsoStore?: () => void): void;
  /** Store and tell what was changed by hand. */
  flush(): void;
}
