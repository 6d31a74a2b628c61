/**
 * One state per vertex of the graph, made of all its instances: what the columns of a snapshot and the rows of its texts show.
 */
import type { StaticGraph, Vertex } from '../graph/static-graph.ts';
import { secondsBetween, timeOf } from '../run/durations.ts';
import {
  isFinalRunState,
  isFinalTaskState,
  type TaskState
} from '../run/states.ts';
import type { RunView, TaskView } from '../run/view.ts';

/** What became of a vertex. */
export interface VertexState {
  readonly vertex: Vertex;
  readonly state: TaskState;
  /** Instances in this state, and all of them. Both 0 for a vertex that no instance was made of. */
  readonly count: number;
  readonly of: number;
  /** Seconds from the creation of the run. */
  readonly start?: number;
  /** Seconds from the first start to the last end; absent while an instance runs and for cached tasks. */
  readonly duration?: number;
}

/** The state of several instances is the first of these that one of them has: what needs attention first. */
const ORDER: readonly TaskState[] = [
  'FAILED',
  'RUNNING',
  'RETRYING',
  'UNKNOWN',
  'PENDING',
  'CANCELED',
  'NOT_REACHED',
  'SUCCEEDED',
  'CACHED',
  'SKIPPED'
];

/** States of all vertices, in the order of the graph. */
export function vertexStates(
  view: RunView,
  graph: StaticGraph
): readonly VertexState[] {
  const instances = new Map<string, TaskView[]>();
  for (const task of Object.values(view.tasks)) {
    if (task.kind === 'iteration') {
      continue; // shares the vertex of its loop, which has an instance of its own
    }
    const list = instances.get(task.vertex);
    if (list === undefined) {
      instances.set(task.vertex, [task]);
    } else {
      list.push(task);
    }
  }
  const states = new Map<string, TaskState>();
  return graph.vertices.map(vertex => {
    const of = instances.get(vertex.id) ?? [];
    const state =
      ORDER.find(each => of.some(task => task.state === each)) ??
      unmadeState(
        view,
        vertex.parent === undefined ? undefined : states.get(vertex.parent)
      );
    states.set(vertex.id, state);
    return {
      vertex,
      state,
      count: of.filter(task => task.state === state).length,
      of: of.length,
      ...span(view, of, state)
    };
  });
}

/** A vertex without instance shares the fate of its group; when the run is over it was not reached. */
function unmadeState(view: RunView, group: TaskState | undefined): TaskState {
  if (group === 'SKIPPED' || group === 'CACHED') {
    return group;
  }
  return isFinalRunState(view.run.state) ||
    (group !== undefined && isFinalTaskState(group))
    ? 'NOT_REACHED'
    : 'PENDING';
}

function span(
  view: RunView,
  tasks: readonly TaskView[],
  state: TaskState
): Pick<VertexState, 'start' | 'duration'> {
  const first = edge(
    tasks.map(task => task.started_at),
    (a, b) => a < b
  );
  const start = secondsBetween(view.run.created_at, first);
  if (start === undefined) {
    return {};
  }
  const last = edge(
    tasks.map(task => task.finished_at),
    (a, b) => a > b
  );
  const duration =
    state !== 'CACHED' && tasks.every(task => isFinalTaskState(task.state))
      ? secondsBetween(first, last)
      : undefined;
  return { start, ...(duration !== undefined && { duration }) };
}

/** The earliest or latest of times; undefined when there is none. */
function edge(
  times: readonly (string | undefined)[],
  isBetter: (a: number, b: number) => boolean
): string | undefined {
  let best: { readonly text: string; readonly time: number } | undefined;
  for (const text of times) {
    const time = timeOf(text);
    if (
      text !== undefined &&
      time !== undefined &&
      (best === undefined || isBetter(time, best.time))
    ) {
      best = { text, time };
    }
  }
  return best?.text;
}
