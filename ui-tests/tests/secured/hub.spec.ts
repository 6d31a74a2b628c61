import { expect, test } from '@playwright/test';

import { servers, TEST_PASSWORD } from '../../servers/servers';
import { refusals, runFirstExample } from './journey';

test('a signed-in user below a base URL runs a pipeline', async ({ page }) => {
  const refused = refusals(page);
  await page.goto(`${servers.hub.url}login`);
  await page.locator('input[type="password"]').fill(TEST_PASSWORD);
  await page.getByRole('button', { name: /log in/i }).click();
  await page.waitForURL(/\/user\/x\//);
  await runFirstExample(
    page,
    `${servers.hub.url}lab/tree/first-pipeline.ipynb`
  );
  expect(refused).toEqual([]);
});

test('a user without a session reaches nothing', async ({ request }) => {
  const answer = await request.get(
    `${servers.hub.url}jupyterlab-kfp/api/connections`,
    {
      maxRedirects: 0
    }
  );
  expect([302, 401, 403]).toContain(answer.status());
});

test('a request with the cookie but without the XSRF token changes nothing', async ({
  page
}) => {
  await page.goto(`${servers.hub.url}login`);
  await page.locator('input[type="password"]').fill(TEST_PASSWORD);
  await page.getByRole('button', { name: /log in/i }).click();
  await page.waitForURL(/\/user\/x\//);
  const answer = await page.request.post(
    `${servers.hub.url}jupyterlab-kfp/api/connections/search`,
    { data: {} }
  );
  expect(answer.status()).toBe(403);
});
