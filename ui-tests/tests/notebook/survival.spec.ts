import { expect, test } from '@playwright/test';

import { threeSteps } from '../../pages/notebooks';
import {
  codeCell,
  putNotebook,
  readNotebook,
  restartKernel,
  runCell,
  saveNotebook
} from '../../pages/plain';
import { findsBackAfterSignIn, settles } from '../../pages/run-ends';
import { RunWidget } from '../../pages/run-widget';
import { Wire } from '../../pages/wire';
import {
  readSavedWords,
  withoutExtension
} from '../../pages/without-extension';
import { servers } from '../../servers/servers';

test('Notebook 7 keeps its cells from keys inside a run, which outlives all that happens to its page and settles in each of its ends', async ({
  page,
  context
}) => {
  test.slow(); // three pages, and one run through all of them
  const wire = await Wire.of(context);
  const base = `${servers.notebook.url}/`;
  await putNotebook(page, base, 'keys.ipynb', [
    threeSteps({ seconds: 300 }),
    'untouched = 1',
    '%kfp status'
  ]);
  await page.goto(`${base}notebooks/keys.ipynb`);
  await expect(codeCell(page, 1)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running', 60_000);
  const cells = page.locator('.jp-Notebook .jp-CodeCell');
  const count = await cells.count();
  const prompt = cells.first().locator('.jp-InputPrompt');
  await expect(prompt).toHaveText(/\[\d+\]/);
  const executed = await prompt.textContent();
  const tab = widget.root.getByRole('tab', { name: 'Tasks' });

  for (const key of ['d', 'd', 'x', 'z', 'b', 'a', 'Shift+Enter']) {
    await tab.focus();
    await page.keyboard.press(key);
  }
  await expect(cells).toHaveCount(count);
  expect(await prompt.textContent()).toBe(executed);

  await tab.focus();
  await saveNotebook(page);

  await withoutExtension(page, async () => {
    await page.reload();
    await readSavedWords(page, () => readNotebook(page, base, 'keys.ipynb'));
  });
  await page.reload();
  await widget.expectState('Running', 60_000);
  await expect(widget.link).toHaveText('Live');

  await restartKernel(page);
  // the magic is there in the new kernel without being loaded
  await runCell(page, 2);
  await expect(
    codeCell(page, 2).locator('.jp-OutputArea-output')
  ).toContainText('local');
  await widget.expectState('Running');
  await expect(widget.link).toHaveText('Live');
  const watched = { page, base, wire, widget };
  await findsBackAfterSignIn(watched);
  await settles(watched);
});
