import { expect, test } from '@playwright/test';

import { threeSteps } from '../../pages/notebooks';
import { codeCell, putNotebook, runCell } from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { servers } from '../../servers/servers';

test('Notebook 7 shows a run live', async ({ page }) => {
  const base = `${servers.notebook.url}/`;
  await putNotebook(page, base, 'seven.ipynb', [threeSteps({ seconds: 3 })]);
  await page.goto(`${base}notebooks/seven.ipynb`);
  await expect(codeCell(page, 0)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running');
  await widget.expectState('Succeeded', 60_000);
  await widget.openTab('Tasks');
  await expect(widget.task('evaluate')).toContainText('Succeeded');

  // Ctrl+S inside the widget saves; the answer of the server tells when it is done
  const saved = page.waitForResponse(
    answer =>
      answer.request().method() === 'PUT' &&
      answer.url().includes('seven.ipynb')
  );
  await page.keyboard.press('Control+s');
  await saved;
  await page.reload();
  await RunWidget.inCell(page, 0).expectState('Succeeded');
});
