import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { openNotebookOf } from '../../pages/notebooks';

const BAD = `%%kfp run bad
from kfp import dsl
scale = 3
@dsl.component(packages_to_install=["sklearn==1.5.0"])
def mul(x: int) -> int:
    return x * scale
@dsl.pipeline
def bad():
    mul(x=1)
`;

const GOOD = BAD.replace('x * scale', 'x * 3').replace('sklearn', 'pandas');

const cell = (page: IJupyterLabPageFixture, index: number): Locator =>
  page.locator('.jp-Notebook .jp-Cell').nth(index);

test('an executed cell shows what the checks found, and repairs it', async ({
  page,
  tmpPath
}) => {
  await openNotebookOf(page, `${tmpPath}/lint.ipynb`, [BAD, GOOD]);
  await page.notebook.runCell(0);
  const first = cell(page, 0);
  // The run was not sent: the closure is an error.
  await expect(first.locator('.jp-OutputArea-output')).toContainText('KFP101');
  await expect(first.locator('.cm-lintRange-error')).toHaveText('scale');
  await expect(first.locator('.cm-lintRange-warning')).toHaveText(
    '"sklearn==1.5.0"'
  );
  await expect(first.locator('.cm-gutter-lint .cm-lint-marker')).toHaveCount(2);

  await first.locator('.cm-lintRange-warning').hover();
  const tooltip = page.locator('.cm-tooltip-lint');
  await expect(tooltip).toContainText(
    'The package of "sklearn" is called scikit-learn.'
  );
  await expect(tooltip).toContainText('KFP307');
  await tooltip.getByRole('button', { name: /scikit-learn/ }).click();
  await expect(first.locator('.cm-content')).toContainText(
    'packages_to_install=["scikit-learn==1.5.0"]'
  );
  // The checks have looked again: the repaired one is gone, the other stays.
  await expect(first.locator('.cm-lintRange-warning')).toHaveCount(0);
  await expect(first.locator('.cm-lintRange-error')).toHaveCount(1);

  await page.notebook.runCell(1);
  await expect(cell(page, 1).locator('.jp-KfpRun')).toBeVisible();
  await expect(cell(page, 1).locator('.cm-lintRange-error')).toHaveCount(0);
});

test('marks go when the cell is mended and run again', async ({
  page,
  tmpPath
}) => {
  const text = '@dsl.component\ndef f(x) -> int:\n    return x\n';
  await openNotebookOf(page, `${tmpPath}/mend.ipynb`, [
    `from kfp import dsl\n${text}`
  ]);
  await page.notebook.runCell(0);
  await expect(cell(page, 0).locator('.cm-lintRange-error')).toHaveText('x');
  await page.notebook.setCell(
    0,
    'code',
    `from kfp import dsl\n${text.replace('(x)', '(x: int)')}`
  );
  await page.notebook.runCell(0);
  await expect(cell(page, 0).locator('.cm-lintRange-error')).toHaveCount(0);
});

test.describe('while typing', () => {
  test.use({
    mockSettings: { 'jupyterlab-kfp:settings': { lint: 'onType' } }
  });

  test('a cell is checked a second after the last edit', async ({
    page,
    tmpPath
  }) => {
    await openNotebookOf(page, `${tmpPath}/typing.ipynb`, ['']);
    await page.notebook.enterCellEditingMode(0);
    await page.keyboard.insertText(
      '@dsl.component\ndef f(x: int) -> int:\n    return x * rate'
    );
    const mark = cell(page, 0).locator('.cm-lintRange-error');
    await expect(mark).toHaveText('rate');
    // Nothing was executed.
    await expect(cell(page, 0).locator('.jp-InputPrompt')).toHaveText('[ ]:');
  });
});
