import type { RunView } from 'jupyterlab-kfp-model';

import { sampleTask, sampleView } from '../testing/sample-view';
import { compareRuns } from './comparison';

const NAMES = {
  duration: 'Duration',
  experiment: 'Experiment',
  pipeline: 'Pipeline',
  connection: 'Connection',
  sdk: 'SDK'
};

function run(
  lr: string,
  loss: number,
  digest?: string,
  state: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED'
): RunView {
  const view = sampleView([
    sampleTask({ id: 'load', state: 'SUCCEEDED' }),
    sampleTask({
      id: 'train',
      state,
      started_at: '2026-11-23T12:00:00Z',
      finished_at: '2026-11-23T12:01:00Z',
      outputs: [
        {
          name: 'loss',
          kind: 'metric',
          type: 'NUMBER_DOUBLE',
          json: String(loss)
        }
      ]
    })
  ]);
  return {
    ...view,
    run: {
      ...view.run,
      pipeline: { name: 'train', ...(digest ? { ir_digest: digest } : {}) },
      parameters: [
        { name: 'rows', type: 'NUMBER_INTEGER', json: '100', origin: 'given' },
        { name: 'lr', type: 'NUMBER_DOUBLE', json: lr, origin: 'given' }
      ]
    }
  };
}

const compare = (...views: readonly (RunView | null)[]) =>
  compareRuns(views, NAMES, 0);

it('puts what differs first', () => {
  const { parameters } = compare(run('0.1', 0.3), run('0.2', 0.3));
  expect(parameters.map(row => [row.name, row.differs])).toEqual([
    ['lr', true],
    ['rows', false]
  ]);
  expect(parameters[0].values).toEqual(['0.1', '0.2']);
});

it('names the best of a metric that less is better of', () => {
  const { metrics } = compare(run('1', 0.3), run('2', 0.1), run('3', 0.2));
  expect(metrics).toMatchObject([
    { name: 'loss', best: 1, isLowerBetter: true }
  ]);
});

it('calls nothing the best when all are equal', () => {
  const { metrics } = compare(run('1', 0.3), run('2', 0.3));
  expect(metrics[0].best).toBeUndefined();
  expect(metrics[0].differs).toBe(false);
});

it('tells tasks apart by their states', () => {
  const { tasks } = compare(run('1', 1), run('1', 1, undefined, 'FAILED'));
  expect(tasks[0]).toMatchObject({
    name: 'train',
    differs: true,
    states: ['SUCCEEDED', 'FAILED'],
    values: ['1m', '1m']
  });
});

it('says whether the compiled pipeline is the same only when it is known', () => {
  expect(compare(run('1', 1, 'a'), run('1', 1, 'b')).isSamePipeline).toBe(
    false
  );
  expect(compare(run('1', 1, 'a'), run('1', 1, 'a')).isSamePipeline).toBe(true);
  expect(compare(run('1', 1, 'a'), run('1', 1)).isSamePipeline).toBeNull();
  expect(compare(run('1', 1, 'a'), null).isSamePipeline).toBeNull();
});

it('does not count a run that is not there yet', () => {
  const { parameters } = compare(run('1', 1), null);
  expect(parameters[0].values[1]).toBeNull();
  expect(parameters.every(row => !row.differs)).toBe(true);
});
