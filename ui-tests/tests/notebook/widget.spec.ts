import { expect, test } from '@playwright/test';

import { servers } from '../../servers/servers';

test('Notebook 7 shows the run below its cell', async ({ page }) => {
  await page.goto(`${servers.notebook.url}notebooks/first-pipeline.ipynb`);
  await page
    .locator('.jp-Notebook .jp-CodeCell')
    .first()
    .waitFor({ timeout: 60_000 });
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
  ).toBeVisible({ timeout: 60_000 });
  await page.evaluate(async () => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { commands: { execute(id: string): Promise<unknown> } };
    };
    await jupyterapp.commands.execute('notebook:run-all-cells');
  });
  const widget = page.locator('.jp-KfpRun').first();
  await expect(widget.locator('.jp-KfpRun-state')).toHaveText('Succeeded', {
    timeout: 60_000
  });

  await widget.getByRole('tab', { name: 'Tasks' }).click();
  await expect(
    widget.getByRole('row').filter({ hasText: 'train' })
  ).toContainText('Succeeded');
});
