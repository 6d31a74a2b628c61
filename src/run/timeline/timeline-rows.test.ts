import { sampleTask, sampleView } from '../../testing/sample-view';
import { axisStep, timeline } from './timeline-rows';

const at = (second: number): string =>
  new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();

const task = (
  id: string,
  from: number,
  to: number,
  more: Partial<Parameters<typeof sampleTask>[0]> = {}
) =>
  sampleTask({
    id,
    state: 'SUCCEEDED',
    started_at: at(from),
    finished_at: at(to),
    ...more
  });

it('follows the critical path into sub-pipelines', () => {
  const view = sampleView(
    [
      task('load', 0, 5),
      task('quick', 0, 2),
      task('group', 5, 20, { kind: 'dag' }),
      task('first', 5, 9, { parent: 'group' }),
      task('beside', 5, 6, { parent: 'group' }),
      task('second', 9, 20, { parent: 'group' })
    ],
    {
      graph: {
        vertices: [
          ...['load', 'quick', 'group'].map(id => ({
            id,
            key: id,
            label: id,
            kind: id === 'group' ? ('dag' as const) : ('task' as const),
            component: id
          })),
          ...['first', 'beside', 'second'].map(id => ({
            id,
            key: id,
            label: id,
            kind: 'task' as const,
            component: id,
            parent: 'group'
          }))
        ],
        edges: [
          { from: 'load', to: 'group' },
          { from: 'quick', to: 'group' },
          { from: 'first', to: 'second' },
          { from: 'beside', to: 'second' }
        ]
      }
    }
  );
  const critical = timeline(view, 0)
    .rows.filter(row => row.isCritical)
    .map(row => row.task.id);
  expect(critical).toEqual(['load', 'group', 'first', 'second']);
});

it('outlines nothing when one task is the whole run', () => {
  const rows = timeline(sampleView([task('only', 0, 1)]), 0).rows;
  expect(rows.map(row => row.isCritical)).toEqual([false]);
});

it('never puts more marks on the axis than fit', () => {
  for (const span of [1000, 95_000, 7_200_000, 400_000_000_000]) {
    expect(span / axisStep(span, 6)).toBeLessThanOrEqual(6);
  }
});
