import { expect, test } from '@playwright/test';

import { servers, TEST_PASSWORD } from '../../servers/servers';
import { journey } from './journey';

const base = servers.hub.url;

test('a run is started, watched and stopped with a cookie and the XSRF check', async ({
  page
}) => {
  await page.goto(`${base}login`);
  await page.locator('input[type="password"]').fill(TEST_PASSWORD);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL(/\/(lab|tree|user\/x)/);
  await journey(page, base);
});

test('a page without the XSRF word changes nothing', async ({ page }) => {
  await page.goto(`${base}login`);
  await page.locator('input[type="password"]').fill(TEST_PASSWORD);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL(/\/(lab|tree|user\/x)/);
  const answer = await page.request.post(
    `${base}jupyterlab-kfp/api/connections/search`
  );
  expect(answer.status()).toBe(403);
});

test('without a sign-in nothing answers', async ({ request }) => {
  const answer = await request.get(`${base}jupyterlab-kfp/api/status`);
  expect(answer.status()).toBe(403);
});
