import { Graph, layout } from '@dagrejs/dagre';
import type { Edge, StaticGraph, Vertex } from 'jupyterlab-kfp-model';

import { conditionTitle } from './condition-title';
import { siblingBlocks, type ISiblingBlock } from './sibling-blocks';
import { shownName } from '../shown-name';

/** Pixels of a task in the picture. */
export const NODE = { width: 168, height: 32 } as const;
/** Pixels around the content of a group, and of its title. */
const PAD = 14;
const TITLE = 28;
/** Pixels of the height of the picker of rounds, which stands across the lower border of its loop. */
export const PICKER = 18;
/** Pixels between the boxes of a block, and around them. */
const GAP = 10;

/** A box of the picture, with its upper left corner on the field of the whole picture. */
export interface IBox {
  readonly vertex: Vertex;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether the box is an open group that others lie in. */
  readonly isOpenGroup: boolean;
  /** The block that the box stands in with others like it. */
  readonly block?: string;
}

/** A line of the picture as corner points; none where another line stands for it. */
export interface ILine {
  readonly from: string;
  readonly to: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** The whole picture. */
export interface IPicture {
  readonly width: number;
  readonly height: number;
  /** Outer boxes come before the boxes in them. */
  readonly boxes: readonly IBox[];
  readonly lines: readonly ILine[];
  /** Frames around boxes that a line leads to as a whole. */
  readonly frames: readonly IFrame[];
}

/** A rectangle around boxes that belong together. */
export type IFrame = Pick<IBox, 'x' | 'y' | 'width' | 'height'>;

/** How the picture is laid out. */
export interface IGraphLayoutOptions {
  /** Layers from top to bottom, or from left to right for a drawing of one line. */
  readonly direction: 'TB' | 'LR';
  /** Ids of the groups that show what is in them. */
  readonly open: ReadonlySet<string>;
}

/** What a box is called: a condition by what it asks, anything else by its name. */
export function titleOf(vertex: Vertex): string {
  return vertex.kind === 'condition' && vertex.condition
    ? conditionTitle(vertex.condition)
    : shownName(vertex.label);
}

/** Whether a vertex holds others. */
export function isGroupVertex(vertex: Vertex): boolean {
  return (
    vertex.kind === 'dag' ||
    vertex.kind === 'condition' ||
    vertex.kind === 'loop'
  );
}

/**
 * Lay a pipeline out in layers.
 *
 * #### Notes
 * Edges never cross the border of a group, so every group is laid out by itself, innermost first, and stands in its own group as one
 * large box. That is exact, and faster than one layout of all.
 */
export function layoutGraph(
  graph: StaticGraph,
  options: IGraphLayoutOptions
): IPicture {
  const inside = new Map<string, Vertex[]>();
  const parentOf = new Map<string, string>();
  for (const vertex of graph.vertices) {
    const parent = vertex.parent ?? '';
    parentOf.set(vertex.id, parent);
    const list = inside.get(parent);
    if (list) {
      list.push(vertex);
    } else {
      inside.set(parent, [vertex]);
    }
  }
  const edges = new Map<string, Edge[]>();
  for (const edge of graph.edges) {
    const parent = parentOf.get(edge.from);
    if (parent !== undefined && parent === parentOf.get(edge.to)) {
      const list = edges.get(parent);
      if (list) {
        list.push(edge);
      } else {
        edges.set(parent, [edge]);
      }
    }
  }

  const level = (parent: string): IPicture => {
    const vertices = inside.get(parent) ?? [];
    const field = new Graph();
    field.setGraph({
      rankdir: options.direction,
      nodesep: 20,
      ranksep: options.direction === 'TB' ? 22 : 36,
      marginx: 0,
      marginy: 0
    });
    field.setDefaultEdgeLabel(() => ({}));
    const inner = new Map<string, IPicture>();
    const links = edges.get(parent) ?? [];
    const blocks = siblingBlocks(
      vertices.filter(each => !isGroupVertex(each)).map(each => each.id),
      links
    );
    const blockOf = new Map<string, ISiblingBlock>();
    for (const block of blocks) {
      block.members.forEach(id => blockOf.set(id, block));
      field.setNode(block.id, blockSize(block, options.direction));
    }
    for (const vertex of vertices) {
      if (blockOf.has(vertex.id)) {
        continue;
      }
      const isOpen =
        isGroupVertex(vertex) &&
        inside.has(vertex.id) &&
        options.open.has(vertex.id);
      if (isOpen) {
        const picture = level(vertex.id);
        inner.set(vertex.id, picture);
        field.setNode(vertex.id, {
          width: Math.max(titleWidth(vertex), picture.width + 2 * PAD),
          height: picture.height + TITLE + footOf(vertex)
        });
      } else {
        field.setNode(vertex.id, {
          width: isGroupVertex(vertex) ? titleWidth(vertex) : NODE.width,
          height: NODE.height
        });
      }
    }
    const nodeOf = (id: string): string => blockOf.get(id)?.id ?? id;
    for (const edge of links) {
      field.setEdge(nodeOf(edge.from), nodeOf(edge.to));
    }
    layout(field);

    const boxes: IBox[] = [];
    const lines: ILine[] = [];
    const frames: IFrame[] = [];
    for (const block of blocks) {
      const { x, y, width, height } = field.node(block.id);
      const frame = { x: x - width / 2, y: y - height / 2, width, height };
      if (links.some(({ from, to }) => [from, to].includes(block.members[0]))) {
        frames.push(frame);
      }
      block.members.forEach((id, index) => {
        const across = index % block.across;
        const along = Math.floor(index / block.across);
        const [column, row] =
          options.direction === 'TB' ? [across, along] : [along, across];
        const vertex = vertices.find(each => each.id === id);
        if (vertex) {
          boxes.push({
            vertex,
            x: frame.x + GAP + column * (NODE.width + GAP),
            y: frame.y + GAP + row * (NODE.height + GAP),
            width: NODE.width,
            height: NODE.height,
            isOpenGroup: false,
            block: block.id
          });
        }
      });
    }
    for (const vertex of vertices) {
      if (blockOf.has(vertex.id)) {
        continue;
      }
      const place = field.node(vertex.id);
      const x = place.x - place.width / 2;
      const y = place.y - place.height / 2;
      const picture = inner.get(vertex.id);
      boxes.push({
        vertex,
        x,
        y,
        width: place.width,
        height: place.height,
        isOpenGroup: picture !== undefined
      });
      if (picture) {
        const dx = x + (place.width - picture.width) / 2;
        const dy = y + TITLE;
        boxes.push(
          ...picture.boxes.map(box => ({
            ...box,
            x: box.x + dx,
            y: box.y + dy
          }))
        );
        frames.push(
          ...picture.frames.map(frame => ({
            ...frame,
            x: frame.x + dx,
            y: frame.y + dy
          }))
        );
        lines.push(
          ...picture.lines.map(line => ({
            ...line,
            points: line.points.map(point => ({
              x: point.x + dx,
              y: point.y + dy
            }))
          }))
        );
      }
    }
    const drawn = new Set<string>();
    for (const { from, to } of links) {
      const [v, w] = [nodeOf(from), nodeOf(to)];
      const isDrawn = drawn.has(`${v} ${w}`); // one line stands for all of a block
      drawn.add(`${v} ${w}`);
      lines.push({
        from,
        to,
        points: isDrawn ? [] : (field.edge({ v, w })?.points ?? [])
      });
    }
    const { width, height } = field.graph();
    return {
      width: finite(width),
      height: finite(height),
      boxes,
      lines,
      frames
    };
  };
  return level('');
}

function blockSize(
  block: ISiblingBlock,
  direction: 'TB' | 'LR'
): { width: number; height: number } {
  const along = Math.ceil(block.members.length / block.across);
  const [columns, rows] =
    direction === 'TB' ? [block.across, along] : [along, block.across];
  return {
    width: columns * (NODE.width + GAP) + GAP,
    height: rows * (NODE.height + GAP) + GAP
  };
}

/** A line as the data of an SVG path with rounded corners. */
export function linePath(line: ILine): string {
  const { points } = line;
  if (points.length < 2) {
    return '';
  }
  const [first, ...rest] = points;
  let path = `M${first.x} ${first.y}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    path += next
      ? `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`
      : `L${point.x} ${point.y}`;
  });
  return path;
}

// groups have room for their title and for counts, those of rounds grow long; a title without end is cut
function titleWidth(vertex: Vertex): number {
  const counts = vertex.kind === 'loop' ? 190 : 150;
  return Math.min(360, Math.max(200, titleOf(vertex).length * 6.6 + counts));
}

// the pickers of a loop and of one in it at its lower end stand apart
function footOf(vertex: Vertex): number {
  return vertex.kind === 'loop' ? PICKER + GAP : PAD;
}

// dagre answers -Infinity for a field without nodes
function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}
