/**
 * The order in which payloads list tasks: that of the graph, rounds of a loop by their number.
 */
import type { StaticGraph, Vertex } from '../graph/static-graph.ts';
import type { RunView, TaskView } from '../run/view.ts';

/**
 * The graph of a view. A service that does not give the compiled pipeline still gives tasks: then their vertices, without edges.
 * Undefined when there is nothing to draw.
 */
export function graphOfView(view: RunView): StaticGraph | undefined {
  if (view.graph !== undefined) {
    return view.graph.vertices.length === 0 ? undefined : view.graph;
  }
  const vertices = new Map<string, Vertex>();
  const add = (task: TaskView, above: number): void => {
    if (vertices.has(task.vertex) || above > 100) {
      return;
    }
    const outer = group(view, task);
    if (outer !== undefined) {
      add(outer, above + 1);
    }
    const kind = task.kind === 'iteration' ? 'loop' : task.kind;
    const prefix = outer === undefined ? '' : `${outer.vertex}.`;
    const key = task.vertex.startsWith(prefix)
      ? task.vertex.slice(prefix.length)
      : task.vertex;
    vertices.set(task.vertex, {
      id: task.vertex,
      key,
      label: task.kind === 'iteration' ? key : task.name,
      kind,
      ...(outer !== undefined && { parent: outer.vertex }),
      component: '',
      ...(task.image !== undefined && { image: task.image })
    });
  };
  for (const task of sortedByPath(Object.values(view.tasks))) {
    add(task, 0);
  }
  return vertices.size === 0
    ? undefined
    : { vertices: [...vertices.values()], edges: [] };
}

/** Instances in the order of the graph's vertices, then by path with rounds in the order of their numbers. */
export function orderedTasks(view: RunView): readonly TaskView[] {
  const place = new Map(
    graphOfView(view)?.vertices.map(({ id }, index) => [id, index])
  );
  const at = (task: TaskView): number =>
    place.get(task.vertex) ?? Number.MAX_SAFE_INTEGER;
  return [...sortedByPath(Object.values(view.tasks))].sort(
    (a, b) => at(a) - at(b)
  );
}

/** The enclosing group that is a vertex of its own; rounds are not. */
function group(view: RunView, task: TaskView): TaskView | undefined {
  let outer: TaskView | undefined = task;
  for (let n = 0; n < 3; n++) {
    const id: string | undefined = outer?.parent;
    outer =
      id !== undefined && Object.hasOwn(view.tasks, id)
        ? view.tasks[id]
        : undefined;
    if (outer === undefined || outer.vertex !== task.vertex) {
      return outer;
    }
  }
  return undefined;
}

function sortedByPath(tasks: readonly TaskView[]): readonly TaskView[] {
  // Split once per task, not once per comparison: a run has up to 5,000 of them.
  return tasks
    .map(task => ({ task, path: pathParts(task.path), id: pathParts(task.id) }))
    .sort((a, b) => comparePaths(a.path, b.path) || comparePaths(a.id, b.id))
    .map(({ task }) => task);
}

/** Text and numbers in brackets, in turn. */
function pathParts(path: string): readonly string[] {
  return path.split(/\[(\d+)\]/);
}

/** Code unit order, numbers in brackets by value; no locale. */
function comparePaths(
  left: readonly string[],
  right: readonly string[]
): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] ?? '', right[i] ?? ''];
    const byNumber = i % 2 === 1 ? Number(x) - Number(y) : 0;
    if (byNumber !== 0) {
      return byNumber;
    }
    if (x !== y) {
      return x < y ? -1 : 1;
    }
  }
  return left.length - right.length;
}
