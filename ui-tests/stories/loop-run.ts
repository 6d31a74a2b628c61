/** A run with a loop, a condition that was false and a failure in one round. */
import type { RunView, StaticGraph, TaskView } from 'jupyterlab-kfp-model';

import { at, view } from './builders';

/** A run with a loop, a condition that was false and a failure in one round. */
export function loopRun(): RunView {
  const vertices: StaticGraph['vertices'] = [
    { id: 'load', key: 'load', label: 'load', kind: 'task', component: 'load' },
    {
      id: 'loop',
      key: 'loop',
      label: 'for lr in rates',
      kind: 'loop',
      component: 'loop'
    },
    {
      id: 'loop.train',
      key: 'train',
      label: 'train',
      kind: 'task',
      parent: 'loop',
      component: 'train'
    },
    {
      id: 'loop.eval',
      key: 'eval',
      label: 'evaluate',
      kind: 'task',
      parent: 'loop',
      component: 'eval'
    },
    {
      id: 'cond',
      key: 'cond',
      label: 'if best > 0.9',
      kind: 'condition',
      component: 'cond',
      condition: 'best > 0.9'
    },
    {
      id: 'cond.deploy',
      key: 'deploy',
      label: 'deploy',
      kind: 'task',
      parent: 'cond',
      component: 'deploy'
    },
    {
      id: 'report',
      key: 'report',
      label: 'report with a long name that is cut',
      kind: 'task',
      component: 'report'
    }
  ];
  const tasks: Record<string, TaskView> = {};
  const put = (
    task: Partial<TaskView> &
      Pick<TaskView, 'id' | 'vertex' | 'kind' | 'state' | 'name'>
  ): void => {
    tasks[task.id] = { path: task.id, attempts: [], ...task };
  };
  put({
    id: 'load',
    vertex: 'load',
    kind: 'task',
    state: 'SUCCEEDED',
    name: 'load',
    started_at: at(1),
    finished_at: at(9)
  });
  put({
    id: 'loop',
    vertex: 'loop',
    kind: 'loop',
    state: 'FAILED',
    name: 'for lr in rates',
    started_at: at(9),
    finished_at: at(70)
  });
  for (let i = 0; i < 12; i += 1) {
    const bad = i === 7;
    put({
      id: `it${i}`,
      vertex: 'loop',
      kind: 'iteration',
      parent: 'loop',
      iteration: i,
      state: bad ? 'FAILED' : 'SUCCEEDED',
      name: `${i}`,
      started_at: at(9),
      finished_at: at(60)
    });
    put({
      id: `train${i}`,
      vertex: 'loop.train',
      kind: 'task',
      parent: `it${i}`,
      state: bad ? 'FAILED' : 'SUCCEEDED',
      name: 'train',
      started_at: at(9),
      finished_at: at(30 + i),
      ...(bad
        ? {
            failure: { reason: 'ValueError: lr must be positive', exit_code: 1 }
          }
        : {})
    });
    put({
      id: `eval${i}`,
      vertex: 'loop.eval',
      kind: 'task',
      parent: `it${i}`,
      state: bad ? 'NOT_REACHED' : 'SUCCEEDED',
      name: 'evaluate',
      ...(bad ? {} : { started_at: at(31 + i), finished_at: at(40 + i) })
    });
  }
  put({
    id: 'cond',
    vertex: 'cond',
    kind: 'condition',
    state: 'SKIPPED',
    name: 'if best > 0.9'
  });
  put({
    id: 'report',
    vertex: 'report',
    kind: 'task',
    state: 'NOT_REACHED',
    name: 'report with a long name that is cut'
  });
  return view(
    'FAILED',
    {
      tasks,
      loops: { loop: { total: 12, counts: { SUCCEEDED: 11, FAILED: 1 } } },
      graph: {
        vertices,
        edges: [
          { from: 'load', to: 'loop' },
          { from: 'loop', to: 'cond' },
          { from: 'loop', to: 'report' }
        ]
      }
    },
    { finished_at: at(72) }
  );
}

/** A loop whose rounds are not known yet: the total may still grow. */
export function openLoop(): RunView {
  const full = loopRun();
  const { load, loop } = full.tasks;
  return view('RUNNING', {
    tasks: {
      load,
      loop: {
        ...loop,
        state: 'PENDING',
        started_at: undefined,
        finished_at: undefined
      } as TaskView
    },
    graph: full.graph
  });
}

/** A loop in a loop: three rounds, each of two. */
export function nestedLoops(): RunView {
  const vertices: StaticGraph['vertices'] = (
    [
      ['load', 'task'],
      ['seed', 'loop'],
      ['seed.fold', 'loop'],
      ['seed.fold.train', 'task'],
      ['report', 'task']
    ] as const
  ).map(([id, kind]) => {
    const label = id.slice(id.lastIndexOf('.') + 1);
    const parent = id.slice(0, Math.max(0, id.lastIndexOf('.')));
    return {
      id,
      key: label,
      label: kind === 'loop' ? `for ${label} in ${label}s` : label,
      kind,
      component: label,
      ...(parent ? { parent } : {})
    };
  });
  const tasks: Record<string, TaskView> = {};
  const put = (
    id: string,
    vertex: string,
    kind: TaskView['kind'],
    more: Partial<TaskView> = {}
  ): void => {
    tasks[id] = {
      id,
      path: id,
      name: vertices.find(each => each.id === vertex)?.label ?? id,
      vertex,
      kind,
      state: 'SUCCEEDED',
      attempts: [],
      started_at: at(1),
      finished_at: at(40),
      ...more
    };
  };
  put('load', 'load', 'task');
  put('seed', 'seed', 'loop');
  for (let i = 0; i < 3; i += 1) {
    put(`s${i}`, 'seed', 'iteration', { parent: 'seed', iteration: i });
    put(`f${i}`, 'seed.fold', 'loop', { parent: `s${i}` });
    for (let k = 0; k < 2; k += 1) {
      const round = `f${i}.${k}`;
      put(round, 'seed.fold', 'iteration', { parent: `f${i}`, iteration: k });
      put(`t${i}.${k}`, 'seed.fold.train', 'task', { parent: round });
    }
  }
  put('report', 'report', 'task');
  return view(
    'SUCCEEDED',
    {
      tasks,
      loops: {},
      graph: {
        vertices,
        edges: [
          { from: 'load', to: 'seed' },
          { from: 'seed', to: 'report' }
        ]
      }
    },
    { finished_at: at(72) }
  );
}
