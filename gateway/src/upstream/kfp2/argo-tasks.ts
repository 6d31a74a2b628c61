/** The task tree of a KFP 2 run: the compiled pipeline says what there is, the workflow's nodes say how far it is. */
import type {
  AttemptView,
  StaticGraph,
  TaskView,
  Vertex
} from 'jupyterlab-kfp-model';

import type { ArgoNode, ArgoNodes } from './argo-nodes.ts';
import { argoState, phaseState, type ArgoState } from './argo-state.ts';

/** Images that stand for work the driver does by itself, such as making a volume. */
const DRIVER_ONLY = /^argostub\//;
const ITERATION = /\((\d+):[^)]*\)$/;

/** Make the tasks of a run. */
export function argoTasks(
  graph: StaticGraph,
  nodes: ArgoNodes
): Readonly<Record<string, TaskView>> {
  const walk = new Walk(graph, nodes);
  return walk.tasks();
}

/** A group whose members are looked at. */
interface Scope {
  /** Its DAG; absent before it has started. */
  readonly dag: ArgoNode | undefined;
  readonly vertex: string | undefined;
  /** Path of instances. */
  readonly path: string;
  readonly parent: string | undefined;
  readonly runs: boolean;
}

class Walk {
  private readonly _graph: StaticGraph;
  private readonly _nodes: ArgoNodes;
  /** Vertices that hold others: conditions, loops, sub-pipelines, also as exit tasks. */
  private readonly _groups: ReadonlySet<string>;
  private readonly _tasks: Record<string, TaskView> = {};

  constructor(graph: StaticGraph, nodes: ArgoNodes) {
    this._graph = graph;
    this._nodes = nodes;
    this._groups = new Set(
      graph.vertices.flatMap(vertex => vertex.parent ?? [])
    );
  }

  tasks(): Readonly<Record<string, TaskView>> {
    const entry = this._nodes.named(this._nodes.workflow);
    const outer =
      entry === undefined ? undefined : this._nodes.effective(entry);
    const node =
      outer === undefined ? undefined : this._nodes.inside(outer).get('root');
    const root = node === undefined ? undefined : this._nodes.effective(node);
    this._visit({
      dag: root,
      vertex: undefined,
      path: '',
      parent: undefined,
      runs: isOpen(root ?? outer)
    });
    return this._tasks;
  }

  private _visit(scope: Scope): void {
    const members =
      scope.dag === undefined
        ? new Map<string, ArgoNode>()
        : this._nodes.inside(scope.dag);
    for (const vertex of this._graph.vertices) {
      if (vertex.parent === scope.vertex) {
        this._task(vertex, scope, this._membersFor(vertex, scope, members));
      }
    }
  }

  /** The members of the scope, or of the hook that runs this task at the scope's end. */
  private _membersFor(
    vertex: Vertex,
    scope: Scope,
    members: ReadonlyMap<string, ArgoNode>
  ): ReadonlyMap<string, ArgoNode> {
    if (members.has(vertex.key) || members.has(`${vertex.key}-driver`)) {
      return members;
    }
    const bounded =
      scope.dag === undefined ? [] : this._nodes.bounded(scope.dag.id);
    for (const hook of bounded) {
      if (
        hook.name.endsWith('.onExit') &&
        hook.template.startsWith('exit-hook-') &&
        hook.template.endsWith(`-${vertex.key}`)
      ) {
        return this._nodes.inside(this._nodes.effective(hook));
      }
    }
    return members;
  }

  private _task(
    vertex: Vertex,
    scope: Scope,
    members: ReadonlyMap<string, ArgoNode>
  ): void {
    const outer = members.get(vertex.key);
    const driver = this._driver(members.get(`${vertex.key}-driver`));
    const path = scope.path === '' ? vertex.key : `${scope.path}.${vertex.key}`;
    const isGroup = this._groups.has(vertex.id) || vertex.kind === 'loop';
    const pods =
      outer === undefined || isGroup || vertex.kind === 'importer'
        ? []
        : this._nodes.pods(outer);
    const work =
      outer === undefined
        ? undefined
        : isGroup || vertex.kind === 'importer'
          ? this._nodes.effective(outer)
          : pods.at(-1);
    const around = {
      scopeRuns: scope.runs,
      isTerminated: this._nodes.isTerminated
    };
    const state =
      driver !== undefined && DRIVER_ONLY.test(vertex.image ?? '')
        ? phaseState(driver, around)
        : argoState(driver, work, outer, around);
    const id = outer?.id ?? driver?.id ?? `vertex:${path}`;
    this._tasks[id] = {
      id,
      path,
      name: vertex.label,
      vertex: vertex.id,
      kind: vertex.kind,
      ...(scope.parent === undefined ? {} : { parent: scope.parent }),
      ...state,
      ...times(driver, outer),
      attempts: this._attempts(pods, driver, state),
      ...(isGroup || driver?.type !== 'Pod'
        ? {}
        : { driver: this._nodes.podName(driver) }),
      ...(vertex.image === undefined ? {} : { image: vertex.image })
    };
    if (vertex.kind === 'loop') {
      this._iterations(vertex, path, id, work);
    } else if (isGroup) {
      this._visit({
        dag: work,
        vertex: vertex.id,
        path,
        parent: id,
        runs:
          work === undefined ? scope.runs && isOpenState(state) : isOpen(work)
      });
    }
  }

  private _iterations(
    vertex: Vertex,
    path: string,
    parent: string,
    loop: ArgoNode | undefined
  ): void {
    if (loop === undefined) {
      return;
    }
    for (const [name, node] of this._nodes.inside(loop)) {
      const index = ITERATION.exec(name)?.[1];
      if (index === undefined || node.type === 'TaskGroup') {
        continue;
      }
      const round = this._nodes.effective(node);
      const inner = this._nodes.inside(round);
      const item = inner.get('iteration-item');
      const dag = item === undefined ? undefined : this._nodes.effective(item);
      const around = {
        scopeRuns: isOpen(round),
        isTerminated: this._nodes.isTerminated
      };
      const state = argoState(
        this._driver(inner.get('iteration-item-driver')),
        dag,
        item,
        around
      );
      this._tasks[node.id] = {
        id: node.id,
        path: `${path}[${index}]`,
        name: `${vertex.label} [${index}]`,
        vertex: vertex.id,
        kind: 'iteration',
        parent,
        iteration: Number(index),
        ...state,
        ...times(round, dag),
        attempts: []
      };
      this._visit({
        dag,
        vertex: vertex.id,
        path: `${path}[${index}]`,
        parent: node.id,
        runs: isOpen(round)
      });
    }
  }

  private _driver(node: ArgoNode | undefined): ArgoNode | undefined {
    return node === undefined ? undefined : this._nodes.effective(node);
  }

  /** One per pod. A task that failed in its driver has the driver's pod, whose log says why. */
  private _attempts(
    pods: readonly ArgoNode[],
    driver: ArgoNode | undefined,
    state: ArgoState
  ): readonly AttemptView[] {
    const shown =
      pods.length === 0 && driver !== undefined && state.state === 'FAILED'
        ? [driver]
        : pods.filter(
            pod => pod.phase !== 'Skipped' && pod.phase !== 'Omitted'
          );
    return shown.map((pod, index) => ({
      index,
      id: this._nodes.podName(pod),
      state: attemptState(pod, this._nodes.isTerminated),
      ...(pod.startedAt === undefined ? {} : { started_at: pod.startedAt }),
      ...(pod.finishedAt === undefined ? {} : { finished_at: pod.finishedAt }),
      ...(pod.message === '' ? {} : { message: pod.message })
    }));
  }
}

function attemptState(
  pod: ArgoNode,
  isTerminated: boolean
): AttemptView['state'] {
  const { state } = phaseState(pod, { scopeRuns: true, isTerminated });
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED'
    ? state
    : 'RUNNING';
}

function times(
  first: ArgoNode | undefined,
  last: ArgoNode | undefined
): { created_at?: string; started_at?: string; finished_at?: string } {
  const started = (last ?? first)?.startedAt;
  const created = (first ?? last)?.startedAt;
  const finished = (last ?? first)?.finishedAt;
  return {
    ...(created === undefined ? {} : { created_at: created }),
    ...(started === undefined ? {} : { started_at: started }),
    ...(finished === undefined ? {} : { finished_at: finished })
  };
}

function isOpen(node: ArgoNode | undefined): boolean {
  return node === undefined || ['', 'Pending', 'Running'].includes(node.phase);
}

function isOpenState({ state }: ArgoState): boolean {
  return state === 'PENDING' || state === 'RUNNING';
}
