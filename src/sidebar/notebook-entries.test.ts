import { NotebookModel } from '@jupyterlab/notebook';
import {
  buildRunBundle,
  PIPELINE_MIME_TYPE,
  RUN_MIME_TYPE,
  type RunPayload
} from 'jupyterlab-kfp-model';

import { cellDigest } from '../history/cell-digest';
import { sampleTask, sampleView } from '../testing/sample-view';
import { entriesOf } from './notebook-entries';

/** A notebook of code cells, each its source and what it put out. */
function notebook(
  ...cells: readonly { readonly source: string; readonly data?: object }[]
): NotebookModel {
  const model = new NotebookModel();
  model.fromJSON({
    cells: cells.map(({ source, data }, at) => ({
      id: `c${at}`,
      cell_type: 'code' as const,
      source,
      metadata: { trusted: at !== 2 },
      execution_count: 1,
      outputs: data
        ? [
            {
              output_type: 'display_data' as const,
              data: data as never,
              metadata: {}
            }
          ]
        : []
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  });
  return model;
}

/** The output of a run of a cell. */
function runOutput(cell: RunPayload['runs'][number]['cell']): object {
  return buildRunBundle({
    entries: [
      {
        view: sampleView([sampleTask({ id: 'a' })]),
        ...(cell ? { cell } : {})
      }
    ],
    now: '2026-11-23T12:04:00Z'
  });
}

const draft = {
  [PIPELINE_MIME_TYPE]: {
    schema: 'kfp.pipeline/1',
    name: 'train',
    format: 'ir',
    ir_digest: `sha256:${'0'.repeat(64)}`,
    size: 1,
    graph: { v: 'a', e: '', p: '-', k: 'T' },
    inputs: [],
    components: [],
    lint: []
  }
};

// JupyterLab's own shared models read themselves before they are in a document
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

it('finds runs and drafts in the order of the cells, and how their cells stand to them', () => {
  const ref = { id: 'c0', digest: cellDigest('run()') };
  const { cells } = notebook(
    { source: 'run()', data: runOutput(ref) },
    { source: 'x', data: draft },
    { source: 'y', data: runOutput({ ...ref, digest: cellDigest('other') }) },
    { source: 'z', data: runOutput({ ...ref, id: 'gone' }) },
    { source: 'print()', data: { 'text/plain': 'x' } }
  );
  expect(
    entriesOf(cells).map(({ kind, name, cell, drift, trusted }) => [
      kind,
      name,
      cell.id,
      drift,
      trusted
    ])
  ).toEqual([
    ['run', 'train-1', 'c0', 'same', true],
    ['draft', 'train', 'c1', null, true],
    ['run', 'train-1', 'c2', 'edited', false],
    ['run', 'train-1', 'c3', 'removed', true]
  ]);
});

it('leaves out what is no payload of ours', () => {
  const forged = { schema: 'kfp.run/1', runs: [{ run_id: '../x', name: 1 }] };
  const { cells } = notebook(
    { source: '', data: { [RUN_MIME_TYPE]: forged } },
    { source: '', data: { [PIPELINE_MIME_TYPE]: 'x' } }
  );
  expect(entriesOf(cells)).toEqual([]);
});
