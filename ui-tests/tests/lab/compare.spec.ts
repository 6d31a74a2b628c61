import { expect, test } from '@jupyterlab/galata';

import { openNotebookOf, reloadPage, threeSteps } from '../../pages/notebooks';
import { Sidebar } from '../../pages/sidebar';

test('two runs chosen in the sidebar stand side by side, also after a reload', async ({
  page,
  tmpPath
}, info) => {
  await openNotebookOf(page, `${tmpPath}/compare.ipynb`, [
    threeSteps({ seconds: 0, name: 'left-one' }),
    threeSteps({ seconds: 0, name: 'right-one', fails: true })
  ]);
  await page.notebook.runCell(0);
  await page.notebook.runCell(1);
  const sidebar = new Sidebar(page);
  await sidebar.open();
  for (const [name, state] of [
    ['left-one', 'Succeeded'],
    ['right-one', 'Failed']
  ] as const) {
    await expect(sidebar.run(name)).toContainText(state, {
      timeout: 60_000
    });
    await sidebar.run(name).click({ modifiers: ['Control'] });
  }
  await expect(sidebar.root.getByText('2 runs chosen')).toBeVisible();
  // JupyterLab writes its layout down a moment later; only what is written comes back
  const kept = page.waitForRequest(
    request =>
      request.method() === 'PUT' &&
      request.url().includes('/api/workspaces/') &&
      layoutIn(request.postData()).includes('jupyterlab-kfp-comparisons')
  );
  await sidebar.root.getByRole('button', { name: 'Compare' }).click();

  const table = page.getByRole('region', { name: 'Comparison of runs' });
  await expect(table.getByRole('button', { name: 'left-one' })).toHaveCount(2);
  await expect(table.getByRole('rowheader', { name: 'Tasks' })).toBeVisible();
  await expect(table.getByText('Compiled pipeline differs')).toBeVisible();
  await table.getByRole('button', { name: 'Show difference' }).click();
  await expect(table.locator('.jp-KfpDrift-lines')).toContainText('+ ');
  await page.screenshot({ path: info.outputPath('compare.png') });

  await kept;
  await reloadPage(page);
  await expect(table.getByRole('button', { name: 'left-one' })).toHaveCount(2);
});

/** The layout in what JupyterLab keeps of a workspace, as text. */
function layoutIn(body: string | null): string {
  const { data } = JSON.parse(body ?? '{}') as {
    readonly data?: Readonly<Record<string, unknown>>;
  };
  return JSON.stringify(data?.['layout-restorer:data'] ?? null);
}
