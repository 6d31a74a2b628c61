/** One run in several places, and in notebooks that may not be written. */
import { expect, test as base } from '@jupyterlab/galata';

import {
  isDirty,
  openNotebook,
  openNotebookOf,
  outputsInPage,
  RUN_MIME_TYPE,
  savedEnd,
  savedNotebook,
  savedRun,
  threeSteps
} from '../../pages/notebooks';
import { openCopy } from '../../pages/copy-of-notebook';
import { RunWidget } from '../../pages/run-widget';
import { Wire } from '../../pages/wire';

const test = base.extend<{ readonly wire: Wire }>({
  wire: [
    async ({ context }, use) => use(await Wire.of(context)),
    { auto: true }
  ]
});

/** The subscriptions to a run that are asked for. */
function subscriptions(wire: Wire, run: string): number {
  return wire.sent.filter(
    frame => frame.startsWith('{"op":"sub"') && frame.includes(run)
  ).length;
}

test('two browsers and a copied cell show one run and keep the same bytes', async ({
  page,
  browser,
  tmpPath,
  wire,
  baseURL
}) => {
  test.slow(); // two pages of JupyterLab
  const path = `${tmpPath}/copies.ipynb`;
  await openNotebookOf(page, path, [threeSteps({ seconds: 300 })]);
  await page.notebook.runCell(0);
  await RunWidget.inCell(page, 0).expectState('Running', 60_000);
  await page.notebook.selectCells(0);
  await page.evaluate(async () => {
    await window.jupyterapp.commands.execute('notebook:copy-cell');
    await window.jupyterapp.commands.execute('notebook:paste-cell-below');
  });
  await RunWidget.inCell(page, 1).expectState('Running');
  await page.notebook.save();
  const run = savedRun(await savedNotebook(page, path), 1).payload.runs[0];
  expect(subscriptions(wire, run.run_id)).toBe(1);

  const elsewhere = await browser.newContext();
  const otherWire = await Wire.of(elsewhere);
  const other = await elsewhere.newPage();
  await other.goto(`${baseURL}/lab/workspaces/other/tree/${path}`);
  await RunWidget.inCell(other, 0).expectState('Running', 60_000);
  await expect(RunWidget.inCell(other, 0).link).toHaveText('Live');
  expect(subscriptions(otherWire, run.run_id)).toBe(1);
  await RunWidget.inCell(page, 0).stop();
  await RunWidget.inCell(page, 0).expectState('Canceled');
  const kept = (await savedEnd(page, path, 1)).payload;
  expect(kept).toEqual((await savedEnd(page, path, 0)).payload);
  // only one page writes: a second dirty copy would meet the question whether to overwrite the file
  await RunWidget.inCell(other, 0).expectState('Canceled');
  // it would write after 10 s
  await other.waitForTimeout(11_000);
  expect(await isDirty(other)).toBe(false);
  const here = await outputsInPage(page);
  await other.reload();
  await RunWidget.inCell(other, 0).expectState('Canceled', 60_000);
  // a file does not keep the order of keys
  expect(JSON.parse(await outputsInPage(other))).toEqual(JSON.parse(here));
  await other.waitForTimeout(1000);
  expect(await isDirty(other)).toBe(false);
  await elsewhere.close();

  await test.step('the run is deleted elsewhere', async () => {
    await page.notebook.close(false);
    const answer = await page.request.delete(
      `jupyterlab-kfp/api/connections/local/runs/${run.run_id}`
    );
    expect(answer.ok()).toBe(true);
    await openNotebook(page, path);
    const widget = RunWidget.inCell(page, 0);
    await widget.expectState('Canceled');
    await expect(widget.link).toHaveText('Run not found');
    expect(await isDirty(page)).toBe(false);
  });
});

test('notebooks that may not be written keep what they hold', async ({
  page,
  tmpPath,
  wire
}) => {
  test.slow(); // four notebooks
  const path = `${tmpPath}/origin.ipynb`;
  await openNotebookOf(page, path, [threeSteps({ seconds: 300 })]);
  await page.notebook.runCell(0);
  const origin = RunWidget.inCell(page, 0);
  await origin.expectState('Running', 60_000);
  await page.notebook.save();
  const notebook = await savedNotebook(page, path);
  const { run_id } = savedRun(notebook, 0).payload.runs[0];

  await test.step('a connection that is not configured here', async () => {
    const path = `${tmpPath}/foreign.ipynb`;
    const widget = await openCopy(page, notebook, path, true, text =>
      text
        .replace(/"profile":"[^"]*"/g, '"profile":"prod"')
        .replace(/"fingerprint":"[^"]*"/g, '"fingerprint":"elsewhere"')
    );
    await widget.expectState(/^Running/);
    await expect(widget.link).toHaveText('Cluster "prod" not configured here');
    await expect(widget.root.getByRole('button', { name: 'Stop' })).toHaveCount(
      0
    );
    expect(await isDirty(page)).toBe(false);

    await page.evaluate(() => {
      void window.jupyterapp.commands.execute('kfp:open-doctor', {
        connection: 'local'
      });
    });
    const doctor = page.getByRole('dialog');
    await expect(doctor.getByRole('listitem')).toHaveCount(10);
    await expect(doctor).toContainText('The local service answers.');
    await doctor.getByRole('button', { name: 'Close' }).click();

    // the choice is remembered: the next opening asks nothing
    await widget.link.click();
    const choice = page.getByRole('dialog');
    await expect(choice.locator('option')).toHaveText(/^local · .*Connected$/);
    await choice.getByRole('button', { name: 'Connect' }).click();
    await expect(widget.link).toHaveText('Live');
    await widget.expectState('Running');
    await page.notebook.close(false);
    await openNotebook(page, path);
    await expect(widget.link).toHaveText('Live');
  });

  const before = subscriptions(wire, run_id);
  const paths = [`${tmpPath}/untrusted.ipynb`, `${tmpPath}/readonly.ipynb`];
  const untrusted = await openCopy(page, notebook, paths[0], false);
  await untrusted.expectState(/^Running/);
  await expect(untrusted.link).toHaveText('Snapshot');
  expect(subscriptions(wire, run_id)).toBe(before);
  await untrusted.root.getByRole('button', { name: 'Connect' }).click();
  await expect(untrusted.link).toHaveText('Live');
  await expect(
    untrusted.root.getByRole('button', { name: 'Stop' })
  ).toHaveCount(0);

  await page.route(/api\/contents\/.*readonly\.ipynb/, async route => {
    const answer = await route.fetch();
    const body = (await answer.json()) as object;
    await route.fulfill({
      response: answer,
      json:
        route.request().method() === 'GET' ? { ...body, writable: false } : body
    });
  });
  const readonly = await openCopy(page, notebook, paths[1], true);
  await readonly.expectState('Running');
  await expect(readonly.link).toHaveText('Live');

  await page.request.post(
    `jupyterlab-kfp/api/connections/local/runs/${run_id}/actions`,
    { data: { action: 'terminate', idempotency_key: 'the-only-one' } }
  );
  await readonly.expectState('Canceled');
  // the notebook that may be written is the measure of when a write would have come
  await openNotebook(page, path);
  expect((await savedEnd(page, path, 0)).payload.runs[0].snapshot.state).toBe(
    'CANCELED'
  );
  for (const each of paths) {
    await openNotebook(page, each);
    await readonly.expectState('Canceled');
    expect(await isDirty(page)).toBe(false);
    expect(await outputsInPage(page)).not.toContain('CANCELED');
    const file = JSON.stringify(await savedNotebook(page, each));
    expect(file).toContain(RUN_MIME_TYPE);
    expect(file).not.toContain('CANCELED');
  }
});
