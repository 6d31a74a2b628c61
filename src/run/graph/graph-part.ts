import type { StaticGraph, Vertex } from 'jupyterlab-kfp-model';

import { isGroupVertex } from './graph-layout';

/** Boxes up to which a graph is drawn whole. */
const WHOLE = 400;
/** Steps around the task in the middle of a neighbourhood, and boxes of it at most. */
const STEPS = 2;
const NEAR = 60;

/** The part of a graph that is drawn. */
export interface IGraphPart {
  readonly graph: StaticGraph;
  /** Ids of the groups that show what is in them. */
  readonly open: ReadonlySet<string>;
  /** The vertex whose neighbourhood this is; null where the graph is drawn whole. */
  readonly middle: Vertex | null;
}

/**
 * Choose what is drawn: everything that folding leaves, or where that is too much the neighbourhood of one vertex.
 *
 * @param focus - id of the vertex in the middle of a neighbourhood
 */
export function partOf(
  graph: StaticGraph,
  isOpen: (vertex: Vertex) => boolean,
  focus: string
): IGraphPart {
  const open = new Set<string>();
  const shown = new Set<string>();
  const byId = new Map(graph.vertices.map(vertex => [vertex.id, vertex]));
  for (const vertex of graph.vertices) {
    // a group stands before what is in it
    if (vertex.parent === undefined || open.has(vertex.parent)) {
      shown.add(vertex.id);
      if (isGroupVertex(vertex) && isOpen(vertex)) {
        open.add(vertex.id);
      }
    }
  }
  if (shown.size <= WHOLE) {
    return { graph: only(graph, shown), open, middle: null };
  }
  const middle = byId.get(focus) ?? graph.vertices[0];
  const near = new Set<string>();
  const chain = new Set<string>();
  for (
    let vertex: Vertex | undefined = middle;
    vertex && !near.has(vertex.id);
    vertex = vertex.parent === undefined ? undefined : byId.get(vertex.parent)
  ) {
    around(graph, byId, vertex).forEach(id => near.add(id));
    if (vertex !== middle) {
      chain.add(vertex.id);
    }
  }
  return { graph: only(graph, near), open: chain, middle };
}

// the vertex with those that are a few edges away, nearest first and not too many
function around(
  graph: StaticGraph,
  byId: ReadonlyMap<string, Vertex>,
  start: Vertex
): ReadonlySet<string> {
  const found = new Set([start.id]);
  let border = new Set(found);
  for (let step = 0; step < STEPS; step += 1) {
    const next = new Set<string>();
    for (const { from, to } of graph.edges) {
      for (const [here, there] of [
        [from, to],
        [to, from]
      ]) {
        if (
          border.has(here) &&
          !found.has(there) &&
          byId.get(there)?.parent === start.parent &&
          found.size < NEAR
        ) {
          found.add(there);
          next.add(there);
        }
      }
    }
    border = next;
  }
  return found;
}

function only(graph: StaticGraph, ids: ReadonlySet<string>): StaticGraph {
  return ids.size === graph.vertices.length
    ? graph
    : {
        vertices: graph.vertices.filter(vertex => ids.has(vertex.id)),
        edges: graph.edges.filter(
          edge => ids.has(edge.from) && ids.has(edge.to)
        )
      };
}
