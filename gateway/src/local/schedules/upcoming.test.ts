import assert from 'node:assert/strict';
import test from 'node:test';

import { upcomingFires } from './upcoming.ts';

const NOW = Date.parse('2026-11-25T02:00:00Z'); // a Wednesday
const times = (...args: Parameters<typeof upcomingFires>) =>
  upcomingFires(...args).map(at => new Date(at).toISOString());

test('workdays at six skip the weekend', () => {
  assert.deepEqual(
    times({ cron: '0 0 6 ? * MON-FRI' }, NOW, 'UTC', 4),
    [25, 26, 27, 30].map(day => `2026-11-${day}T06:00:00.000Z`)
  );
});

test('an interval counts from its start', () => {
  const start = Date.parse('2026-11-25T01:30:00Z');
  assert.deepEqual(times({ interval: 3600, start }, NOW, 'UTC', 2), [
    '2026-11-25T02:30:00.000Z',
    '2026-11-25T03:30:00.000Z'
  ]);
});

test('nothing fires after the end', () => {
  assert.equal(
    times({ cron: '0 0 6 * * *', end: NOW + 86_400_000 }, NOW, 'UTC', 3).length,
    1
  );
});

test('a trigger without a time is refused', () => {
  assert.throws(() => upcomingFires({}, NOW, 'UTC', 3), /Neither/);
  assert.throws(() => upcomingFires({ cron: '61 * * * * *' }, NOW, 'UTC', 3));
});
