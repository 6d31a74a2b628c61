/**
 * Graphs as text columns: in an `.ipynb` file every element of a list costs a line.
 */
import type {
  Edge,
  StaticGraph,
  Vertex,
  VertexKind
} from '../graph/static-graph.ts';
import { cut, line } from './cut-text.ts';
import { PAYLOAD_LIMITS } from './limits.ts';
import type { PackedGraph } from './types.ts';

const LETTERS: Readonly<Record<VertexKind, string>> = {
  task: 'T',
  dag: 'D',
  condition: 'C',
  loop: 'L',
  exit: 'E',
  importer: 'M'
};

const KINDS: ReadonlyMap<string, VertexKind> = new Map(
  (Object.keys(LETTERS) as VertexKind[]).map(kind => [LETTERS[kind], kind])
);

/** Pack a graph. Groups must stand before what is in them, as `buildGraph` makes it. */
export function packGraph(graph: StaticGraph): PackedGraph {
  const vertices = graph.vertices.slice(0, PAYLOAD_LIMITS.vertices);
  const place = new Map(vertices.map(({ id }, index) => [id, index]));
  const labels = vertices.flatMap(({ key, label }, index) =>
    label === key
      ? []
      : [[String(index), line(label, PAYLOAD_LIMITS.name)] as const]
  );
  const more = graph.vertices.length - vertices.length;
  return {
    v: vertices.map(({ id }) => encode(id)).join(' '),
    e: graph.edges
      .flatMap(({ from, to }) => {
        const [a, b] = [place.get(from), place.get(to)];
        return a === undefined || b === undefined ? [] : [`${a}-${b}`];
      })
      .join(' '),
    p: vertices
      .map(({ parent }) =>
        String(parent === undefined ? '-' : (place.get(parent) ?? '-'))
      )
      .join(' '),
    k: vertices.map(({ kind }) => LETTERS[kind]).join(''),
    ...(labels.length > 0 && { d: Object.fromEntries(labels) }),
    ...(more > 0 && { more })
  };
}

/**
 * Read a packed graph. What does not fit together is left out, because a notebook may hold anything: unknown kinds are tasks,
 * and a group must stand before what is in it, so that no circle can be made.
 */
export function unpackGraph(packed: PackedGraph): StaticGraph {
  const ids = columns(packed.v).slice(0, PAYLOAD_LIMITS.vertices).map(decode);
  const parents = columns(packed.p);
  const vertices = ids.map((id, index): Vertex => {
    const at = indexOf(parents[index]);
    const parent = at !== undefined && at < index ? ids[at] : undefined;
    const prefix = parent === undefined ? '' : `${parent}.`;
    const key = id.startsWith(prefix) ? id.slice(prefix.length) : id;
    const label =
      packed.d !== undefined && Object.hasOwn(packed.d, index)
        ? packed.d[String(index)]
        : undefined;
    return {
      id,
      key,
      label: typeof label === 'string' ? label : key,
      kind: KINDS.get(packed.k[index] ?? '') ?? 'task',
      ...(parent !== undefined && { parent }),
      component: ''
    };
  });
  const edges = columns(packed.e).flatMap((word): Edge[] => {
    const [from, to] = word
      .split('-')
      .map(each => ids[indexOf(each) ?? ids.length]);
    return from === undefined || to === undefined || from === to
      ? []
      : [{ from, to }];
  });
  return { vertices, edges };
}

/** The words of a packed column. */
export function columns(text: string): readonly string[] {
  return text.split(' ').filter(word => word !== '');
}

function indexOf(word: string | undefined): number | undefined {
  return word !== undefined && /^\d{1,6}$/.test(word)
    ? Number(word)
    : undefined;
}

/** Task keys may hold anything; a blank would end the column. */
function encode(id: string): string {
  return (
    line(id, PAYLOAD_LIMITS.vertex).replace(/[\s%]/g, encodeURIComponent) ||
    '%20'
  );
}

function decode(word: string): string {
  let id = word;
  try {
    id = decodeURIComponent(word);
  } catch {
    // a forged word stands for itself
  }
  return cut(id, PAYLOAD_LIMITS.vertex);
}
