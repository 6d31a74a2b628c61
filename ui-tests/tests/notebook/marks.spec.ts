import { expect, test } from '@playwright/test';

import { codeCell, putNotebook, runCell } from '../../pages/plain';
import { servers } from '../../servers/servers';

test('Notebook 7 marks what the checks found in a cell', async ({ page }) => {
  const base = `${servers.notebook.url}/`;
  await putNotebook(page, base, 'marks.ipynb', [
    `from kfp import dsl
rate = 3
@dsl.component
def f(x: int) -> int:
    return x * rate`
  ]);
  await page.goto(`${base}notebooks/marks.ipynb`);
  const cell = codeCell(page, 0);
  await expect(cell).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  await expect(cell.locator('.cm-lintRange-error')).toHaveText('rate');
  await expect(cell.locator('.cm-gutter-lint .cm-lint-marker')).toHaveCount(1);
  await cell.locator('.cm-lintRange-error').hover();
  await expect(page.locator('.cm-tooltip-lint')).toContainText('KFP101');
});
