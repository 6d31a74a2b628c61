import { expect, test } from '@playwright/test';

import { THOUSAND_TASKS, useByKeyboard } from '../../pages/big-run';
import {
  isDirty,
  outputsInPage,
  savedRun,
  threeSteps
} from '../../pages/notebooks';
import {
  codeCell,
  putNotebook,
  readNotebook,
  runCell,
  saveNotebook
} from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { servers } from '../../servers/servers';

const base = `${servers.notebook.url}/`;
const url = `${base}notebooks/seven.ipynb`;

test('Notebook 7 keeps the same bytes of a run in two browsers, and has 1,000 tasks used by the keyboard', async ({
  page,
  browser
}) => {
  test.slow(); // three pages, and 1,000 tasks
  await putNotebook(page, base, 'seven.ipynb', [
    threeSteps({ seconds: 300 }),
    THOUSAND_TASKS
  ]);
  await page.goto(url);
  await expect(codeCell(page, 0)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running', 60_000);
  await saveNotebook(page);

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(url);
  const otherWidget = RunWidget.inCell(other, 0);
  await otherWidget.expectState('Running', 60_000);
  await expect(otherWidget.link).toHaveText('Live');
  await otherWidget.stop();
  await otherWidget.expectState('Canceled');
  await widget.expectState('Canceled');
  await expect.poll(() => outputsInPage(page)).toContain('"final":true');
  await saveNotebook(page);
  const saved = savedRun(await readNotebook(page, base, 'seven.ipynb'), 0);
  expect(saved.payload.runs[0].snapshot.state).toBe('CANCELED');
  expect(await isDirty(other)).toBe(false);
  await other.reload();
  await otherWidget.expectState('Canceled', 60_000);
  // a file does not keep the order of keys
  expect(JSON.parse(await outputsInPage(other))).toEqual(
    JSON.parse(await outputsInPage(page))
  );
  expect(await isDirty(other)).toBe(false);
  await elsewhere.close();

  await runCell(page, 1);
  const thousand = RunWidget.inCell(page, 1);
  await thousand.expectState('Failed', 120_000);
  await useByKeyboard(thousand);
});
