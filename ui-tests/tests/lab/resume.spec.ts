import { expect, test } from '@jupyterlab/galata';

import {
  isDirty,
  openNotebookOf,
  outputsInPage,
  savedNotebook,
  threeSteps
} from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

test('a run that is never on screen ends in the file', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/below.ipynb`;
  await openNotebookOf(page, path, [
    threeSteps({ seconds: 2 }),
    ...Array.from({ length: 6 }, () => 'for i in range(60): print(i)')
  ]);
  await page.getByText('Python 3 (ipykernel) | Idle').waitFor();
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('notebook:run-all-cells')
  );
  await expect
    .poll(() => outputsInPage(page), { timeout: 60_000 })
    .toContain('"final":true');
  const box = await RunWidget.inCell(page, 0).root.boundingBox();
  expect(box === null || box.y + box.height < 0).toBe(true);
  await page.notebook.save();
  const notebook = await savedNotebook(page, path);
  expect(notebook.cells[0].outputs?.[0].data?.['text/plain']).toContain(
    'Succeeded'
  );
});

test('saving while a run goes on writes what is known, once', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/saved.ipynb`;
  await openNotebookOf(page, path, [threeSteps({ seconds: 20 })]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.show();
  await widget.expectState('Running', 60_000);
  await expect(widget.progress).toContainText('1 of 3', { timeout: 60_000 });
  await page.notebook.save();
  const { data } =
    (await savedNotebook(page, path)).cells[0].outputs?.[0] ?? {};
  expect(String(data?.['text/plain'])).toContain('Running when seen at');
  expect(String(data?.['text/plain'])).toContain('1 of 3 tasks done');
  await page.waitForTimeout(3000);
  expect(await isDirty(page)).toBe(false);
  await widget.stop();
  await widget.expectState('Canceled', 60_000);
});
