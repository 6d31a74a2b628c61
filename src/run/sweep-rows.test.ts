import { sampleTask, sampleView } from '../testing/sample-view';
import { bestFirst, differingParameters, sweepMetric } from './sweep-rows';

const run = (lr: string, metric?: readonly [string, number]) =>
  sampleView(
    metric
      ? [
          sampleTask({
            id: 'eval',
            state: 'SUCCEEDED',
            outputs: [
              {
                name: metric[0],
                kind: 'metric',
                type: 'NUMBER_DOUBLE',
                json: String(metric[1])
              }
            ]
          })
        ]
      : [],
    {
      run: {
        ...sampleView([]).run,
        parameters: [
          {
            name: 'rows',
            type: 'NUMBER_INTEGER',
            json: '100',
            origin: 'given'
          },
          { name: 'lr', type: 'NUMBER_DOUBLE', json: lr, origin: 'given' }
        ]
      }
    }
  );

it('shows only the parameters that differ', () => {
  expect(differingParameters([run('0.1'), run('0.2')])).toEqual(['lr']);
});

it('knows that less of a loss is better', () => {
  const views = [run('1', ['loss', 0.3]), run('2', ['loss', 0.1]), run('3')];
  expect(sweepMetric(views)).toMatchObject({ name: 'loss', best: 0.1 });
  const other = [run('1', ['accuracy', 0.3]), run('2', ['accuracy', 0.1])];
  expect(sweepMetric(other)).toMatchObject({ name: 'accuracy', best: 0.3 });
});

it('calls nothing the best of one', () => {
  expect(sweepMetric([run('1', ['loss', 0.3])])?.best).toBeNull();
});

it('puts the best first and what has no value last', () => {
  const views = [
    run('1'),
    run('2', ['loss', 0.3]),
    run('3', ['loss', 0.1]),
    run('4')
  ];
  const order = (metric: ReturnType<typeof sweepMetric>): unknown[] =>
    bestFirst(
      views.map(view => ({ view })),
      metric
    ).map(({ view }) => views.indexOf(view));
  expect(order(sweepMetric(views))).toEqual([2, 1, 0, 3]);
  expect(order(null)).toEqual([0, 1, 2, 3]);
});
