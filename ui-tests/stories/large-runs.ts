/** Runs with many tasks: wide ones, nested ones, and one whose states change without end. */
import {
  countTasks,
  type RunView,
  type StaticGraph,
  type TaskState,
  type TaskView
} from 'jupyterlab-kfp-model';

import { at, chain, view, type Row } from './builders';

/** A wide run of layers of eight. */
export function manyTasks(count: number): RunView {
  const rows: Row[] = Array.from({ length: count }, (_, i): Row => [
    `task-${i + 1}`,
    i < count / 2 ? 'SUCCEEDED' : i < count / 2 + 4 ? 'RUNNING' : 'PENDING',
    i < count / 2 + 4 ? i : undefined,
    i < count / 2 ? i + 5 : undefined
  ]);
  const { tasks, graph } = chain(rows);
  return view('RUNNING', {
    tasks,
    graph: {
      ...graph,
      edges: rows.slice(8).map(([name], i) => ({ from: rows[i][0], to: name }))
    }
  });
}

/** Tasks that wait for nothing, or all of them for one that one more waits for. */
export function sideBySide(count: number, isBetween = false): RunView {
  const many = Array.from({ length: count }, (_, i): Row => [
    `part-${i + 1}`,
    i < count / 2 ? 'SUCCEEDED' : 'RUNNING',
    5,
    i < count / 2 ? 20 : undefined
  ]);
  const { tasks, graph } = chain(
    isBetween
      ? [['split', 'SUCCEEDED', 0, 5], ...many, ['gather', 'PENDING']]
      : many
  );
  return view('RUNNING', {
    tasks,
    graph: {
      ...graph,
      edges: isBetween
        ? many.flatMap(([name]) => [
            { from: 'split', to: name },
            { from: name, to: 'gather' }
          ])
        : []
    }
  });
}

/** Sub-pipelines of the same shape one after the other, as a pipeline that was built from blocks. */
export function blocks(groups: number, size: number): RunView {
  const vertices: StaticGraph['vertices'][number][] = [];
  const edges: StaticGraph['edges'][number][] = [];
  const tasks: Record<string, TaskView> = {};
  const put = (
    task: Partial<TaskView> & Pick<TaskView, 'id' | 'kind' | 'state'>
  ): void => {
    tasks[task.id] = {
      path: task.id,
      name: task.id.split('.').pop() ?? task.id,
      vertex: task.id,
      attempts: [],
      ...task
    };
  };
  for (let g = 0; g < groups; g += 1) {
    const group = `stage-${g + 1}`;
    const state: TaskState =
      g < groups / 2 ? 'SUCCEEDED' : g < groups / 2 + 1 ? 'RUNNING' : 'PENDING';
    vertices.push({
      id: group,
      key: group,
      label: group,
      kind: 'dag',
      component: group
    });
    put({ id: group, kind: 'dag', state });
    if (g > 0) {
      edges.push({ from: `stage-${g}`, to: group });
    }
    for (let i = 0; i < size; i += 1) {
      const id = `${group}.step-${i + 1}`;
      vertices.push({
        id,
        key: id,
        label: `step-${i + 1}`,
        kind: 'task',
        parent: group,
        component: 'step'
      });
      put({
        id,
        kind: 'task',
        parent: group,
        state,
        ...(state === 'PENDING' ? {} : { started_at: at(g) })
      });
      if (i > 0) {
        edges.push({ from: `${group}.step-${i}`, to: id });
      }
    }
  }
  return view('RUNNING', { tasks, graph: { vertices, edges } });
}

/** A loop of many rounds with one task each. */
export function manyRounds(rounds: number): RunView {
  const tasks: Record<string, TaskView> = {
    loop: {
      id: 'loop',
      path: 'loop',
      name: 'for x in items',
      vertex: 'loop',
      kind: 'loop',
      state: 'RUNNING',
      attempts: [],
      started_at: at(0)
    }
  };
  const counts: Partial<Record<TaskState, number>> = {};
  for (let i = 0; i < rounds; i += 1) {
    const state: TaskState =
      i % 97 === 13
        ? 'FAILED'
        : i < rounds / 2
          ? 'SUCCEEDED'
          : i < rounds / 2 + 8
            ? 'RUNNING'
            : 'PENDING';
    counts[state] = (counts[state] ?? 0) + 1;
    const times =
      state === 'PENDING'
        ? {}
        : {
            started_at: at(i / 10),
            ...(state === 'RUNNING' ? {} : { finished_at: at(i / 10 + 3) })
          };
    tasks[`it${i}`] = {
      id: `it${i}`,
      path: `loop[${i}]`,
      name: String(i),
      vertex: 'loop',
      kind: 'iteration',
      parent: 'loop',
      iteration: i,
      state,
      attempts: [],
      ...times
    };
    tasks[`t${i}`] = {
      id: `t${i}`,
      path: `loop[${i}].train`,
      name: 'train',
      vertex: 'loop.train',
      kind: 'task',
      parent: `it${i}`,
      state,
      attempts: [],
      ...times
    };
  }
  const loops = { loop: { total: rounds, counts } };
  return {
    ...view('RUNNING', {
      tasks,
      loops,
      graph: {
        vertices: [
          {
            id: 'loop',
            key: 'loop',
            label: 'for x in items',
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
          }
        ],
        edges: []
      }
    }),
    counts: countTasks(tasks, loops)
  };
}
