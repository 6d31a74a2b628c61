import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CronError, parseCron } from './cron.ts';
import { expandText } from './macros.ts';
import { dueFire, resourceName, triggeredName } from './scheduler.ts';
import type { RecurringRun } from '../store/recurring-runs.ts';

const at = (text: string) => Date.parse(text);
const iso = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString();

describe('parseCron', () => {
  const cases: readonly (readonly [string, string, string, string?])[] = [
    ['0 0 6 * * 1-5', '2026-11-27T07:00:00Z', '2026-11-30T06:00:00.000Z'],
    ['0 */5 * * * *', '2026-11-24T11:02:10Z', '2026-11-24T11:05:00.000Z'],
    // Five fields begin with the seconds.
    ['*/5 * * * *', '2026-11-24T11:02:11Z', '2026-11-24T11:02:15.000Z'],
    ['@daily', '2026-11-24T11:02:11Z', '2026-11-25T00:00:00.000Z'],
    ['@every 1h30m', '2026-11-24T11:00:00Z', '2026-11-24T12:30:00.000Z'],
    ['0 0 0 29 feb ?', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    // Both days given: either is enough.
    ['0 0 0 13 * fri', '2026-11-24T00:00:00Z', '2026-11-27T00:00:00.000Z'],
    [
      '0 30 8 * * *',
      '2026-03-28T12:00:00Z',
      '2026-03-29T06:30:00.000Z',
      'Europe/Berlin'
    ]
  ];
  for (const [cron, after, expected, zone] of cases) {
    it(`${cron} after ${after}`, () => {
      assert.equal(iso(parseCron(cron, zone)(at(after))), expected);
    });
  }

  it('refuses in the words of robfig/cron', () => {
    for (const [text, words] of [
      ['every day', 'Expected 5 to 6 fields, found 2: every day'],
      ['@sometimes', 'Unrecognized descriptor: @sometimes'],
      ['0 60 * * * *', 'End of range (60) above maximum (59): 60']
    ] as const) {
      assert.throws(
        () => parseCron(text),
        (error: unknown) =>
          error instanceof CronError && error.message === words
      );
    }
  });

  it('ends for a day that never comes', () => {
    assert.equal(
      parseCron('0 0 0 30 2 *')(at('2026-01-01T00:00:00Z')),
      undefined
    );
  });
});

describe('dueFire', () => {
  const base: RecurringRun = {
    id: 'r',
    resourceName: 'r',
    displayName: 'r',
    description: '',
    experimentId: '',
    pipelineId: '',
    pipelineVersionId: '',
    serviceAccount: '',
    maxConcurrency: 1,
    enabled: true,
    noCatchup: false,
    createdAt: at('2026-11-24T10:00:30Z'),
    updatedAt: 0,
    fired: 0,
    lastFireAt: 0,
    api: 'v2',
    trigger: { kind: 'interval', seconds: 60 },
    parameters: {},
    pipelineRoot: ''
  };
  const now = at('2026-11-24T10:05:00Z');

  it('takes missed times one by one, or only the newest', () => {
    assert.equal(iso(dueFire(base, now, 'UTC')), '2026-11-24T10:01:30.000Z');
    assert.equal(
      iso(dueFire({ ...base, noCatchup: true }, now, 'UTC')),
      '2026-11-24T10:04:30.000Z'
    );
    const cron = { kind: 'cron', cron: '0 * * * * *' } as const;
    assert.equal(
      iso(dueFire({ ...base, noCatchup: true, trigger: cron }, now, 'UTC')),
      '2026-11-24T10:05:00.000Z'
    );
  });

  it('keeps to start and end, and runs once without a trigger', () => {
    const trigger = {
      kind: 'interval',
      seconds: 60,
      endTime: at('2026-11-24T10:01:00Z')
    } as const;
    assert.equal(dueFire({ ...base, trigger }, now, 'UTC'), undefined);
    const once = { ...base, trigger: { kind: 'once' } as const };
    assert.equal(dueFire(once, now, 'UTC'), base.createdAt);
    assert.equal(dueFire({ ...once, fired: 1 }, now, 'UTC'), undefined);
  });
});

describe('names and macros', () => {
  it('shorten and number', () => {
    assert.equal(resourceName('My Nightly_Run!', 'abc'), 'mynightlyrunabc');
    assert.equal(resourceName('???', 'abc'), 'job-abc');
    assert.match(triggeredName('nightly', 3), /^nightly-3-\d+$/);
  });

  it('expand what is known and leave the rest', () => {
    const values = {
      runId: 'id',
      now: at('2026-11-24T09:08:07Z'),
      index: 2,
      scheduledAt: at('2026-01-02T03:04:05Z')
    };
    assert.equal(
      expandText(
        "[[RunUUID]] [[Index]] [[CurrentTime]] [[ScheduledTime.2006-01-02]] {{$.scheduledTime.strftime('%H:%M')}} [[Other]]",
        values
      ),
      'id 2 20261124090807 2026-01-02 03:04 [[Other]]'
    );
    assert.equal(expandText('[[Index]]', { runId: 'id', now: 0 }), '[[Index]]');
  });
});
