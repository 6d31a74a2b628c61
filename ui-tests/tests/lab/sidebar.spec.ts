import { expect, test } from '@jupyterlab/galata';

import {
  openNotebook,
  openNotebookOf,
  reloadPage,
  threeSteps
} from '../../pages/notebooks';
import { stopRun } from '../../pages/gateway';
import { RunWidget } from '../../pages/run-widget';
import { Sidebar } from '../../pages/sidebar';

test('the sidebar lists runs live and opens them in a tab that survives a reload', async ({
  page,
  tmpPath
}) => {
  test.slow(); // a run with an environment, and two loads of the page
  const path = `${tmpPath}/sidebar.ipynb`;
  await openNotebookOf(page, path, [
    threeSteps({ seconds: 300, name: 'from-the-side' })
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
  await expect(sidebar.ofNotebook).toContainText(/from-the-side.*Running/);
  await page.notebook.save(); // what leads to the cell later stands in it
  await row.click();
  const view = RunWidget.inDocument(page);
  await view.expectState('Running');
  // its end is told though nobody looks at it any more
  await view.choose('Notify Me');
  await page.keyboard.press('Escape');
  const tab = page
    .getByRole('main')
    .getByRole('tab', { name: /from-the-side/ });
  await tab.locator('.lm-TabBar-tabCloseIcon').click();
  await expect(view.root).toHaveCount(0);
  await stopRun(page.request, 'from-the-side');
  const toast = page.getByRole('alert').filter({ hasText: 'from-the-side' });
  await expect(toast).toContainText('from-the-side: Canceled, ', {
    timeout: 60_000
  });
  await expect(row).toContainText('Canceled');
  await toast.getByRole('button', { name: 'Show' }).click();
  await view.expectState('Canceled');

  // JupyterLab writes its state down a moment later; only what is written comes back
  const kept = page.waitForRequest(
    request =>
      request.method() === 'PUT' &&
      request.url().includes('/api/workspaces/') &&
      request.postData()?.includes('jupyterlab-kfp:pinned-runs') === true
  );
  await view.choose('Pin');
  const pinned = sidebar.root.locator('.jp-KfpRows-pinned');
  await expect(pinned).toContainText('from-the-side');
  await expect(pinned).toContainText('Canceled');
  await kept;

  await reloadPage(page);
  await RunWidget.inDocument(page).expectState('Canceled');
  await sidebar.open();
  await expect(pinned).toContainText('from-the-side');
  await pinned.getByRole('button', { name: 'Unpin' }).click();
  await expect(pinned).toHaveCount(0);

  await test.step('commands act on the run in front', async () => {
    const execute = (id: string): Promise<unknown> =>
      page.evaluate(each => window.jupyterapp.commands.execute(each), id);
    await page
      .getByRole('main')
      .getByRole('tab', { name: /from-the-side/ })
      .click();
    await execute('kfp:show-events');
    await expect(
      view.root.getByRole('tab', { name: 'Attempts' })
    ).toHaveAttribute('aria-selected', 'true');
    await execute('kfp:show-logs');
    await expect(view.root.getByRole('log')).toBeVisible();
  });

  await test.step('the tab leads to the cell of its run', async () => {
    await openNotebook(page, path);
    await page
      .getByRole('main')
      .getByRole('tab', { name: /from-the-side/ })
      .click();
    await view.choose('Jump to Cell');
    const cell = page.locator('.jp-Notebook .jp-CodeCell').first();
    await expect(cell).toBeInViewport();

    await expect(sidebar.ofNotebook).toContainText(/from-the-side.*Canceled/);
    await page.notebook.setCell(0, 'code', 'print("something else")');
    await expect(sidebar.ofNotebook).toContainText('Edited');
    await page.notebook.addCell('markdown', '\n\n'.padEnd(400, '# far\n\n'));
    await page.notebook.selectCells(1);
    await sidebar.ofNotebook.click();
    await expect(cell).toHaveClass(/jp-mod-active/);
    await expect(cell).toBeInViewport();
    await page
      .getByRole('main')
      .getByRole('tab', { name: /from-the-side/ })
      .click();
  });

  await test.step('the tab archives its run, takes that back, and asks before it deletes', async () => {
    await view.choose('Archive');
    await expect(row).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(row).toHaveCount(1);
    await view.choose('Delete…');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('The run "from-the-side" on "local"');
    await page.keyboard.press('Enter');
    await expect(dialog).toHaveCount(0);
    await view.expectState('Canceled');
  });
});

test('the sidebar lists pipelines', async ({ page }) => {
  const sidebar = new Sidebar(page);
  await sidebar.open();
  await expect(sidebar.root.getByText('Pipelines').first()).toBeVisible();
  await expect(sidebar.root.getByRole('alert')).toHaveCount(0);
});

test('runs are found among all of the service, archived, brought back and deleted', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/many.ipynb`;
  await openNotebookOf(page, path, [
    `%%kfp
from kfp import dsl

@dsl.component(base_image="python:3.11")
def add(a: int) -> int:
    return a

@dsl.pipeline
def hay(a: int = 1):
    add(a=a)
`,
    `import jupyterlab_kfp as jk
runs = [jk.run(hay, name="a-needle" if n < 1 else f"hay {n}", show="none") for n in range(25)]
jk.wait(runs)
`
  ]);
  await page.notebook.runCell(0);
  await page.notebook.runCell(1);
  const sidebar = new Sidebar(page);
  await sidebar.open();
  await expect(sidebar.run('hay 24')).toBeVisible();
  await expect(sidebar.run('a-needle')).toHaveCount(0); // on the second page
  const filter = sidebar.root.getByRole('searchbox', { name: 'Filter runs' });
  await filter.fill('A-NEEDLE state:succ');
  const needle = sidebar.run('a-needle');
  await expect(needle).toHaveCount(1);
  await expect(sidebar.run('hay')).toHaveCount(0);
  await filter.fill('a-needle state:faled');
  await expect(sidebar.root).toContainText(
    'No run can be in the state "faled".'
  );

  await filter.fill('a-needle');
  await needle.dblclick();
  const tabs = page.locator('#jp-main-dock-panel').getByRole('tab', {
    name: 'a-needle'
  });
  await expect(tabs).toHaveCount(1);

  await needle.focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await expect(needle).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(needle).toHaveCount(1);

  await needle.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(needle).toHaveCount(0);
  await expect(tabs).toHaveCount(1);
  await filter.fill('');
});
