import type {
  Edge,
  PackedGraph,
  StaticGraph,
  Vertex,
  VertexKind
} from 'jupyterlab-kfp-model';

const KINDS: Readonly<Record<string, VertexKind>> = {
  T: 'task',
  D: 'dag',
  C: 'condition',
  L: 'loop',
  E: 'exit',
  M: 'importer'
};

/** Read a graph packed into text; whatever does not fit together is left out, because the payload may be forged. */
export function unpackGraph(packed: PackedGraph): StaticGraph {
  const ids = words(packed.v);
  const parents = words(packed.p);
  const vertices = ids.map((id, index): Vertex => {
    const parent = ids[Number(parents[index])];
    const key = id.split('.').pop() ?? id;
    return {
      id,
      key,
      label: label(packed, index) ?? key,
      kind: KINDS[packed.k[index]] ?? 'task',
      component: '',
      // a group stands before what is in it, so a circle cannot be made
      ...(parent !== undefined && Number(parents[index]) < index
        ? { parent }
        : {})
    };
  });
  const edges = words(packed.e).flatMap((word): Edge[] => {
    const [from, to] = word.split('-').map(each => ids[Number(each)]);
    return from !== undefined && to !== undefined && from !== to
      ? [{ from, to }]
      : [];
  });
  return { vertices, edges };
}

/** The words of a packed column. */
export function words(text: string): string[] {
  return text.split(' ').filter(Boolean);
}

function label(packed: PackedGraph, index: number): string | undefined {
  const labels = packed.d;
  return labels && Object.prototype.hasOwnProperty.call(labels, index)
    ? String(labels[String(index)])
    : undefined;
}
