import { expect, test } from '@jupyterlab/galata';

import { tasksOf } from '../../pages/gateway';
import { openNotebookOf, savedEnd, threeSteps } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

test('a failing step shows why, and where', async ({ page, tmpPath }) => {
  const path = `${tmpPath}/failure.ipynb`;
  await openNotebookOf(page, path, [threeSteps({ seconds: 1, fails: true })]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Failed', 60_000);
  const card = widget.root.locator('.jp-KfpCard');
  await expect(card).toContainText('First failure: train, exit code 1');
  await expect(card).toContainText("KeyError: 'label'");
  await expect(card).toContainText('raise KeyError("label")');
  await expect(card).toContainText('Not reached: evaluate');
  await expect(card.locator('pre')).toContainText('Traceback');
  // the reason stands at the end of the log: the box shows that, not the preamble of KFP's executor
  const below = await card
    .locator('pre')
    .evaluate(box => box.scrollHeight - box.clientHeight - box.scrollTop);
  expect(below).toBeLessThan(2);

  await expect(card).toContainText('cell 1, line 17');
  await card.getByRole('button', { name: 'Jump to line' }).click();
  await expect(page.locator('.jp-StatusBar-Widget')).toContainText('Ln 17,');

  const run = await savedEnd(page, path, 0);
  expect(run.text).toContain("KeyError: 'label'");
  expect(run.html).toContain('train failed');
});

test('Stop stops the processes of a run', async ({ page, tmpPath }) => {
  const path = `${tmpPath}/stop.ipynb`;
  await openNotebookOf(page, path, [threeSteps({ seconds: 60 })]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running');
  await widget.openTab('Logs');
  await expect(widget.root.getByRole('log')).toContainText('second 0');
  await widget.stop();
  await widget.expectState('Canceled', 30_000);

  const run = await savedEnd(page, path, 0);
  expect(run.payload.runs[0].snapshot.state).toBe('CANCELED');
  const tasks = await tasksOf(page.request, run.payload.runs[0].run_id);
  expect(tasks.map(task => task.state)).not.toContain('RUNNING');
});
