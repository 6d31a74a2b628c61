import { expect, test, type Page } from '@playwright/test';

import { threeSteps } from '../../pages/notebooks';
import {
  codeCell,
  putNotebook,
  runCell,
  saveNotebook
} from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { Wire } from '../../pages/wire';
import { servers, TEST_PASSWORD } from '../../servers/servers';
import { journey } from './journey';

const base = servers.hub.url;

async function signIn(page: Page): Promise<void> {
  await page.goto(`${base}login`);
  await page.locator('input[type="password"]').fill(TEST_PASSWORD);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL(/\/(lab|tree|user\/x)/);
}

test('a run is started, watched and stopped with a cookie and the XSRF check', async ({
  page
}) => {
  await signIn(page);
  await journey(page, base);
});

test('a page without the XSRF word changes nothing', async ({ page }) => {
  await signIn(page);
  const answer = await page.request.post(
    `${base}jupyterlab-kfp/api/connections/search`
  );
  expect(answer.status()).toBe(403);
});

test('without a sign-in nothing answers', async ({ request }) => {
  const answer = await request.get(`${base}jupyterlab-kfp/api/status`);
  expect(answer.status()).toBe(403);
});

test('a sign-in that ran out in the middle of a run goes on after the next one, in Notebook 7 too', async ({
  page,
  context
}) => {
  test.slow();
  const wire = await Wire.of(context);
  await signIn(page);
  await putNotebook(page, base, 'expired.ipynb', [
    threeSteps({ seconds: 300, name: 'expired' })
  ]);
  await page.goto(`${base}lab/workspaces/expired/tree/expired.ipynb`);
  await expect(codeCell(page, 0)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running', 60_000);

  await saveNotebook(page);
  const notebook7 = await context.newPage();
  await notebook7.goto(`${base}notebooks/expired.ipynb`);
  const below = RunWidget.inCell(notebook7, 0);
  await below.expectState('Running', 60_000);
  await expect(below.link).toHaveText('Live');

  await context.clearCookies();
  await wire.cut();
  for (const each of [widget, below]) {
    await expect(each.link).toHaveText('Sign-in needed', { timeout: 60_000 });
    await each.expectState('Running');
  }

  const other = await context.newPage();
  await signIn(other);
  await other.close();
  // by themselves
  for (const each of [widget, below]) {
    await expect(each.link).toHaveText('Live', { timeout: 60_000 });
  }
  await below.stop();
  await widget.expectState('Canceled');
  await below.expectState('Canceled');
});
