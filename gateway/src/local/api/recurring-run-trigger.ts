/** Triggers of recurring runs on the wire; both APIs write them alike. */
import { CronError, parseCron } from '../schedules/cron.ts';
import type { Trigger } from '../store/recurring-runs.ts';
import { invalidInput } from '../store/service-error.ts';
import { message, timestamp } from './answer-message.ts';
import {
  numberField,
  objectField,
  stringField,
  type Decoded
} from './protojson.ts';

/** Read a trigger, after the concurrency that the server checks just before it. Throws 400. */
export function readTrigger(body: Decoded, maxConcurrency: number): Trigger {
  if (maxConcurrency < 1 || maxConcurrency > 10) {
    throw invalidInput(
      `Max concurrency of a recurring run must be at least 1 and at most 10. Received ${maxConcurrency}`
    );
  }
  const cron = objectField(body, 'cron_schedule');
  if (cron !== undefined) {
    const text = stringField(cron, 'cron');
    try {
      parseCron(text);
    } catch (error) {
      if (error instanceof CronError) {
        throw invalidInput(
          `Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: ${error.message}`
        );
      }
      throw error;
    }
    return { kind: 'cron', cron: text, ...bounds(cron) };
  }
  const periodic = objectField(body, 'periodic_schedule');
  if (periodic !== undefined) {
    const seconds = numberField(periodic, 'interval_second');
    if (seconds < 1) {
      throw invalidInput(
        `Found invalid period schedule interval ${seconds}. Set at interval to least 1 second`
      );
    }
    return { kind: 'interval', seconds, ...bounds(periodic) };
  }
  return { kind: 'once' };
}

function bounds(body: Decoded): { startTime?: number; endTime?: number } {
  const [startTime, endTime] = [
    numberField(body, 'start_time'),
    numberField(body, 'end_time')
  ];
  return {
    ...(startTime === 0 ? {} : { startTime }),
    ...(endTime === 0 ? {} : { endTime })
  };
}

/** A trigger of an answer; no trigger is an empty message. */
export function triggerToWire(trigger: Trigger): Record<string, unknown> {
  if (trigger.kind === 'once') {
    return {};
  }
  const times = {
    start_time:
      trigger.startTime === undefined ? '' : timestamp(trigger.startTime),
    end_time: trigger.endTime === undefined ? '' : timestamp(trigger.endTime)
  };
  return trigger.kind === 'cron'
    ? { cron_schedule: message({ ...times, cron: trigger.cron }) }
    : {
        periodic_schedule: message({
          ...times,
          interval_second: String(trigger.seconds)
        })
      };
}
