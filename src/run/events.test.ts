import { nullTranslator } from '@jupyterlab/translation';
import type { TaskView } from 'jupyterlab-kfp-model';

import { eventsOf } from './events';

const trans = nullTranslator.load('jupyterlab_kfp');
const task: TaskView = {
  id: 't',
  path: 'train',
  name: 'train',
  vertex: 'train',
  kind: 'task',
  state: 'RETRYING',
  created_at: '2026-11-23T12:00:00Z',
  reason: 'The second attempt starts in 20 s.',
  attempts: [
    {
      index: 0,
      id: 'a',
      state: 'FAILED',
      started_at: '2026-11-23T12:00:05Z',
      finished_at: '2026-11-23T12:01:05Z',
      exit_code: 137,
      message: 'OOMKilled'
    },
    {
      index: 1,
      id: 'b',
      state: 'RUNNING',
      started_at: '2026-11-23T12:02:05Z'
    }
  ]
};

describe('eventsOf', () => {
  it('tells what happened to a task in order, and what holds now last', () => {
    expect(
      eventsOf(task, trans).map(each => [each.at, each.text, each.detail])
    ).toEqual([
      ['2026-11-23T12:00:00Z', 'Created', ''],
      ['2026-11-23T12:00:05Z', 'Attempt 1 started', ''],
      [
        '2026-11-23T12:01:05Z',
        'Attempt 1: Failed',
        'exit code 137 · OOMKilled'
      ],
      ['2026-11-23T12:02:05Z', 'Attempt 2 started', ''],
      [undefined, 'Retrying', 'The second attempt starts in 20 s.']
    ]);
  });

  it('tells the end of a task that needed no attempt', () => {
    expect(
      eventsOf(
        {
          ...task,
          state: 'CACHED',
          reason: undefined,
          attempts: [],
          finished_at: '2026-11-23T12:00:01Z'
        },
        trans
      ).map(each => each.text)
    ).toEqual(['Created', 'Cached']);
  });
});
