import type { OutputValue } from 'jupyterlab-kfp-model';

import { sampleTask, sampleView } from '../testing/sample-view';
import {
  comparedCharts,
  comparedDocuments,
  comparedSlices
} from './compared-artifacts';

const report: OutputValue = {
  name: 'report',
  kind: 'artifact',
  type: 'system.Markdown',
  artifact_id: '7'
};
const sliced: OutputValue = {
  name: 'roc',
  kind: 'artifact',
  type: 'system.SlicedClassificationMetrics',
  metadata: JSON.stringify({
    evaluationSlices: ['all', 'night'].map(slice => ({
      slice,
      sliceClassificationMetrics: {
        confidenceMetrics: [
          { confidenceThreshold: 0.5, recall: 0.9, falsePositiveRate: 0.1 }
        ]
      }
    }))
  })
};
const plain: OutputValue = {
  name: 'roc',
  kind: 'artifact',
  type: 'system.ClassificationMetrics',
  metadata: JSON.stringify({
    confusionMatrix: {
      annotationSpecs: [{ displayName: 'a' }],
      rows: [{ row: [1] }]
    }
  })
};

function run(...outputs: readonly OutputValue[]) {
  return sampleView([sampleTask({ id: 'eval', state: 'SUCCEEDED', outputs })]);
}

describe('artifacts of several runs', () => {
  it('stand in one row by path and name, with a gap where a run has none', () => {
    const views = [run(report), null, run(), run(report)];
    expect(comparedDocuments(views)).toEqual([
      {
        name: 'eval.report',
        outputs: [report, null, null, report],
        tasks: ['eval', '', '', 'eval']
      }
    ]);
    expect(comparedCharts(views)).toEqual([]);
  });

  it('are laid over one another by slice, the whole being a slice without a name', () => {
    const [artifact] = comparedCharts([run(sliced), run(plain)]);
    const slices = comparedSlices(artifact.outputs);
    expect(slices.map(({ name }) => name)).toEqual(['all', 'night', '']);
    expect(
      slices.map(({ classifications }) =>
        classifications.map(each => each && [each.curve.length, each.matrix])
      )
    ).toEqual([
      [[1, null], null],
      [[1, null], null],
      [null, [0, { categories: ['a'], rows: [[1]] }]]
    ]);
  });
});
