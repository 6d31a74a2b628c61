/** A tab that nobody sees draws nothing, keeps the end of its run all the same, and is right at once when somebody looks again. */
import { expect } from '@playwright/test';

import { outputsInPage, threeSteps } from '../../pages/notebooks';
import { codeCell, putNotebook, runCell } from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { Sidebar } from '../../pages/sidebar';
import { countChanges, test } from '../../pages/tabs';
import { servers } from '../../servers/servers';

test('a hidden tab draws nothing and keeps the end of its run', async ({
  tabs
}) => {
  test.slow();
  const base = `${servers.lab.url}/`;
  const page = await tabs.page();
  const told: string[] = [];
  page.on('websocket', socket => {
    if (socket.url().includes('jupyterlab-kfp/api/watch')) {
      socket.on('framereceived', ({ payload }) => told.push(String(payload)));
    }
  });
  await putNotebook(page, base, 'hidden.ipynb', [threeSteps({ seconds: 300 })]);
  await page.goto(`${base}lab/workspaces/hidden/tree/hidden.ipynb`);
  await expect(codeCell(page, 0)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running', 60_000);
  await widget.openTab('Tasks');
  await new Sidebar(page).open();
  await expect(widget.progress).toContainText('1 of 3', { timeout: 60_000 });

  await widget.root.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Notify Me' }).click();

  await tabs.hide(page);
  told.length = 0;
  const changes = await countChanges(page);
  // the time moves on, a sentence for people who listen is due, and then the run ends
  await page.waitForTimeout(6000);
  expect(told.filter(frame => !frame.includes('"ping"'))).toEqual([]);
  const run = await widget.root.getAttribute('data-kfp-run');
  const ended = await page.request.post(
    `${base}jupyterlab-kfp/api/connections/local/runs/${run}/actions`,
    { data: { action: 'terminate', idempotency_key: `${run}` } }
  );
  expect(ended.ok()).toBe(true);
  await expect
    .poll(() => outputsInPage(page), { timeout: 60_000 })
    .toContain('CANCELED');
  expect(await changes()).toBe(0);
  const toast = page.locator('.Toastify__toast', { hasText: 'Canceled' });
  await expect(toast).toContainText('1 of 3 tasks succeeded');

  await tabs.show(page);
  await widget.expectState('Canceled', 2000);
  await expect(widget.progress).toContainText('1 of 3 tasks succeeded');
  await expect(widget.task('evaluate')).toContainText('Not reached');
});
