import { expect, test } from '@jupyterlab/galata';

import {
  isDirty,
  openNotebook,
  openNotebookOf,
  reloadPage,
  savedEnd,
  savedNotebook,
  savedRun,
  threeSteps
} from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';
import {
  readSavedWords,
  withoutExtension
} from '../../pages/without-extension';

test('a reload in the middle of a run finds it again, and without the extension its saved words', async ({
  page,
  tmpPath
}) => {
  test.slow(); // three pages
  const path = `${tmpPath}/reload.ipynb`;
  await openNotebookOf(page, path, [
    threeSteps({ seconds: 300 }),
    'untouched = 1'
  ]);
  await page.notebook.runCell(0);
  const before = RunWidget.inCell(page, 0);
  await before.expectState('Running');
  await before.openTab('Tasks');
  // JupyterLab writes its state down a moment later; only what is written comes back
  const kept = page.waitForRequest(
    request =>
      request.method() === 'PUT' &&
      request.url().includes('/api/workspaces/') &&
      /jupyterlab-kfp:sizes.*:616\b/.test(request.postData() ?? '')
  );
  await before.edge.press('End');
  await before.edge.press('ArrowUp');
  await expect(before.body).toHaveCSS('height', '616px');
  await kept;
  await page.notebook.save();
  const reload = async (): Promise<void> => {
    await reloadPage(page);
    await page
      .locator('#jupyterlab-splash')
      .waitFor({ state: 'detached', timeout: 30_000 });
    await openNotebook(page, path);
  };

  await withoutExtension(page, async () => {
    await reload();
    await readSavedWords(page, () => savedNotebook(page, path));
  });
  await reload();
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running');
  await expect(widget.root.getByText('Live')).toBeVisible();
  // as tall as the reader made it
  await widget.openTab('Tasks');
  await expect(widget.body).toHaveCSS('height', '616px');
  await widget.edge.press('Enter');
  await expect(widget.body).not.toHaveCSS('height', '616px');
  await widget.stop();
  await widget.expectState('Canceled');
});

test('a notebook opened after the end shows it, and stays clean', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/reopen.ipynb`;
  // long enough to be saved and closed before its end, on a slow machine too
  await openNotebookOf(page, path, [threeSteps({ seconds: 12 })]);
  await page.notebook.runCell(0);
  await RunWidget.inCell(page, 0).expectState('Running');
  await page.notebook.save();
  await page.notebook.close(true);
  const before = savedRun(await savedNotebook(page, path), 0);
  expect(before.payload.runs[0].snapshot.final).toBe(false);
  await expect
    .poll(
      async () => {
        const answer = await page.request.get(
          `jupyterlab-kfp/api/connections/local/runs/${before.payload.runs[0].run_id}/view?detail=header`
        );
        return (await answer.text()).includes('"SUCCEEDED"');
      },
      { timeout: 60_000 }
    )
    .toBe(true);

  await openNotebook(page, path);
  await RunWidget.inCell(page, 0).expectState('Succeeded');
  expect(await isDirty(page)).toBe(false);
  const after = await savedEnd(page, path, 0);
  expect(after.payload.runs[0].snapshot).toMatchObject({
    final: true,
    state: 'SUCCEEDED'
  });
  await page.notebook.close(false);

  await openNotebook(page, path);
  await RunWidget.inCell(page, 0).expectState('Succeeded');
  // long enough for the check of a final run, and for a write that must not happen
  await page.waitForTimeout(2000);
  expect(await isDirty(page)).toBe(false);
});
