import { sampleTask, sampleView } from '../../testing/sample-view';
import { axisStep, markText, timeline } from './timeline-rows';

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

it.each([
  ['two seconds', 2, 8, ['0', '1s', '2s']],
  ['three days', 259_200, 8, ['0', '12h', '1d', '1d 12h']],
  ['a day, much closer', 86_400 + 1200, 150, ['0', '10m', '20m', '30m']]
])('writes the marks of %s so that they differ', (_, span, most, first) => {
  const step = axisStep(span * 1000, most) / 1000;
  const marks = Array.from({ length: Math.floor(span / step) + 1 }, (_, i) =>
    markText(i * step)
  );
  expect(marks.slice(0, first.length)).toEqual(first);
  expect(new Set(marks).size).toBe(marks.length);
});

describe('a bar', () => {
  const segments = (
    more: Parameters<typeof task>[3],
    now = Date.parse(at(60))
  ): readonly string[] =>
    timeline(sampleView([task('t', 5, 20, more)]), now).rows.flatMap(row =>
      row.segments.map(
        ({ kind, from, to }) =>
          `${kind} ${from / 1000 - Date.parse(at(0)) / 1000} ${to / 1000 - Date.parse(at(0)) / 1000}`
      )
    );
  const attempt = (index: number, from: number, to?: number) => ({
    index,
    id: `a${index}`,
    state: to === undefined ? ('RUNNING' as const) : ('FAILED' as const),
    started_at: at(from),
    ...(to === undefined ? {} : { finished_at: at(to) })
  });

  it('shows the wait, and every attempt as a stretch of its own', () => {
    expect(
      segments({
        state: 'RETRYING',
        created_at: at(1),
        finished_at: undefined,
        attempts: [attempt(0, 5, 9), attempt(1, 12)]
      })
    ).toEqual(['waiting 1 5', 'running 5 9', 'waiting 9 12', 'running 12 60']);
  });

  it('is a mark for a cached task, however long the service took', () => {
    expect(segments({ state: 'CACHED' })).toEqual(['cached 5 5']);
    expect(
      segments({ state: 'CACHED', started_at: undefined, created_at: at(7) })
    ).toEqual(['waiting 7 20', 'cached 20 20']);
  });

  it.each(['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', undefined])(
    'neither grows nor leads to another century when a task ended at %s',
    finished_at => {
      expect(segments({ finished_at })).toEqual(['running 5 5']);
    }
  );
});
