import { expect, test } from '@jupyterlab/galata';

import { openNotebookOf, savedEnd, threeSteps } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

test('a cell runs a pipeline and shows it live to its results', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/main.ipynb`;
  await openNotebookOf(page, path, [
    '%kfp connect',
    threeSteps({ seconds: 12 }),
    'r.wait()\nr.results["evaluate"]["Output"]',
    'import kfp\n[run.display_name for run in kfp.Client().list_runs().runs]'
  ]);
  await page.notebook.runCell(0);
  expect((await page.notebook.getCellTextOutput(0))?.join('')).toMatch(
    /^Connected: local/
  );

  await page.notebook.runCell(1);
  const widget = RunWidget.inCell(page, 1);
  await widget.expectState('Running');
  await expect(widget.progress).toContainText(/[012] of 3 tasks done/);
  await expect(widget.root.getByText('Live')).toBeVisible();
  await expect(widget.root.getByRole('button', { name: 'Stop' })).toBeVisible();

  await widget.openTab('Tasks');
  await widget.task('train').click();
  await widget.openTab('Logs');
  await expect(widget.root.getByRole('log')).toContainText('second 1');

  await widget.expectState('Succeeded', 60_000);
  await expect(widget.progress).toContainText('3 of 3 tasks succeeded');
  await expect(widget.root.getByText('Live')).toHaveCount(0);

  await widget.openTab('Results');
  await expect(widget.root.getByText('accuracy').first()).toBeVisible();
  await expect(widget.root.getByText('0.94').first()).toBeVisible();
  await expect(widget.root.getByText('model').first()).toBeVisible();

  await page.notebook.runCell(2);
  expect((await page.notebook.getCellTextOutput(2))?.join('')).toContain('0.5');
  await page.notebook.runCell(3);
  expect((await page.notebook.getCellTextOutput(3))?.join('')).toContain(
    'journey'
  );

  const run = await savedEnd(page, path, 1);
  expect(run.payload.runs[0].snapshot).toMatchObject({
    final: true,
    state: 'SUCCEEDED'
  });
  expect(run.html).toContain('Succeeded</strong>');
  expect(run.html.replace(/<\/?(strong|code|ul|li)>/g, '')).not.toMatch(/[<>]/);
  expect(run.text).toContain('3 of 3 tasks succeeded');
});

test('a run below the fold ends in the notebook too', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/below.ipynb`;
  await openNotebookOf(page, path, [
    `${threeSteps({ seconds: 1 })}\n${'# filler\n'.repeat(80)}`,
    'r.wait()'
  ]);
  await page.notebook.runCell(0);
  await page.notebook.runCell(1);
  const run = await savedEnd(page, path, 0);
  expect(run.payload.runs[0].snapshot.state).toBe('SUCCEEDED');
});
