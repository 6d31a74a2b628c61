import {
  isFinalRunState,
  isFinalTaskState,
  secondsBetween,
  timeOf,
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
  const known = TREES.get(view.tasks);
  if (known && known.graph === view.graph && known.state === view.run.state) {
    return known.tree;
  }
  const tree = makeTree(view);
  TREES.set(view.tasks, { graph: view.graph, state: view.run.state, tree });
  return tree;
}

/** Trees that were made already: every part of the view asks for the same one. */
const TREES = new WeakMap<
  RunView['tasks'],
  {
    readonly graph: RunView['graph'];
    readonly state: RunView['run']['state'];
    readonly tree: readonly ITaskNode[];
  }
>();

function makeTree(view: RunView): readonly ITaskNode[] {
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
    const byVertex = new Map<string, TaskView[]>();
    found.forEach(task => push(byVertex, task.vertex, task));
    const nodes: ITaskNode[] = [];
    for (const vertex of vertices.get(vertexId) ?? []) {
      const own = byVertex.get(vertex.id);
      byVertex.delete(vertex.id);
      for (const task of own ?? [missingTask(vertex, parent, ended)]) {
        nodes.push(node(task, depth));
      }
    }
    for (const unknown of byVertex.values()) {
      unknown.forEach(task => nodes.push(node(task, depth)));
    }
    return nodes;
  };
  const node = (task: TaskView, depth: number): ITaskNode => ({
    task,
    depth,
    children: isGroup(task) ? build(task, task.vertex, depth + 1) : []
  });
  return build(null, '', 0);
}

/** The vertex of the static graph with this id. */
export function vertexOf(view: RunView, id: string): Vertex | undefined {
  const { graph } = view;
  if (!graph) {
    return undefined;
  }
  let known = VERTICES.get(graph);
  if (!known) {
    known = new Map(graph.vertices.map(vertex => [vertex.id, vertex]));
    VERTICES.set(graph, known);
  }
  return known.get(id);
}

const VERTICES = new WeakMap<
  NonNullable<RunView['graph']>,
  ReadonlyMap<string, Vertex>
>();

/** The tasks in a loop that has no rounds yet, or never will have: as they stand in the pipeline. */
export function insideOf(view: RunView, loop: TaskView): readonly ITaskNode[] {
  const ended = isFinalRunState(view.run.state);
  const build = (parent: TaskView, depth: number): ITaskNode[] =>
    (view.graph?.vertices ?? [])
      .filter(vertex => vertex.parent === parent.vertex)
      .map(vertex => {
        const task = missingTask(vertex, parent, ended);
        const children = isGroup(task) ? build(task, depth + 1) : [];
        return { task, depth, children };
      });
  return build(loop, 1);
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
  const known = LEAVES.get(nodes);
  if (known) {
    return known;
  }
  const leaves: TaskView[] = [];
  const walk = (level: readonly ITaskNode[]): void =>
    level.forEach(node =>
      isGroup(node.task) ? walk(node.children) : leaves.push(node.task)
    );
  walk(nodes);
  LEAVES.set(nodes, leaves);
  return leaves;
}

const LEAVES = new WeakMap<readonly ITaskNode[], readonly TaskView[]>();

/**
 * The seconds a task has taken or took; null when it has not started.
 *
 * #### Notes
 * Both ends are cut to whole seconds, as those of the run and of what a notebook keeps are: so a task never looks longer than its run. Of
 * one that has ended nobody knows when, where the service names no time.
 */
export function taskSeconds(
  task: Pick<TaskView, 'state' | 'started_at' | 'finished_at'>,
  now?: number
): number | null {
  return (
    secondsBetween(
      task.started_at,
      task.finished_at,
      isFinalTaskState(task.state) ? undefined : now
    ) ?? null
  );
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
        first === null || endOf(task) < endOf(first) ? task : first,
      null
    );
}

// where the service names no time of the end, the failure counts as the last
function endOf(task: TaskView): number {
  return timeOf(task.finished_at) ?? Infinity;
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
