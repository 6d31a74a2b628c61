import { sampleTask, sampleView } from '../testing/sample-view';
import { headlines } from './headline';

const output = (
  name: string,
  json: string,
  kind: 'param' | 'metric' = 'param'
) => ({ name, kind, type: 'NUMBER_DOUBLE', json });

const done = (id: string, ...outputs: ReturnType<typeof output>[]) =>
  sampleTask({ id, state: 'SUCCEEDED', outputs });

const names = (...tasks: ReturnType<typeof sampleTask>[]): string[] =>
  headlines(sampleView(tasks)).map(each => `${each.name} ${each.value}`);

it('says which task a result comes from where several use its name', () => {
  expect(
    names(
      done('split', output('rows', '500')),
      done('train', output('rows', '400'), output('loss', '0.059'))
    )
  ).toEqual(['train.rows 400', 'loss 0.059', 'split.rows 500']);
});

it('never shows the name that KFP gives an unnamed output by itself', () => {
  expect(names(done('evaluate', output('Output', '0.98')))).toEqual([
    'evaluate.Output 0.98'
  ]);
});

it('tells rounds of a loop apart by their path', () => {
  const round = (i: number) => ({
    ...done(`train${i}`, output('loss', String(i))),
    name: 'train',
    path: `loop[${i}].train`
  });
  expect(names(round(0), round(1))).toEqual([
    'loop[1].train.loss 1',
    'loop[0].train.loss 0'
  ]);
});

it('puts metrics first, those inside a Metrics artifact too', () => {
  const metrics = sampleTask({
    id: 'evaluate',
    state: 'SUCCEEDED',
    outputs: [
      { name: 'report', kind: 'artifact', type: 'system.HTML' },
      {
        name: 'metrics',
        kind: 'artifact',
        type: 'system.Metrics',
        metadata: '{"accuracy": 0.94, "note": "x"}'
      }
    ]
  });
  expect(names(metrics, done('train', output('rows', '1')))).toEqual([
    'accuracy 0.94',
    'rows 1',
    'report HTML'
  ]);
});

it('shows a metric once that the service lists beside its artifact', () => {
  const task = sampleTask({
    id: 'train',
    state: 'SUCCEEDED',
    outputs: [
      {
        name: 'metrics',
        kind: 'artifact',
        type: 'system.Metrics',
        metadata: '{"accuracy": 0.94}'
      },
      output('accuracy', '0.94', 'metric')
    ]
  });
  expect(names(task)).toEqual(['accuracy 0.94']);
});
