import { expect, test } from '@jupyterlab/galata';

import { openNotebookOf, reloadPage, threeSteps } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';
import { Sidebar } from '../../pages/sidebar';

test('the sidebar lists runs live and opens them in a tab that survives a reload', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/sidebar.ipynb`;
  await openNotebookOf(page, path, [
    threeSteps({ seconds: 8, name: 'from-the-side' })
  ]);
  const sidebar = new Sidebar(page);
  await sidebar.open();
  await expect(sidebar.health).toContainText('Connected');
  await expect(
    sidebar.root.getByRole('combobox', { name: 'Connection' })
  ).toHaveValue('local');

  await page.notebook.runCell(0);
  const row = sidebar.run('from-the-side');
  await expect(row).toContainText('Running');
  await row.click();
  const view = RunWidget.inDocument(page);
  await view.expectState('Running');
  await view.expectState('Succeeded', 60_000);
  await expect(row).toContainText('Succeeded');

  await reloadPage(page);
  await RunWidget.inDocument(page).expectState('Succeeded');
});

test('the sidebar lists pipelines', async ({ page }) => {
  const sidebar = new Sidebar(page);
  await sidebar.open();
  await expect(sidebar.root.getByText('Pipelines').first()).toBeVisible();
  await expect(sidebar.root.getByRole('alert')).toHaveCount(0);
});
