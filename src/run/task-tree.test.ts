import type { StaticGraph } from 'jupyterlab-kfp-model';

import { sampleTask, sampleVertex, sampleView } from '../testing/sample-view';
import { firstFailure, leavesOf, taskSeconds, taskTree } from './task-tree';

const graph: StaticGraph = {
  vertices: [
    sampleVertex('load'),
    sampleVertex('loop', 'loop'),
    sampleVertex('loop.fit', 'task', 'loop'),
    sampleVertex('eval')
  ],
  edges: [{ from: 'load', to: 'loop' }]
};

const loop = [
  sampleTask({ id: 'l', vertex: 'loop', kind: 'loop', state: 'RUNNING' }),
  sampleTask({
    id: 'i1',
    vertex: 'loop',
    kind: 'iteration',
    parent: 'l',
    iteration: 1,
    state: 'RUNNING'
  }),
  sampleTask({
    id: 'i0',
    vertex: 'loop',
    kind: 'iteration',
    parent: 'l',
    iteration: 0,
    state: 'FAILED'
  }),
  sampleTask({ id: 'f1', vertex: 'loop.fit', parent: 'i1', state: 'RUNNING' }),
  sampleTask({
    id: 'f0',
    vertex: 'loop.fit',
    parent: 'i0',
    state: 'FAILED',
    finished_at: '2026-11-23T12:00:09Z'
  })
];

describe('taskTree', () => {
  it('keeps the order of the pipeline and of the rounds', () => {
    const view = sampleView(
      [...loop, sampleTask({ id: 'x', vertex: 'load' })],
      { graph }
    );
    expect(leavesOf(taskTree(view)).map(task => task.id)).toEqual([
      'x',
      'f0',
      'f1',
      'vertex:eval'
    ]);
  });

  it('shows tasks that were not created yet as Pending, and after the end as Not reached', () => {
    const running = sampleView([], { graph });
    expect(leavesOf(taskTree(running))[0].state).toBe('PENDING');
    const ended = {
      ...running,
      run: { ...running.run, state: 'FAILED' as const }
    };
    expect(leavesOf(taskTree(ended))[0].state).toBe('NOT_REACHED');
  });

  it('finds the failure that came first by end time', () => {
    const late = sampleTask({
      id: 'late',
      state: 'FAILED',
      finished_at: '2026-11-23T12:01:00Z'
    });
    expect(firstFailure(sampleView([late, ...loop]))?.id).toBe('f0');
    const endless = {
      ...late,
      id: 'endless',
      finished_at: '1970-01-01T00:00:00Z'
    };
    expect(firstFailure(sampleView([endless, ...loop]))?.id).toBe('f0');
  });

  it.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', undefined])(
    'does not go on to count the time of a task that ended at %s',
    finished_at => {
      const task = {
        started_at: '2026-11-23T12:00:00Z',
        ...(finished_at ? { finished_at } : {})
      };
      const now = Date.parse('2026-11-23T12:00:09Z');
      expect(taskSeconds({ ...task, state: 'FAILED' }, now)).toBeNull();
      expect(taskSeconds({ ...task, state: 'RUNNING' }, now)).toBe(9);
    }
  );
});
