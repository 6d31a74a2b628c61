import {
  isFinalRunState,
  isFinalTaskState,
  type RunView,
  type TaskState,
  type TaskView,
  type Vertex
} from 'jupyterlab-kfp-model';

/** A task with what is inside it. */
export interface ITaskNode {
  readonly task: TaskView;
  readonly children: readonly ITaskNode[];
  /** 0 at the top. */
  readonly depth: number;
}

/**
 * The tasks of a run as a tree in the order of the pipeline, rounds of loops in their own order.
 *
 * #### Notes
 * A task that the service has not created yet stands here too, as Pending or Not reached: people know it from their code. Its id starts
 * with `vertex:`.
 */
export function taskTree(view: RunView): readonly ITaskNode[] {
  const instances = new Map<string, TaskView[]>();
  for (const task of Object.values(view.tasks)) {
    push(instances, task.parent ?? '', task);
  }
  const vertices = new Map<string, Vertex[]>();
  for (const vertex of view.graph?.vertices ?? []) {
    push(vertices, vertex.parent ?? '', vertex);
  }
  const ended = isFinalRunState(view.run.state);

  const build = (
    parent: TaskView | null,
    vertexId: string,
    depth: number
  ): ITaskNode[] => {
    const found = instances.get(parent?.id ?? '') ?? [];
    if (parent?.kind === 'loop') {
      return [...found]
        .sort((a, b) => (a.iteration ?? 0) - (b.iteration ?? 0))
        .map(task => node(task, depth));
    }
    const nodes: ITaskNode[] = [];
    const seen = new Set<string>();
    for (const vertex of vertices.get(vertexId) ?? []) {
      const own = found.filter(task => task.vertex === vertex.id);
      own.forEach(task => seen.add(task.id));
      nodes.push(
        ...(own.length > 0
          ? own.map(task => node(task, depth))
          : [node(missingTask(vertex, parent, ended), depth)])
      );
    }
    nodes.push(
      ...found.filter(task => !seen.has(task.id)).map(task => node(task, depth))
    );
    return nodes;
  };
  const node = (task: TaskView, depth: number): ITaskNode => ({
    task,
    depth,
    children: isGroup(task) ? build(task, task.vertex, depth + 1) : []
  });
  return build(null, '', 0);
}

/** Whether a task holds other tasks. */
export function isGroup(task: Pick<TaskView, 'kind'>): boolean {
  return (
    task.kind === 'dag' ||
    task.kind === 'condition' ||
    task.kind === 'loop' ||
    task.kind === 'iteration'
  );
}

/** The leaf tasks of a tree, in its order. */
export function leavesOf(nodes: readonly ITaskNode[]): readonly TaskView[] {
  return nodes.flatMap(node =>
    isGroup(node.task) ? leavesOf(node.children) : [node.task]
  );
}

/** The seconds a task has taken or took; null when it has not started. */
export function taskSeconds(
  task: Pick<TaskView, 'started_at' | 'finished_at'>,
  now: number
): number | null {
  const start = Date.parse(task.started_at ?? '');
  if (Number.isNaN(start)) {
    return null;
  }
  const end = task.finished_at ? Date.parse(task.finished_at) : now;
  return Math.max(0, (end - start) / 1000);
}

/** The task whose failure came first by end time; null when none failed. */
export function firstFailure(view: RunView): TaskView | null {
  if (view.failure && view.tasks[view.failure.task_id]) {
    return view.tasks[view.failure.task_id] ?? null;
  }
  return Object.values(view.tasks)
    .filter(task => task.state === 'FAILED' && !isGroup(task))
    .reduce<TaskView | null>(
      (first, task) =>
        first === null || (task.finished_at ?? '9') < (first.finished_at ?? '9')
          ? task
          : first,
      null
    );
}

function missingTask(
  vertex: Vertex,
  parent: TaskView | null,
  runEnded: boolean
): TaskView {
  return {
    id: `vertex:${parent ? `${parent.id}/` : ''}${vertex.id}`,
    path: vertex.id,
    name: vertex.label,
    vertex: vertex.id,
    kind: vertex.kind,
    state: missingState(parent, runEnded),
    attempts: [],
    ...(parent ? { parent: parent.id } : {}),
    ...(vertex.image ? { image: vertex.image } : {})
  };
}

function missingState(parent: TaskView | null, runEnded: boolean): TaskState {
  if (parent?.state === 'SKIPPED' || parent?.state === 'CACHED') {
    return parent.state;
  }
  return runEnded || (parent !== null && isFinalTaskState(parent.state))
    ? 'NOT_REACHED'
    : 'PENDING';
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) {
    list.push(value);
  } else {
    map.set(key, [value]);
  }
}
