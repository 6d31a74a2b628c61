/** What notebooks hold of runs, in Notebook 7: forged, written while the page was closed, and of a stranger. */
import { expect, test } from '@playwright/test';

import {
  askedOfStrangers,
  FORGED_NOTEBOOK,
  lookAtForged
} from '../../pages/forged';
import { savedRun, threeSteps } from '../../pages/notebooks';
import {
  codeCell,
  putContent,
  putNotebook,
  readNotebook,
  runCell
} from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { servers } from '../../servers/servers';

const base = `${servers.notebook.url}/`;

test('Notebook 7 runs nothing of a forged output and contacts nobody', async ({
  page
}) => {
  const asked = askedOfStrangers(page);
  await putContent(page, base, 'forged.ipynb', FORGED_NOTEBOOK);
  await page.goto(`${base}notebooks/forged.ipynb`);
  await expect(codeCell(page, 0)).toBeVisible({ timeout: 60_000 });
  await lookAtForged(page, asked);
});

test('Notebook 7 finds the end of a run that it did not see, and trusts no stranger', async ({
  page
}) => {
  test.slow(); // three pages, and a run
  const url = `${base}notebooks/unseen.ipynb`;
  const saved = () => readNotebook(page, base, 'unseen.ipynb');
  const widget = RunWidget.inCell(page, 0);
  await putNotebook(page, base, 'unseen.ipynb', [threeSteps({ seconds: 12 })]);
  await page.goto(url);
  await expect(codeCell(page, 0)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  await widget.expectState('Running', 60_000);
  await page.keyboard.press('Control+s');
  await expect
    .poll(async () => JSON.stringify(await saved()))
    .toContain('"final":false');
  const { run_id } = savedRun(await saved(), 0).payload.runs[0];

  await page.goto('about:blank');
  await expect
    .poll(
      async () => {
        const answer = await page.request.get(
          `${base}jupyterlab-kfp/api/connections/local/runs/${run_id}/view?detail=header`
        );
        return answer.text();
      },
      { timeout: 60_000 }
    )
    .toContain('"SUCCEEDED"');
  await page.goto(url);
  await widget.expectState('Succeeded', 60_000);
  await expect(async () => {
    await page.keyboard.press('Control+s');
    expect(savedRun(await saved(), 0).payload.runs[0].snapshot).toMatchObject({
      final: true,
      state: 'SUCCEEDED'
    });
  }).toPass({ timeout: 30_000 });

  await test.step('a copy that nobody trusts asks only when the reader wants it', async () => {
    const asked: string[] = [];
    page.on('request', request => {
      if (request.url().includes(run_id)) {
        asked.push(request.url());
      }
    });
    const { cells, ...rest } = await saved();
    await putContent(page, base, 'stranger.ipynb', {
      ...rest,
      cells: cells.map(cell => ({ ...cell, source: '# mine', metadata: {} }))
    });
    await page.goto(`${base}notebooks/stranger.ipynb`);
    await widget.expectState('Succeeded', 60_000);
    await expect(widget.link).toHaveText('Snapshot');
    expect(asked).toEqual([]);
    await widget.root.getByRole('button', { name: 'Connect' }).click();
    await expect(widget.link).toHaveCount(0);
    await widget.expectState('Succeeded');
    await expect(
      widget.root.getByRole('button', { name: 'Retry' })
    ).toHaveCount(0);
  });
});
