import {
  countTasks,
  type RunView,
  type TaskView,
  type Vertex
} from 'jupyterlab-kfp-model';

/** A task of a test. */
export function sampleTask(
  task: Partial<TaskView> & Pick<TaskView, 'id'>
): TaskView {
  return {
    path: task.id,
    name: task.id,
    vertex: task.id,
    kind: 'task',
    state: 'PENDING',
    attempts: [],
    ...task
  };
}

/** A part of the graph of a test. */
export function sampleVertex(
  id: string,
  kind: Vertex['kind'] = 'task',
  parent?: string
): Vertex {
  return {
    id,
    key: id,
    label: id,
    kind,
    component: id,
    ...(parent ? { parent } : {})
  };
}

/** A run of a test, running, with the given tasks. */
export function sampleView(
  tasks: readonly TaskView[],
  parts: Partial<RunView> = {}
): RunView {
  const byId = Object.fromEntries(tasks.map(task => [task.id, task]));
  return {
    run: {
      run_id: '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11',
      name: 'train-1',
      connection: { profile: 'local', fingerprint: 'f', flavour: 'local' },
      pipeline: { name: 'train' },
      state: 'RUNNING',
      created_at: '2026-11-23T12:00:00.000Z',
      parameters: []
    },
    tasks: byId,
    loops: {},
    counts: countTasks(byId, {}),
    warnings: [],
    capabilities: {
      actions: ['terminate'],
      logs: true,
      artifacts: true,
      events: true
    },
    ...parts
  };
}
