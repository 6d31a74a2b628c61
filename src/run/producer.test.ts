import { sampleTask, sampleView } from '../testing/sample-view';
import { producerOf } from './producer';

const outer = sampleTask({ id: '1', path: 'load', name: 'Load it' });
const group = sampleTask({ id: '2', path: 'group', kind: 'dag' });
const inner = sampleTask({ id: '3', path: 'group.clean', parent: '2' });
const taker = sampleTask({ id: '4', path: 'group.train', parent: '2' });
const view = sampleView([outer, group, inner, taker]);

it('finds the task beside the one that takes its output', () => {
  expect(producerOf(view, taker, 'clean.data')).toBe(inner);
});

it('looks outside of the group, by the key and not by what people read', () => {
  expect(producerOf(view, taker, 'load.data')).toBe(outer);
});

it('knows no task of a parameter of the pipeline', () => {
  expect(producerOf(view, taker, 'pipeline.rows')).toBeNull();
  expect(producerOf(view, taker, '')).toBeNull();
});
