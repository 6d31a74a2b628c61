/** Clocks that jump: laptops sleep, people set the time, and a schedule must neither hang nor fire twice. */
import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { RecurringRun, Trigger } from '../store/recurring-runs.ts';
import { dueFire, nextFire } from './scheduler.ts';

const START = Date.parse('2026-11-24T10:00:30Z');
const YEAR = 365 * 86_400_000;

function scheduled(
  trigger: Trigger,
  more: Partial<RecurringRun> = {}
): RecurringRun {
  return {
    id: 'r',
    resourceName: 'r',
    displayName: 'r',
    description: '',
    experimentId: 'e',
    pipelineId: '',
    pipelineVersionId: '',
    serviceAccount: '',
    maxConcurrency: 1,
    enabled: true,
    noCatchup: true,
    createdAt: START,
    updatedAt: START,
    fired: 0,
    lastFireAt: 0,
    api: 'v2',
    trigger,
    parameters: {},
    pipelineRoot: '',
    ...more
  };
}
const at = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString();

it('takes the newest missed time at once after years, for every kind of trigger', () => {
  const now = START + 3 * YEAR + 12_345;
  const begin = process.cpuUsage().user;
  assert.equal(
    at(dueFire(scheduled({ kind: 'cron', cron: '* * * * * *' }), now, 'UTC')),
    '2029-11-23T10:00:42.000Z'
  );
  assert.equal(
    at(dueFire(scheduled({ kind: 'cron', cron: '0 0 0 1 1 *' }), now, 'UTC')),
    '2029-01-01T00:00:00.000Z'
  );
  assert.equal(
    at(dueFire(scheduled({ kind: 'interval', seconds: 1 }), now, 'UTC')),
    '2029-11-23T10:00:42.000Z'
  );
  const every = dueFire(
    scheduled({ kind: 'cron', cron: '@every 90m' }),
    now,
    'UTC'
  );
  assert.ok(every !== undefined && every <= now && now - every < 5_400_000);
  const first = nextFire(
    scheduled({ kind: 'cron', cron: '@every 90m' }),
    0,
    'UTC'
  );
  assert.equal((every - first!) % 5_400_000, 0);
  // Not a matter of speed: a walk over 94 million seconds would take minutes.
  assert.ok(process.cpuUsage().user - begin < 20_000_000);
});

it('ends with its end, however late one looks', () => {
  const trigger = {
    kind: 'cron',
    cron: '0 0 * * * *',
    endTime: START + 2 * 3_600_000
  } as const;
  assert.equal(
    at(dueFire(scheduled(trigger), START + 2 * YEAR, 'UTC')),
    '2026-11-24T12:00:00.000Z'
  );
  assert.equal(
    dueFire(
      scheduled(trigger, { lastFireAt: Date.parse('2026-11-24T12:00:00Z') }),
      START + 2 * YEAR,
      'UTC'
    ),
    undefined
  );
});

it('waits when the clock was set back, and never repeats a fire', () => {
  const fired = Date.parse('2026-11-24T12:00:00Z');
  for (const noCatchup of [true, false]) {
    const run = scheduled(
      { kind: 'cron', cron: '0 0 * * * *' },
      { lastFireAt: fired, fired: 2, noCatchup }
    );
    assert.equal(dueFire(run, fired - 3 * 3_600_000, 'UTC'), undefined);
    assert.equal(
      at(dueFire(run, fired + 3_600_000, 'UTC')),
      '2026-11-24T13:00:00.000Z'
    );
  }
});
