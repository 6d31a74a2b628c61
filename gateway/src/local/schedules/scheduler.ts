/** Fires recurring runs: one timer, the clock passed in, all state in the store. */
import { createHash } from 'node:crypto';

import type { SubmitRun } from '../runs/submit-run.ts';
import type { RecurringRun } from '../store/recurring-runs.ts';
import { ServiceError } from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import { parseCron } from './cron.ts';

/** Milliseconds between looks at the clock. */
const PERIOD = 1000;

export interface SchedulerOptions {
  readonly store: Store;
  readonly submit: SubmitRun;
  /** IANA name, `CRON_SCHEDULE_TIMEZONE`. */
  readonly zone?: string;
  /** Told when a run could not be made; the fire counts as used. */
  readonly failed: (run: RecurringRun, error: unknown) => void;
}

export class Scheduler {
  private readonly _options: SchedulerOptions;
  private _timer: NodeJS.Timeout | undefined;
  private _working: Promise<void> = Promise.resolve();

  constructor(options: SchedulerOptions) {
    this._options = options;
  }

  /** Look at the clock every second from now on. */
  start(): void {
    this._timer = setInterval(() => void this.tick(), PERIOD);
    this._timer.unref();
  }

  /** Make every run that is due and allowed by its concurrency, oldest first. */
  tick(): Promise<void> {
    this._working = this._working.then(() => this._fireDue());
    return this._working;
  }

  /** The time the next run of a recurring run is for; it is past while that run waits for earlier ones to end. */
  next(run: RecurringRun): number | undefined {
    return run.enabled
      ? (dueFire(run, this._options.store.now(), this._zone) ??
          nextFire(run, run.lastFireAt, this._zone))
      : undefined;
  }

  private get _zone(): string {
    return this._options.zone ?? 'UTC';
  }

  async close(): Promise<void> {
    clearInterval(this._timer);
    await this._working;
  }

  private async _fireDue(): Promise<void> {
    const { store } = this._options;
    for (const listed of store.recurringRuns.enabled()) {
      for (;;) {
        const run = store.recurringRuns.find(listed.id);
        if (run === undefined || !run.enabled) {
          break;
        }
        const at = dueFire(run, store.now(), this._zone);
        if (
          at === undefined ||
          store.runs.activeOf(run.id) >= run.maxConcurrency
        ) {
          break;
        }
        await this._fire(run, at);
      }
    }
  }

  private async _fire(run: RecurringRun, at: number): Promise<void> {
    const { store, submit } = this._options;
    const index = run.fired + 1;
    const name = triggeredName(run.resourceName, index);
    const runId = triggeredId(run.id, name);
    try {
      await submit({
        name,
        runId,
        origin:
          run.document === undefined
            ? {
                kind: 'version',
                pipelineId: run.pipelineId,
                versionId: run.pipelineVersionId
              }
            : { kind: 'stored', digest: run.document },
        parameters: run.parameters,
        experimentId: run.experimentId,
        pipelineRoot: run.pipelineRoot,
        serviceAccount: run.serviceAccount,
        api: run.api,
        schedule: { recurringRunId: run.id, index, scheduledAt: at }
      });
    } catch (error) {
      // Not tried again every second: the next fire is the next chance.
      store.recurringRuns.recordFire(run.id, index, at);
      if (
        !(error instanceof ServiceError) ||
        store.runs.find(runId) === undefined
      ) {
        this._options.failed(run, error);
      }
    }
  }
}

/** The time the next run is due for, when that is not in the future. */
export function dueFire(
  run: RecurringRun,
  now: number,
  zone: string
): number | undefined {
  const first = nextFire(run, run.lastFireAt, zone);
  if (first === undefined || first > now) {
    return undefined;
  }
  if (!run.noCatchup) {
    return first;
  }
  // Without catch-up only the newest missed time counts.
  let due = first;
  if (run.trigger.kind === 'interval') {
    const step = run.trigger.seconds * 1000;
    due += Math.floor((now - first) / step) * step;
    const end = run.trigger.endTime;
    return end !== undefined && due > end ? undefined : due;
  }
  if (run.trigger.kind === 'cron' && run.trigger.cron.startsWith('@every ')) {
    // These count from the last fire: in its step, whatever was missed.
    const step = (nextFire(run, due, zone) ?? Infinity) - due;
    return due + Math.floor((now - due) / step) * step;
  }
  return newestBefore(run, due, now, zone);
}

/**
 * The newest fire that is not after `now`. Looks back in growing steps, so that a clock that jumped over years, or a machine that
 * slept for months, costs no walk over every missed time.
 */
function newestBefore(
  run: RecurringRun,
  first: number,
  now: number,
  zone: string
): number {
  for (let span = 60_000; ; span *= 4) {
    const from = Math.max(first, now - span);
    let due = from === first ? first : nextFire(run, from, zone);
    if (due === undefined || due > now) {
      continue;
    }
    for (
      let later = nextFire(run, due, zone);
      later !== undefined && later <= now;
      later = nextFire(run, due, zone)
    ) {
      due = later;
    }
    return due;
  }
}

/** The fire after `last` (0 = none yet), or `undefined` when the schedule has ended. */
export function nextFire(
  run: RecurringRun,
  last: number,
  zone: string
): number | undefined {
  const { trigger } = run;
  if (trigger.kind === 'once') {
    return run.fired === 0 ? run.createdAt : undefined;
  }
  const start = trigger.startTime;
  let at: number | undefined;
  if (trigger.kind === 'interval') {
    const step = trigger.seconds * 1000;
    at = last === 0 ? (start ?? run.createdAt) + step : last + step;
  } else {
    const from =
      last === 0
        ? Math.max(start ?? 0, start === undefined ? run.createdAt : 0)
        : last;
    at = parseCron(trigger.cron, zone)(from);
  }
  const end = trigger.endTime;
  return at === undefined || (end !== undefined && at > end) ? undefined : at;
}

/** Begin of the names of triggered runs (`scheduledworkflow`'s resource name). */
export function resourceName(displayName: string, suffix: string): string {
  const base = displayName
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '')
    .slice(0, 25);
  return `${base === '' ? 'job-' : base}${suffix}`;
}

/** Display name of a triggered run. */
export function triggeredName(resource: string, index: number): string {
  const name = `${resource}-${index}`;
  return `${name}-${fnv32a(name)}`;
}

/** The same trigger always makes the same run. */
function triggeredId(recurringRunId: string, name: string): string {
  const hex = createHash('sha1')
    .update(`${recurringRunId}/${name}`)
    .digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32)
  ].join('-');
}

function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
