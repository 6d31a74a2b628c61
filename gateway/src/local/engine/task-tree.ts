/** Makes and finds the task instances of one run. */
import type {
  ComponentSpec,
  DagSpec,
  PipelineDocument,
  TaskSpec
} from 'jupyterlab-kfp-model';
import { vertexKind } from 'jupyterlab-kfp-model';

import { componentNamed, emptyScope, type TaskNode } from './task-node.ts';

/** Where a stored node stood. */
export interface NodePlace {
  readonly taskId: string;
  readonly number: number;
}

export class TaskTree {
  private readonly _runId: string;
  private readonly _document: PipelineDocument;
  private readonly _newId: () => string;
  private readonly _byId = new Map<string, TaskNode>();
  private readonly _dependents = new Map<DagSpec, Map<string, string[]>>();
  private _root: TaskNode | undefined;
  /** Numbers are never used twice: they name folders. */
  private _next = 0;

  constructor(runId: string, document: PipelineDocument, newId: () => string) {
    this._runId = runId;
    this._document = document;
    this._newId = newId;
  }

  get root(): TaskNode {
    if (this._root === undefined) {
      throw new Error('the run has not begun');
    }
    return this._root;
  }

  get hasBegun(): boolean {
    return this._root !== undefined;
  }

  get size(): number {
    return this._byId.size;
  }

  byId(taskId: string): TaskNode | undefined {
    return this._byId.get(taskId);
  }

  /** All nodes, parents before children. */
  nodes(): Iterable<TaskNode> {
    return this._byId.values();
  }

  makeRoot(time: string, place?: NodePlace): TaskNode {
    const root = this._node({
      ...this._place(place),
      key: 'root',
      path: 'root',
      displayName:
        this._document.spec.pipelineInfo.displayName ??
        this._document.spec.pipelineInfo.name,
      kind: 'root',
      component: this._document.spec.root,
      componentName: 'root',
      createdAt: time
    });
    this._root = root;
    return root;
  }

  /** Make the tasks of a DAG instance. */
  makeChildren(parent: TaskNode, time: string): readonly TaskNode[] {
    const tasks = parent.component.dag?.tasks ?? {};
    const children: TaskNode[] = [];
    for (const [key, spec] of Object.entries(tasks)) {
      if (!parent.children.has(key)) {
        children.push(this.makeTask(parent, key, spec, time));
      }
    }
    parent.open = [...parent.children.values()].filter(
      child => child.finishedAt === undefined
    ).length;
    return children;
  }

  makeTask(
    parent: TaskNode,
    key: string,
    spec: TaskSpec,
    time: string,
    place?: NodePlace
  ): TaskNode {
    const component = componentNamed(this._document.spec, spec.componentRef);
    const executor = this._executorOf(component);
    const vertex =
      parent.vertex === undefined ? key : `${parent.vertex}.${key}`;
    const retry = spec.retryPolicy ?? parent.retry;
    const node = this._node({
      ...this._place(place),
      key,
      path: `${parent.path}.${key}`,
      vertex,
      displayName: spec.taskInfo.name || key,
      kind: vertexKind(
        this._document.spec,
        parent.component.dag ?? { tasks: {} },
        spec
      ),
      parent,
      spec,
      component,
      componentName: spec.componentRef,
      ...(executor === undefined ? {} : { executor }),
      ...(retry === undefined ? {} : { retry }),
      createdAt: time
    });
    node.waitingFor = spec.dependentTasks.length;
    parent.children.set(key, node);
    return node;
  }

  /** Make one round of a loop. */
  makeRound(
    loop: TaskNode,
    index: number,
    time: string,
    place?: NodePlace
  ): TaskNode {
    const node = this._node({
      ...this._place(place),
      key: loop.key,
      path: `${loop.path}[${index}]`,
      ...(loop.vertex === undefined ? {} : { vertex: loop.vertex }),
      displayName: `${loop.displayName}[${index}]`,
      kind: 'iteration',
      parent: loop,
      iteration: index,
      component: loop.component,
      componentName: loop.componentName,
      ...(loop.executor === undefined ? {} : { executor: loop.executor }),
      ...(loop.retry === undefined ? {} : { retry: loop.retry }),
      createdAt: time
    });
    loop.children.set(String(index), node);
    return node;
  }

  /** The tasks of the same DAG instance that wait for this one. */
  dependents(node: TaskNode): readonly TaskNode[] {
    const { parent } = node;
    const dag = parent?.component.dag;
    if (parent === undefined || dag === undefined) {
      return [];
    }
    let map = this._dependents.get(dag);
    if (map === undefined) {
      map = new Map();
      for (const [key, task] of Object.entries(dag.tasks)) {
        for (const dependency of task.dependentTasks) {
          const list = map.get(dependency) ?? [];
          list.push(key);
          map.set(dependency, list);
        }
      }
      this._dependents.set(dag, map);
    }
    return (map.get(node.key) ?? [])
      .map(key => parent.children.get(key))
      .filter((child): child is TaskNode => child !== undefined);
  }

  /** Forget a node and all below it. */
  forget(node: TaskNode): void {
    for (const child of node.children.values()) {
      this.forget(child);
    }
    this._byId.delete(node.taskId);
  }

  private _place(place: NodePlace | undefined): NodePlace {
    return place ?? { taskId: this._newId(), number: this._next };
  }

  private _executorOf(component: ComponentSpec) {
    return component.executorLabel === undefined
      ? undefined
      : this._document.spec.deploymentSpec.executors[component.executorLabel];
  }

  private _node(
    parts: Pick<
      TaskNode,
      | 'taskId'
      | 'number'
      | 'key'
      | 'path'
      | 'displayName'
      | 'kind'
      | 'component'
      | 'componentName'
      | 'createdAt'
    > &
      Partial<TaskNode>
  ): TaskNode {
    const node: TaskNode = {
      runId: this._runId,
      state: 'PENDING',
      inputs: emptyScope(),
      outputs: emptyScope(),
      attempts: [],
      generation: 0,
      children: new Map(),
      open: 0,
      waitingFor: 0,
      nextIteration: 0,
      ...parts
    };
    this._next = Math.max(this._next, node.number) + 1;
    this._byId.set(node.taskId, node);
    return node;
  }
}
