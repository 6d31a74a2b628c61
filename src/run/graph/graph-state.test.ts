import type { StaticGraph } from 'jupyterlab-kfp-model';

import {
  sampleTask,
  sampleVertex,
  sampleView
} from '../../testing/sample-view';
import { graphStates, isOpenAtFirst } from './graph-state';

const graph: StaticGraph = {
  vertices: [
    sampleVertex('loop', 'loop'),
    sampleVertex('loop.inner', 'loop', 'loop'),
    sampleVertex('loop.inner.fit', 'task', 'loop.inner')
  ],
  edges: []
};

const loop = sampleTask({
  id: 'l',
  vertex: 'loop',
  kind: 'loop',
  state: 'RUNNING'
});
const round = (index: number, state: 'SUCCEEDED' | 'FAILED') =>
  sampleTask({
    id: `i${index}`,
    vertex: 'loop',
    kind: 'iteration',
    parent: 'l',
    iteration: index,
    state
  });

it('knows what is in a loop that has no rounds', () => {
  const states = graphStates(
    sampleView([{ ...loop, state: 'NOT_REACHED' }], { graph }),
    {}
  );
  expect(states.get('loop.inner')?.task.state).toBe('NOT_REACHED');
  expect(states.get('loop.inner.fit')?.task.state).toBe('NOT_REACHED');
});

it('shows the round that failed, and the one that was chosen', () => {
  const rounds = [round(0, 'SUCCEEDED'), round(1, 'FAILED')];
  const view = sampleView([loop, ...rounds], { graph });
  expect(graphStates(view, {}).get('loop')?.round).toBe(1);
  expect(graphStates(view, { loop: 0 }).get('loop')?.round).toBe(0);
});

it('opens a group with a failure in it before it has ended, in a picture of any size', () => {
  const open = (rounds: ReturnType<typeof round>[]): boolean =>
    isOpenAtFirst(
      graph.vertices[0],
      graphStates(sampleView([loop, ...rounds], { graph }), {}).get('loop'),
      300
    );
  expect(open([round(0, 'SUCCEEDED')])).toBe(false);
  expect(open([round(0, 'SUCCEEDED'), round(1, 'FAILED')])).toBe(true);
});
