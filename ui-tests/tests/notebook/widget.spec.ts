import { expect, test } from '@playwright/test';

import { threeSteps } from '../../pages/notebooks';
import {
  codeCell,
  putNotebook,
  runCell,
  saveNotebook
} from '../../pages/plain';
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

  // inside the widget
  await saveNotebook(page);
  await page.reload();
  await RunWidget.inCell(page, 0).expectState('Succeeded');
});
