import type {
  LoopProgress,
  RunView,
  TaskState,
  TaskView,
  Vertex
} from 'jupyterlab-kfp-model';

import { insideOf, isGroup, taskTree, type ITaskNode } from '../task-tree';

/** What the graph shows of one vertex. */
export interface IVertexState {
  /** The instance that is shown; for a vertex in a loop that of the chosen round. */
  readonly task: TaskView;
  /** Progress of a loop or counts of a group, in the order of the words. */
  readonly counts: readonly (readonly [TaskState, number])[];
  /** Indices of the rounds of a loop. */
  readonly rounds: readonly number[];
  /** Index of the round that is shown; undefined where there is none. */
  readonly round?: number;
}

/**
 * Find for each vertex the instance to show.
 *
 * @param rounds - the chosen round by the vertex of its loop; without a choice the first round that failed, else the first that runs,
 * else the first.
 */
export function graphStates(
  view: RunView,
  rounds: Readonly<Record<string, number>>
): ReadonlyMap<string, IVertexState> {
  const states = new Map<string, IVertexState>();
  const walk = (nodes: readonly ITaskNode[]): void => {
    for (const { task, children } of nodes) {
      if (task.kind !== 'loop') {
        states.set(task.vertex, {
          task,
          counts: isGroup(task) ? countStates(children) : [],
          rounds: []
        });
        walk(children);
        continue;
      }
      const iterations = children.filter(
        child => child.task.kind === 'iteration'
      );
      const shown = chosenRound(iterations, rounds[task.vertex]);
      states.set(task.vertex, {
        task,
        counts: loopCounts(view.loops[task.id], iterations),
        rounds: iterations.map(child => child.task.iteration ?? 0),
        ...(shown ? { round: shown.task.iteration ?? 0 } : {})
      });
      if (shown) {
        walk(shown.children);
      } else {
        walk(insideOf(view, task));
      }
    }
  };
  walk(taskTree(view));
  return states;
}

/** Whether a group is open before the reader says otherwise: small pictures are, and what failed always is. */
export function isOpenAtFirst(
  vertex: Vertex,
  state: IVertexState | undefined,
  vertices: number
): boolean {
  return (
    vertices <= 60 ||
    state?.task.state === 'FAILED' ||
    state?.counts.some(([each]) => each === 'FAILED') === true
  );
}

function chosenRound(
  iterations: readonly ITaskNode[],
  chosen: number | undefined
): ITaskNode | undefined {
  return (
    iterations.find(child => child.task.iteration === chosen) ??
    iterations.find(child => child.task.state === 'FAILED') ??
    iterations.find(child => child.task.state === 'RUNNING') ??
    iterations[0]
  );
}

const ORDER: readonly TaskState[] = [
  'SUCCEEDED',
  'CACHED',
  'FAILED',
  'RUNNING',
  'RETRYING',
  'PENDING',
  'SKIPPED',
  'NOT_REACHED',
  'CANCELED',
  'UNKNOWN'
];

function loopCounts(
  progress: LoopProgress | undefined,
  iterations: readonly ITaskNode[]
): IVertexState['counts'] {
  return progress
    ? ORDER.flatMap(state => {
        const count = progress.counts[state];
        return count ? [[state, count] as const] : [];
      })
    : tally(iterations.map(child => child.task.state));
}

function countStates(children: readonly ITaskNode[]): IVertexState['counts'] {
  const states: TaskState[] = [];
  const walk = (nodes: readonly ITaskNode[]): void =>
    nodes.forEach(node =>
      isGroup(node.task) ? walk(node.children) : states.push(node.task.state)
    );
  walk(children);
  return tally(states);
}

function tally(states: readonly TaskState[]): IVertexState['counts'] {
  return ORDER.flatMap(state => {
    const count = states.filter(other => other === state).length;
    return count > 0 ? [[state, count] as const] : [];
  });
}
