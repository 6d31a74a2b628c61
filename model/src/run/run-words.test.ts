import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countTasks, countsText } from './counts.ts';
import { durationText, secondsBetween, timeOf, utcText } from './durations.ts';
import {
  runStateWord,
  TASK_STATES,
  taskStateLetter,
  taskStateOfLetter,
  taskStateWord
} from './state-words.ts';
import type { TaskView } from './view.ts';

function task(
  id: string,
  kind: TaskView['kind'],
  state: TaskView['state'],
  parent?: string
): TaskView {
  return {
    id,
    path: id,
    name: id,
    vertex: id,
    kind,
    state,
    attempts: [],
    ...(parent !== undefined && { parent })
  };
}

describe('durations', () => {
  it('print two units', () => {
    const cases: [number, string][] = [
      [0, '<1s'],
      [0.3, '<1s'],
      [12.9, '12s'],
      [192, '3m 12s'],
      [180, '3m'],
      [7500, '2h 5m'],
      [273600, '3d 4h'],
      [-4, '<1s']
    ];
    for (const [seconds, text] of cases) {
      assert.equal(durationText(seconds), text);
    }
  });

  it('take epoch and year 1 as no end', () => {
    for (const none of [
      '1970-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      'soon',
      undefined
    ]) {
      assert.equal(timeOf(none), undefined);
      assert.equal(secondsBetween('2026-01-01T00:00:00Z', none), undefined);
    }
    assert.equal(
      secondsBetween('2026-01-01T00:00:00Z', undefined, NaN),
      undefined
    );
    assert.equal(
      utcText('2026-11-23T12:00:00.999Z'),
      '2026-11-23 12:00:00 UTC'
    );
  });
});

describe('state words', () => {
  it('have letters that lead back', () => {
    const letters = TASK_STATES.map(taskStateLetter);
    assert.equal(new Set(letters).size, letters.length);
    assert.deepEqual(letters.map(taskStateOfLetter), TASK_STATES);
    assert.equal(taskStateOfLetter('?'), undefined);
  });

  it('say what belongs to them', () => {
    assert.equal(runStateWord('UNKNOWN', 'LIMBO'), 'Unknown (LIMBO)');
    assert.equal(
      taskStateWord(task('a', 'task', 'SKIPPED')),
      'Skipped (condition false)'
    );
  });
});

describe('counts', () => {
  it('count leaves without skipped ones and leave loops open', () => {
    const tasks = Object.fromEntries(
      [
        task('a', 'task', 'SUCCEEDED'),
        task('b', 'importer', 'CACHED'),
        task('c', 'condition', 'SKIPPED'),
        task('d', 'task', 'SKIPPED', 'c'),
        task('l', 'loop', 'RUNNING'),
        task('e', 'task', 'RUNNING', 'l'),
        task('x', 'exit', 'PENDING')
      ].map(item => [item.id, item])
    );
    const counts = countTasks(tasks);
    assert.equal(counts.total, 4);
    assert.equal(counts.done, 2);
    assert.equal(counts.open, true);
    assert.equal(countsText(counts, false), '2 of 4+ tasks done');
    assert.equal(
      countTasks(tasks, { l: { total: 2, counts: {} } }).open,
      undefined
    );
    assert.equal(countsText(counts, true), '2 of 4+ tasks succeeded');
  });

  it('say that all was skipped where nothing else is there', () => {
    const skipped = countTasks({ c: task('c', 'condition', 'SKIPPED') });
    assert.equal(skipped.total, 0);
    assert.equal(countsText(skipped, true), 'all tasks skipped');
    assert.equal(countsText(countTasks({}), true), '0 of 0 tasks succeeded');
  });
});
