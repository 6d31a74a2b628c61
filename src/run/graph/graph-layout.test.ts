import type { StaticGraph } from 'jupyterlab-kfp-model';

import { neighbour } from './graph-keys';
import { layoutGraph, PICKER, type IPicture } from './graph-layout';
import { siblingBlocks } from './sibling-blocks';

// every browser has it, jsdom does not; dagre clones plain layers of names with it
globalThis.structuredClone ??= value => JSON.parse(JSON.stringify(value));

const task = (id: string) => ({
  id,
  key: id,
  label: id,
  kind: 'task' as const,
  component: id
});
const many = Array.from({ length: 70 }, (_, i) => `t-${i + 1}`);
const draw = (
  ids: readonly string[],
  edges: StaticGraph['edges'],
  direction: 'TB' | 'LR' = 'TB'
): IPicture =>
  layoutGraph(
    { vertices: ids.map(task), edges },
    { direction, open: new Set() }
  );

function overlapping(picture: IPicture): boolean {
  return picture.boxes.some((a, i) =>
    picture.boxes
      .slice(i + 1)
      .some(
        b =>
          a.x < b.x + b.width &&
          b.x < a.x + a.width &&
          a.y < b.y + b.height &&
          b.y < a.y + a.height
      )
  );
}

it('leaves room for the pickers of rounds of loops in one another', () => {
  const loop = (id: string, parent?: string) => ({
    ...task(id),
    kind: 'loop' as const,
    ...(parent ? { parent } : {})
  });
  const vertices = [
    loop('outer'),
    loop('outer.inner', 'outer'),
    { ...task('outer.inner.train'), parent: 'outer.inner' }
  ];
  const { boxes } = layoutGraph(
    { vertices, edges: [] },
    { direction: 'TB', open: new Set(['outer', 'outer.inner']) }
  );
  const bottoms = boxes.map(box => box.y + box.height);
  // each stands across the lower border of its loop
  expect(bottoms[0] - bottoms[1]).toBeGreaterThan(PICKER);
  expect(bottoms[1] - bottoms[2]).toBeGreaterThan(PICKER / 2);
});

it('stands many independent tasks in rows that can be read', () => {
  const picture = draw(many, []);
  expect(picture.boxes).toHaveLength(70);
  expect(picture.width).toBeLessThan(1000);
  expect(overlapping(picture)).toBe(false);
  expect(picture.frames).toEqual([]);
});

it('leads one line to all of many tasks with the same neighbours', () => {
  const edges = many.flatMap(id => [
    { from: 'first', to: id },
    { from: id, to: 'last' }
  ]);
  const picture = draw(['first', ...many, 'last'], edges);
  expect(picture.width).toBeLessThan(1000);
  expect(overlapping(picture)).toBe(false);
  expect(picture.frames).toHaveLength(1);
  expect(picture.lines).toHaveLength(edges.length); // for the keyboard
  expect(picture.lines.filter(line => line.points.length > 1)).toHaveLength(2);
  expect(many).toContain(neighbour(picture, 'first', 'ArrowDown', 'TB'));
  expect(neighbour(picture, 't-70', 'ArrowDown', 'TB')).toBe('last');
});

it('keeps a short row as it is', () => {
  const picture = draw(many.slice(0, 8), []);
  expect(new Set(picture.boxes.map(box => box.y)).size).toBe(1);
});

it('puts only tasks together that have the same neighbours', () => {
  const edges = many.map((id, i) => ({ from: `p-${i % 2}`, to: id }));
  const blocks = siblingBlocks(many, edges);
  expect(blocks.map(block => block.members.length)).toEqual([35, 35]);
});
