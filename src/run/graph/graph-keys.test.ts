import type { StaticGraph, Vertex } from 'jupyterlab-kfp-model';

import { sampleVertex } from '../../testing/sample-view';
import { neighbour } from './graph-keys';
import { layoutGraph, type IPicture } from './graph-layout';

// every browser has it, jsdom does not; dagre clones plain layers of names with it
globalThis.structuredClone ??= value => JSON.parse(JSON.stringify(value));

const KEYS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const;

function drawn(graph: StaticGraph, direction: 'TB' | 'LR' = 'TB'): IPicture {
  const open = new Set(graph.vertices.map(each => each.id));
  return layoutGraph(graph, { direction, open });
}

/** The boxes that arrows lead to from the first one. */
function reached(picture: IPicture, direction: 'TB' | 'LR'): number {
  const found = new Set([picture.boxes[0].vertex.id]);
  for (const id of found) {
    for (const key of KEYS) {
      const next = neighbour(picture, id, key, direction);
      if (next !== null) {
        found.add(next); // a set hands out what is added on the way
      }
    }
  }
  return found.size;
}

it('goes into a group, through it and on to what follows it', () => {
  const picture = drawn({
    vertices: [
      sampleVertex('load'),
      sampleVertex('loop', 'loop'),
      sampleVertex('loop.train', 'task', 'loop'),
      sampleVertex('loop.eval', 'task', 'loop'),
      sampleVertex('report')
    ],
    edges: [
      { from: 'load', to: 'loop' },
      { from: 'loop.train', to: 'loop.eval' },
      { from: 'loop', to: 'report' }
    ]
  });
  const way = ['load'];
  for (let i = 0; i < 4; i += 1) {
    way.push(neighbour(picture, way[i], 'ArrowDown', 'TB') ?? 'nowhere');
  }
  expect(way).toEqual(['load', 'loop', 'loop.train', 'loop.eval', 'report']);
  expect(neighbour(picture, 'report', 'ArrowDown', 'TB')).toBeNull();
  expect(neighbour(picture, 'report', 'ArrowUp', 'TB')).toBe('loop');
  expect(neighbour(picture, 'loop.train', 'ArrowUp', 'TB')).toBe('loop');
});

it('goes down the rows of a block before it leaves it', () => {
  const many = Array.from({ length: 70 }, (_, i) => `t-${i + 1}`);
  const picture = drawn({
    vertices: ['first', ...many, 'last'].map(id => sampleVertex(id)),
    edges: many.flatMap(id => [
      { from: 'first', to: id },
      { from: id, to: 'last' }
    ])
  });
  const below = neighbour(picture, 't-1', 'ArrowDown', 'TB') ?? '';
  const place = (id: string) =>
    picture.boxes.find(box => box.vertex.id === id) ?? picture.boxes[0];
  expect(place(below).x).toBe(place('t-1').x);
  expect(place(below).y).toBeGreaterThan(place('t-1').y);
  expect(neighbour(picture, below, 'ArrowUp', 'TB')).toBe('t-1');
  expect(neighbour(picture, 't-70', 'ArrowDown', 'TB')).toBe('last');
});

it('goes sideways to a group that is taller than what stands beside it', () => {
  const picture = drawn({
    vertices: [
      sampleVertex('a'),
      sampleVertex('beside'),
      sampleVertex('group', 'dag'),
      ...['x', 'y', 'z'].map(id => sampleVertex(`group.${id}`, 'task', 'group'))
    ],
    edges: [
      { from: 'a', to: 'beside' },
      { from: 'a', to: 'group' },
      { from: 'group.x', to: 'group.y' },
      { from: 'group.y', to: 'group.z' }
    ]
  });
  const found = ['ArrowLeft', 'ArrowRight'].map(key =>
    neighbour(picture, 'beside', key, 'TB')
  );
  expect(found).toContain('group');
});

it('reaches every box by arrows, in graphs of any shape', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  for (let round = 0; round < 40; round += 1) {
    const vertices: Vertex[] = [];
    const edges: { from: string; to: string }[] = [];
    const fill = (parent: string, depth: number): void => {
      const ids: string[] = [];
      const count = 1 + random(depth === 0 ? 14 : 6);
      const density = random(4);
      for (let i = 0; i < count; i += 1) {
        const id = `${parent ? `${parent}.` : ''}v${i}`;
        const isGroup = depth < 2 && random(5) === 0;
        vertices.push(sampleVertex(id, isGroup ? 'dag' : 'task', parent));
        ids.forEach(from => {
          if (random(8) < density) {
            edges.push({ from, to: id });
          }
        });
        ids.push(id);
        if (isGroup) {
          fill(id, depth + 1);
        }
      }
    };
    fill('', 0);
    for (const direction of ['TB', 'LR'] as const) {
      const picture = drawn({ vertices, edges }, direction);
      expect(reached(picture, direction)).toBe(vertices.length);
    }
  }
});
