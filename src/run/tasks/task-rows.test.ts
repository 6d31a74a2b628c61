import type { StaticGraph, TaskView } from 'jupyterlab-kfp-model';

import {
  sampleTask,
  sampleVertex,
  sampleView
} from '../../testing/sample-view';
import type { TaskOrder } from '../run-choices';
import { taskTree } from '../task-tree';
import { taskRows } from './task-rows';

const graph: StaticGraph = {
  vertices: [
    sampleVertex('load'),
    sampleVertex('loop', 'loop'),
    sampleVertex('loop.fit', 'task', 'loop'),
    sampleVertex('eval')
  ],
  edges: []
};

const loop = [
  sampleTask({ id: 'l', vertex: 'loop', kind: 'loop', state: 'RUNNING' }),
  sampleTask({
    id: 'i0',
    vertex: 'loop',
    kind: 'iteration',
    parent: 'l',
    iteration: 0,
    state: 'FAILED'
  }),
  sampleTask({ id: 'f0', vertex: 'loop.fit', parent: 'i0', state: 'FAILED' }),
  sampleTask({
    id: 'i1',
    vertex: 'loop',
    kind: 'iteration',
    parent: 'l',
    iteration: 1,
    state: 'RUNNING'
  }),
  sampleTask({ id: 'f1', vertex: 'loop.fit', parent: 'i1', state: 'RUNNING' })
];

describe('the filter of the tasks', () => {
  const rows = (filter: string): string[] =>
    taskRows(taskTree(sampleView(loop, { graph })), {
      filter,
      order: { by: 'pipeline', isDescending: false },
      isOpen: () => false,
      now: 0
    }).map(row => row.task.id);

  it('hides what is inside folded groups as long as it is empty', () => {
    expect(rows('')).toEqual(['vertex:load', 'l', 'vertex:eval']);
  });

  it('opens the way to what it finds', () => {
    expect(rows('state:failed')).toEqual(['l', 'i0', 'f0']);
    expect(rows('type:loop')).toEqual(['l']);
    expect(rows('f1 state:running')).toEqual(['l', 'i1', 'f1']);
  });

  it('takes kinds as they are called where they are shown', () => {
    expect(rows('type:round')).toEqual(['l', 'i0', 'i1']);
    expect(rows('type:iteration')).toEqual(['l', 'i0', 'i1']);
  });

  it('finds nothing without an error', () => {
    expect(rows('state:no-such')).toEqual([]);
  });
});

describe('the order of the tasks', () => {
  const at = (second: number): string =>
    new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();
  const output = (json: string): Partial<TaskView> => ({
    outputs: [{ name: 'score', kind: 'param', type: 'NUMBER_DOUBLE', json }]
  });
  const tasks = [
    sampleTask({ id: 'waits', state: 'PENDING' }),
    sampleTask({
      id: 'long',
      state: 'SUCCEEDED',
      started_at: at(1),
      finished_at: at(120),
      ...output('0.5')
    }),
    sampleTask({
      id: 'broken',
      state: 'FAILED',
      started_at: at(10),
      finished_at: at(12),
      ...output('0.45')
    }),
    sampleTask({
      id: 'reused',
      state: 'CACHED',
      started_at: at(5),
      finished_at: at(5),
      cached_from: { run_id: 'r', task_id: 't' },
      ...output('10')
    })
  ];
  const rows = (by: TaskOrder, isDescending = false): string[] =>
    taskRows(taskTree(sampleView(tasks)), {
      filter: '',
      order: { by, isDescending },
      isOpen: () => true,
      now: 0
    }).map(row => row.task.id);

  it('keeps tasks without a value last in either direction', () => {
    expect(rows('start')).toEqual(['long', 'reused', 'broken', 'waits']);
    expect(rows('start', true)).toEqual(['broken', 'reused', 'long', 'waits']);
    expect(rows('duration')).toEqual(['reused', 'broken', 'long', 'waits']);
  });

  it('puts what needs eyes first', () => {
    expect(rows('state')).toEqual(['broken', 'waits', 'reused', 'long']);
  });

  it('compares outputs as numbers', () => {
    expect(rows('output')).toEqual(['broken', 'long', 'reused', 'waits']);
  });

  it('finds cached tasks, and names as people count', () => {
    expect(rows('cached')[0]).toBe('reused');
    expect(rows('name')).toEqual(['broken', 'long', 'reused', 'waits']);
  });
});
