import { expect, test } from '@jupyterlab/galata';

import { openNotebookOf, threeSteps } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

// galata's stand-in for the kernels API answers a restart as if it were a start
test.use({ kernels: null, sessions: null });

test('a kernel restart in the middle of a run changes nothing', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/restart.ipynb`;
  await openNotebookOf(page, path, [
    threeSteps({ seconds: 60 }),
    '%kfp status'
  ]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running');
  await page.menu.clickMenuItem('Kernel>Restart Kernel…');
  await page.getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  await widget.expectState('Running');
  // the magic is there in the new kernel without being loaded
  await page.notebook.runCell(1);
  expect((await page.notebook.getCellTextOutput(1))?.join('')).toContain(
    'local'
  );
  await widget.stop();
});

test('Run All right after opening finds the magic', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/run-all.ipynb`;
  await openNotebookOf(page, path, ['%kfp connect', '%kfp status']);
  await page.menu.clickMenuItem('Run>Run All Cells');
  const outputs = page.locator('.jp-Notebook .jp-OutputArea-output');
  await expect(outputs.first()).toContainText('Connected: local');
  await expect(outputs.nth(1)).toContainText('local');
});
