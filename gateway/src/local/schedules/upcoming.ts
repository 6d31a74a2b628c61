/** The next fires of a trigger that is not a schedule yet. */
import { CronError, parseCron } from './cron.ts';

export interface UpcomingTrigger {
  /** Cron expression of six fields, or a descriptor. */
  readonly cron?: string;
  /** Seconds between runs. */
  readonly interval?: number;
  /** Milliseconds since 1970. */
  readonly start?: number;
  readonly end?: number;
}

/** Times in milliseconds, at most `count`; fewer when the trigger ends. Throws `CronError`. */
export function upcomingFires(
  trigger: UpcomingTrigger,
  now: number,
  zone: string,
  count: number
): readonly number[] {
  const found: number[] = [];
  const { interval } = trigger;
  const step =
    trigger.cron === undefined
      ? (after: number) => after + (interval ?? 0) * 1000
      : parseCron(trigger.cron, zone);
  if (trigger.cron === undefined && !(interval !== undefined && interval > 0)) {
    throw new CronError('Neither a cron expression nor an interval was given');
  }
  let at: number | undefined = Math.max(trigger.start ?? now, now);
  if (trigger.cron === undefined && (trigger.start ?? now) < now) {
    // Intervals count from their start, also when that has passed.
    const length = (interval ?? 1) * 1000;
    const start = trigger.start ?? now;
    at = start + Math.floor((now - start) / length) * length;
  }
  while (found.length < count) {
    at = step(at);
    if (at === undefined || (trigger.end !== undefined && at > trigger.end)) {
      break;
    }
    found.push(at);
  }
  return found;
}
