import { expect, test } from '@jupyterlab/galata';

import { tasksOf } from '../../pages/gateway';
import { openNotebookOf, savedEnd, threeSteps } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

test('a failing step shows why, and where, and what to do about it', async ({
  page,
  context,
  tmpPath
}) => {
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
  const { run_id } = run.payload.runs[0];

  await test.step('what can be taken from it', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = (): Promise<string> =>
      page.evaluate(() => navigator.clipboard.readText());
    await card.getByRole('button', { name: 'Copy report' }).click();
    await expect(card.getByText('Copied')).toBeVisible();
    expect(await copied()).toMatch(/Pipeline run [^]*KeyError: 'label'/);
    await widget.choose('Copy Attach Cell');
    expect(await copied()).toBe(`%kfp attach ${run_id}`);
    await widget.choose('Copy Id');
    expect(await copied()).toBe(run_id);
    const download = page.waitForEvent('download');
    await widget.choose('Download Pipeline');
    expect((await download).suggestedFilename()).toBe('journey.yaml');
  });

  await test.step('it is debugged in a cell below, and tried again at once', async () => {
    await card.getByRole('button', { name: 'Debug locally' }).click();
    const below = page.locator('.jp-Notebook .jp-CodeCell').nth(1);
    await expect(below).toContainText(`%kfp debug ${run_id}:train`);
    await expect(below).toHaveClass(/jp-mod-active/);
    await expect(below).toBeInViewport();
    await card.getByRole('button', { name: 'Retry' }).click();
    await expect(widget.state).not.toHaveText('Failed');
    await widget.expectState('Failed');
    await widget.openTab('Tasks');
    await expect(widget.task('train')).toContainText('2');
    const first = JSON.stringify(run.payload.runs[0].snapshot);
    await expect(async () => {
      const again = await savedEnd(page, path, 0);
      expect(JSON.stringify(again.payload.runs[0].snapshot)).not.toBe(first);
    }).toPass();
  });
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
