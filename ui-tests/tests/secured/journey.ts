import { expect, type Page } from '@playwright/test';

import { threeSteps } from '../../pages/notebooks';
import { codeCell, putNotebook, runCell } from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { Sidebar } from '../../pages/sidebar';

/** Run a pipeline, watch it, stop another one: on a server below a base URL that wants a sign-in. */
export async function journey(
  page: Page,
  base: string,
  token?: string
): Promise<void> {
  const refused: string[] = [];
  page.on('response', answer => {
    if (answer.url().includes('jupyterlab-kfp') && answer.status() >= 400) {
      refused.push(`${answer.status()} ${answer.url()}`);
    }
  });
  await putNotebook(
    page,
    base,
    'secured.ipynb',
    [threeSteps({ seconds: 3 }), threeSteps({ seconds: 60, name: 'endless' })],
    token
  );
  const query = token ? `?token=${token}` : '';
  await page.goto(`${base}lab/tree/secured.ipynb${query}`);
  await expect(codeCell(page, 1)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  const first = RunWidget.inCell(page, 0);
  await first.expectState('Succeeded', 60_000);

  await runCell(page, 1);
  const second = RunWidget.inCell(page, 1);
  await second.expectState('Running', 60_000);
  await second.stop();
  await second.expectState('Canceled');

  const sidebar = new Sidebar(page);
  await sidebar.open();
  await expect(sidebar.run('endless')).toContainText('Canceled');
  expect(refused).toEqual([]);
}
