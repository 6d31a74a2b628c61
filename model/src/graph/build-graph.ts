/**
 * Compiled pipeline → graph of its tasks.
 */
import type {
  ComponentSpec,
  DagSpec,
  PipelineDocument,
  PipelineSpec,
  TaskSpec
} from '../spec/ir.ts';
import {
  conditionText,
  sourceName,
  type InputNames
} from './condition-text.ts';
import type { Edge, StaticGraph, Vertex } from './static-graph.ts';
import { executorOf, vertexKind } from './vertex-kind.ts';

/** A component used twice counts twice, so a small document could unfold without end. */
const MAX_VERTICES = 20_000;

/**
 * Build the graph of a pipeline: a group stands before what is in it, a task after what it needs.
 *
 * The same document gives the same graph. A component that contains itself is drawn as an empty group; tasks of a circle keep the
 * order of the document. Services refuse both, but a picture must not hang on them.
 */
export function buildGraph(document: PipelineDocument): StaticGraph {
  const { spec } = document;
  const vertices: Vertex[] = [];
  const edges: Edge[] = [];
  const visit = (
    dag: DagSpec,
    parent: string | undefined,
    scope: InputNames,
    above: readonly ComponentSpec[]
  ): void => {
    const id = (key: string): string =>
      parent === undefined ? key : `${parent}.${key}`;
    for (const key of topologicalOrder(dag)) {
      const task = dag.tasks[key];
      if (task === undefined || vertices.length >= MAX_VERTICES) {
        continue;
      }
      const names = inputNames(task, scope);
      vertices.push(vertex(spec, dag, key, task, id(key), parent, names));
      for (const from of task.dependentTasks) {
        if (dag.tasks[from] !== undefined && from !== key) {
          edges.push({ from: id(from), to: id(key) });
        }
      }
      const component = spec.components[task.componentRef];
      if (component?.dag !== undefined && !above.includes(component)) {
        visit(component.dag, id(key), names, [...above, component]);
      }
    }
  };
  if (spec.root.dag !== undefined) {
    visit(spec.root.dag, undefined, new Map(), [spec.root]);
  }
  if (vertices.length < MAX_VERTICES) {
    return { vertices, edges };
  }
  const known = new Set(vertices.map(({ id }) => id));
  return {
    vertices,
    edges: edges.filter(({ from, to }) => known.has(from) && known.has(to))
  };
}

/**
 * Keys of the tasks of a DAG, producers first; among tasks that are ready at once the order of the document, calls of one component by
 * their number.
 */
export function topologicalOrder(dag: DagSpec): readonly string[] {
  const keys = inCallOrder(Object.keys(dag.tasks));
  const place = new Map(keys.map((key, index) => [key, index]));
  const dependents = new Map<number, number[]>();
  const missing = keys.map((key, index) => {
    const needs = new Set(
      (dag.tasks[key]?.dependentTasks ?? []).flatMap(from => {
        const at = place.get(from);
        return at === undefined || at === index ? [] : [at];
      })
    );
    for (const at of needs) {
      const list = dependents.get(at);
      if (list === undefined) {
        dependents.set(at, [index]);
      } else {
        list.push(index);
      }
    }
    return needs.size;
  });
  const order: number[] = keys.flatMap((_, index) =>
    missing[index] === 0 ? [index] : []
  );
  for (let at = 0; at < order.length; at++) {
    for (const index of dependents.get(order[at] ?? -1) ?? []) {
      const left = (missing[index] ?? 0) - 1;
      missing[index] = left;
      if (left === 0) {
        order.push(index);
      }
    }
  }
  const done = new Set(order);
  const circle = keys.flatMap((_, index) => (done.has(index) ? [] : [index]));
  return [...order, ...circle].map(index => keys[index] ?? '');
}

/**
 * `add`, `add-2`, `add-10`: KFP numbers the calls of a component and sorts the document by text, which puts `add-10` before `add-2`.
 */
function inCallOrder(keys: readonly string[]): readonly string[] {
  const calls = new Map<
    string,
    { readonly key: string; readonly n: number }[]
  >();
  for (const key of keys) {
    const [, name = key, number] = /^(.+?)-(\d{1,6})$/.exec(key) ?? [];
    const call = { key, n: number === undefined ? 1 : Number(number) };
    const others = calls.get(name);
    if (others === undefined) {
      calls.set(name, [call]);
    } else {
      others.push(call);
    }
  }
  return [...calls.values()].flatMap(each =>
    each.sort((a, b) => a.n - b.n).map(({ key }) => key)
  );
}

function vertex(
  spec: PipelineSpec,
  dag: DagSpec,
  key: string,
  task: TaskSpec,
  id: string,
  parent: string | undefined,
  names: InputNames
): Vertex {
  const executor = executorOf(spec, spec.components[task.componentRef]);
  const condition = task.triggerPolicy?.condition;
  return {
    id,
    key,
    label: task.taskInfo.name ?? key,
    kind: vertexKind(spec, dag, task),
    ...(parent !== undefined && { parent }),
    component: task.componentRef,
    ...(condition !== undefined && {
      condition: conditionText(condition, names)
    }),
    ...(executor?.kind === 'container' && { image: executor.container.image })
  };
}

function inputNames(task: TaskSpec, scope: InputNames): InputNames {
  return new Map(
    Object.entries(task.inputs.parameters).map(([name, source]) => [
      name,
      sourceName(source, scope)
    ])
  );
}
