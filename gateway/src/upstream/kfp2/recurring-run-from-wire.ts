/** A recurring run of a KFP 2.x service, with when it runs next: the service does not say. */
import type { RecurringRunSummary } from 'jupyterlab-kfp-model';
import { fields, text, type Fields } from './wire-fields.ts';

/** When a trigger fires next, in milliseconds since 1970; `undefined` when it has ended or nobody can tell. */
export type NextFire = (trigger: {
  readonly cron?: string;
  /** Seconds. */
  readonly interval?: number;
  readonly start?: number;
  readonly end?: number;
}) => number | undefined;

/** Read one row of the list. */
export function recurringRun(
  row: Fields,
  nextFire: NextFire
): RecurringRunSummary {
  const { cron_schedule, periodic_schedule } = fields(row['trigger']);
  const cron = text(fields(cron_schedule)['cron']);
  const interval = text(fields(periodic_schedule)['interval_second']);
  const schedule = fields(cron === '' ? periodic_schedule : cron_schedule);
  const enabled = row['status'] === 'ENABLED';
  // Intervals count from the creation where no start is given.
  const start =
    time(schedule['start_time']) ??
    (cron === '' ? time(row['created_at']) : undefined);
  const end = time(schedule['end_time']);
  const next =
    enabled && (cron !== '' || Number(interval) > 0)
      ? nextFire({
          ...(cron === '' ? { interval: Number(interval) } : { cron }),
          ...(start === undefined ? {} : { start }),
          ...(end === undefined ? {} : { end })
        })
      : undefined;
  return {
    recurring_run_id: text(row['recurring_run_id']),
    name: text(row['display_name']),
    enabled,
    trigger: cron || `@every ${interval}s`,
    ...(next === undefined
      ? {}
      : { next_fire_at: new Date(next).toISOString() })
  };
}

/** Milliseconds since 1970; what is not later than that means nothing on this wire. */
function time(value: unknown): number | undefined {
  const at = Date.parse(text(value));
  return at > 0 ? at : undefined;
}
