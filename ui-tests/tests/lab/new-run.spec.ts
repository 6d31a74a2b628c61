import { expect, test } from '@jupyterlab/galata';

import { openNotebookOf } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

const DEFINITION = `%%kfp
from typing import List
from kfp import dsl

@dsl.component(base_image="python:3.11")
def total(values: List[int], factor: float, label: str) -> float:
    print(label)
    return sum(values) * factor

@dsl.pipeline
def weighted(values: List[int], label: str, factor: float = 0.5):
    total(values=values, factor=factor, label=label)
`;

test('a draft is planned, filled in, run, and run again with changes', async ({
  page,
  tmpPath
}) => {
  await openNotebookOf(page, `${tmpPath}/draft.ipynb`, [DEFINITION]);
  await page.notebook.runCell(0);
  const draft = page.locator('.jp-KfpRun.jp-mod-draft');
  await expect(draft).toContainText('1 task · 3 parameters');
  await draft.getByRole('button', { name: 'Run…' }).click();

  const form = page.getByRole('form', { name: 'New run of weighted' });
  const start = form.getByRole('button', { name: 'Start' });
  await expect(start).toBeDisabled();
  await form.getByLabel('values').fill('[1, 2');
  await expect(form.getByText(/not JSON/)).toBeVisible();
  await form.getByLabel('values').fill('[1, 2, 3]');
  await form.getByLabel('label').fill('first try');
  const line = form.locator('code');
  await expect(line).toContainText('%kfp run weighted');
  await expect(line).toContainText("-p values='[1, 2, 3]'");
  await expect(line).toContainText("-p label='first try'");
  await form.getByRole('button', { name: 'Plan' }).click();
  await expect(form.getByText(/Nothing was sent/)).toBeVisible();
  await form.getByLabel('Name').fill('once');
  await start.dblclick();

  const run = RunWidget.inDocument(page);
  await run.expectState('Succeeded', 60_000);
  const list = await page.request.get(
    'jupyterlab-kfp/api/connections/local/runs?page_size=100'
  );
  const { runs } = (await list.json()) as {
    readonly runs: readonly { readonly name: string }[];
  };
  expect(runs.filter(({ name }) => name === 'once')).toHaveLength(1);
  await run.openTab('Results');
  await expect(run.root.getByText('3', { exact: true }).first()).toBeVisible();

  await run.choose('Run Again with Changes…');
  await expect(form.getByLabel('values')).toHaveValue('[ 1, 2, 3 ]');
  await expect(form.getByLabel('label')).toHaveValue('first try');
  await form.getByLabel('factor').fill('2');
  await start.click();
  const again = page.locator('.jp-KfpRunDocument:visible .jp-KfpRun');
  await expect(again.locator('.jp-KfpRun-state')).toHaveText('Succeeded', {
    timeout: 60_000
  });
  await again.getByRole('tab', { name: 'Results' }).click();
  await expect(again.getByText('12', { exact: true }).first()).toBeVisible();
});
