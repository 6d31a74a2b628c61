import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { openNotebookOf } from '../../pages/notebooks';

const DEFINE = `%%kfp --quiet
from kfp import dsl
@dsl.component(base_image="python:3.11")
def step(rows: int, fast: bool = True) -> int:
    return rows
@dsl.pipeline
def train(rows: int, fast: bool = True):
    step(rows=rows, fast=fast)
`;

const RUN = '%kfp run train -p rows=1 --name first-run --wait';

/** Replace what the last cell holds, press Tab, and give the list that opens. */
async function completionsOf(
  page: IJupyterLabPageFixture,
  index: number,
  text: string
): Promise<Locator> {
  await page.keyboard.press('Escape');
  await page.notebook.enterCellEditingMode(index);
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
  await page.keyboard.press('Tab');
  const list = page.locator('.jp-Completer:not(.lm-mod-hidden)');
  await expect(list).toBeVisible();
  return list;
}

const labels = (list: Locator): Locator => list.locator('.jp-Completer-match');

test('Tab offers verbs, options, pipelines, parameters, tasks and runs in a cell', async ({
  page,
  tmpPath
}) => {
  await openNotebookOf(page, `${tmpPath}/tab.ipynb`, [DEFINE, RUN, '']);
  await page.notebook.runCell(0);
  await page.notebook.runCell(1);
  await expect(
    page.locator('.jp-Notebook .jp-Cell').nth(1).locator('.jp-KfpRun')
  ).toContainText('Succeeded', { timeout: 60_000 });

  const verbs = await completionsOf(page, 2, '%kfp ');
  await expect(labels(verbs).filter({ hasText: /^schedule$/ })).toBeVisible();
  await expect(labels(verbs).filter({ hasText: /^run$/ })).toHaveCount(1);

  const options = await completionsOf(page, 2, '%kfp run train --');
  await expect(
    labels(options).filter({ hasText: /^--dry-run$/ })
  ).toBeVisible();

  const pipelines = await completionsOf(page, 2, '%kfp run t');
  await expect(labels(pipelines).filter({ hasText: /^train$/ })).toHaveCount(1);

  const parameters = await completionsOf(page, 2, '%kfp run train -p ');
  await expect(labels(parameters).filter({ hasText: /^rows=$/ })).toHaveCount(
    1
  );
  await expect(
    labels(parameters).filter({ hasText: /^fast=false$/ })
  ).toHaveCount(1);

  const runs = await completionsOf(page, 2, '%kfp attach ');
  await expect(labels(runs).filter({ hasText: /^last$/ })).toHaveCount(1);

  // The chosen one is put in at the place of the word.
  await completionsOf(page, 2, '%kfp run train --dr');
  await page.keyboard.press('Enter');
  await expect(
    page.locator('.jp-Notebook .jp-Cell').nth(2).locator('.cm-line').first()
  ).toHaveText('%kfp run train --dry-run');
});
