import path from 'node:path';

import { test } from '@jupyterlab/galata';

import { openNotebookOf } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

/** Where the pictures of the documentation live. */
const IMAGES = path.resolve('../docs/images');

const CELL = `%%kfp run --as r
from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output

@dsl.component(base_image="python:3.11")
def prepare(rows: int, data: Output[Dataset]) -> int:
    open(data.path, "w").write("x" * rows)
    return rows

@dsl.component(base_image="python:3.11")
def train(data: Input[Dataset], rate: float, model: Output[Model], metrics: Output[Metrics]):
    import time
    for epoch in range(12):
        print(f"epoch {epoch + 1}/12  loss {0.9 ** epoch:.3f}", flush=True)
        time.sleep(1)
    open(model.path, "w").write("model")
    metrics.log_metric("accuracy", 0.94)

@dsl.component(base_image="python:3.11")
def evaluate(model: Input[Model]) -> float:
    return 0.94

@dsl.pipeline(name="first-pipeline")
def first_pipeline(rows: int = 500, rate: float = 0.1):
    data = prepare(rows=rows).outputs["data"]
    model = train(data=data, rate=rate).outputs["model"]
    evaluate(model=model)
`;

// run by hand: JUPYTERLAB_KFP_PROJECT=docs jlpm playwright test --project=docs
test('the picture of the README', async ({ page, tmpPath }) => {
  await page.setViewportSize({ width: 1100, height: 1090 });
  await openNotebookOf(page, `${tmpPath}/train.ipynb`, [CELL]);
  await page.sidebar.close('left');
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running');
  await widget.openTab('Graph');
  await page.waitForTimeout(4000);
  await widget.root.scrollIntoViewIfNeeded();
  await page
    .locator('.jp-NotebookPanel:visible')
    .screenshot({ path: path.join(IMAGES, 'run-in-notebook.png') });
});
