import { expect, galata, test } from '@jupyterlab/galata';

import {
  openNotebookOf,
  savedNotebook,
  threeSteps
} from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

test.use({ tmpPath: 'main-job' });

test.describe('the main job', () => {
  test('a cell starts a pipeline and shows it until it succeeded', async ({
    page,
    tmpPath
  }) => {
    const path = `${tmpPath}/main-job.ipynb`;
    await openNotebookOf(page, path, [
      '%kfp connect',
      threeSteps({ seconds: 2 }),
      'r.wait()\nprint("value", r.results["evaluate"]["Output"])',
      'import kfp\nprint([run.display_name for run in kfp.Client().list_runs().runs][:1] == [r.name])'
    ]);

    await page.notebook.runCell(0);
    await expect(page.locator('.jp-OutputArea-output').first()).toContainText(
      'Connected: local'
    );

    await page.notebook.runCell(1);
    const widget = RunWidget.inCell(page, 1);
    await widget.expectState(/Running|Pending/);
    await widget.expectState('Succeeded');
    await expect(widget.progress).toContainText('3 of 3 tasks succeeded');

    await page.notebook.runCell(2);
    await page.notebook.runCell(3);
    expect((await page.notebook.getCellTextOutput(2))?.join('')).toContain(
      'value 0.5'
    );
    expect((await page.notebook.getCellTextOutput(3))?.join('')).toContain(
      'True'
    );

    await page.notebook.save();
    const output =
      (await savedNotebook(page, path)).cells[1].outputs?.[0]?.data ?? {};
    expect(Object.keys(output).sort()).toEqual([
      'application/vnd.jupyterlab-kfp.run+json',
      'text/html',
      'text/plain'
    ]);
    expect(String(output['text/plain'])).toContain('Succeeded');
    expect(String(output['text/html'])).toContain('<strong>Pipeline run');
  });

  test('the results, the log and the graph are behind tabs', async ({
    page,
    tmpPath
  }) => {
    await openNotebookOf(page, `${tmpPath}/tabs.ipynb`, [
      threeSteps({ seconds: 3 })
    ]);
    await page.notebook.runCell(0);
    const widget = RunWidget.inCell(page, 0);
    await widget.expectState('Running');

    await widget.openTab('Logs');
    await widget.root
      .getByLabel('Task', { exact: true })
      .selectOption({ label: 'train' });
    await expect(widget.root.getByRole('log')).toContainText('second 0');

    await widget.expectState('Succeeded');
    await widget.openTab('Results');
    await expect(widget.root).toContainText('accuracy');
    await expect(widget.root).toContainText('0.94');

    await widget.openTab('Graph');
    await expect(
      widget.root.locator('svg').filter({ hasText: 'prepare' }).first()
    ).toBeVisible();

    await widget.openTab('Tasks');
    await expect(widget.task('evaluate')).toContainText('Succeeded');
  });

  test('a failing step shows its exception', async ({ page, tmpPath }) => {
    await openNotebookOf(page, `${tmpPath}/fails.ipynb`, [
      threeSteps({ seconds: 1, fails: true })
    ]);
    await page.notebook.runCell(0);
    const widget = RunWidget.inCell(page, 0);
    await widget.expectState('Failed');
    await expect(widget.root).toContainText("KeyError: 'label'");
    await expect(widget.root).toContainText('Not reached');
    await expect(widget.root).toContainText('second 0');
  });

  test('Stop ends the run and its processes', async ({ page, tmpPath }) => {
    await openNotebookOf(page, `${tmpPath}/stop.ipynb`, [
      threeSteps({ seconds: 120 })
    ]);
    await page.notebook.runCell(0);
    const widget = RunWidget.inCell(page, 0);
    await expect(widget.root).toContainText('train');
    await widget.expectState('Running');
    await widget.stop();
    await widget.expectState('Canceled');
  });
});

test.describe('what survives', () => {
  test('a reload while the run goes on', async ({ page, tmpPath }) => {
    const path = `${tmpPath}/reload.ipynb`;
    await openNotebookOf(page, path, [threeSteps({ seconds: 12 })]);
    await page.notebook.runCell(0);
    const widget = RunWidget.inCell(page, 0);
    await widget.expectState('Running');
    await page.notebook.save();

    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.notebook.openByPath(path);
    await widget.expectState('Running');
    await widget.expectState('Succeeded');
  });

  test('a kernel restart while the run goes on', async ({ page, tmpPath }) => {
    await openNotebookOf(page, `${tmpPath}/restart.ipynb`, [
      threeSteps({ seconds: 8 })
    ]);
    await page.notebook.runCell(0);
    const widget = RunWidget.inCell(page, 0);
    await widget.expectState('Running');
    await page.evaluate(async () => {
      await window.jupyterapp.commands
        .execute('kernelmenu:restart')
        .catch(() => undefined);
    });
    await page
      .getByRole('button', { name: 'Confirm Kernel Restart' })
      .click({ timeout: 5000 });
    await widget.expectState('Succeeded');
  });

  test('closing the notebook and opening it after the end, without marking it dirty', async ({
    page,
    tmpPath
  }) => {
    const path = `${tmpPath}/reopen.ipynb`;
    await openNotebookOf(page, path, [threeSteps({ seconds: 1 })]);
    await page.notebook.runCell(0);
    await RunWidget.inCell(page, 0).expectState('Succeeded');
    await page.notebook.save();
    await page.notebook.close(false);

    await page.notebook.openByPath(path);
    await RunWidget.inCell(page, 0).expectState('Succeeded');
    await page.waitForTimeout(3000);
    await expect(page.locator('.jp-mod-dirty')).toHaveCount(0);
  });
});

test.describe('the sidebar', () => {
  test('lists the run, and opens its document, which a reload brings back', async ({
    page,
    tmpPath
  }) => {
    await openNotebookOf(page, `${tmpPath}/sidebar.ipynb`, [
      threeSteps({ seconds: 1 })
    ]);
    await page.notebook.runCell(0);
    const widget = RunWidget.inCell(page, 0);
    await widget.expectState('Succeeded');
    const name = await widget.root.locator('.jp-KfpRun-name').innerText();

    await page.sidebar.openTab('jp-kfp-pipelines');
    const panel = page.getByRole('region', { name: 'Pipelines', exact: true });
    await expect(panel).toContainText('local');
    await expect(panel).toContainText('Data passing in python components');
    await panel.getByText(name).first().click();
    const opened = RunWidget.inDocument(page);
    await opened.expectState('Succeeded');

    await page.waitForTimeout(1500);
    await page.reload({ waitUntil: 'domcontentloaded' });
    await RunWidget.inDocument(page).expectState('Succeeded');
  });
});

test.describe('the dark theme', () => {
  test.use({
    mockSettings: {
      ...galata.DEFAULT_SETTINGS,
      '@jupyterlab/apputils-extension:themes': { theme: 'JupyterLab Dark' }
    }
  });

  test('shows the widget with the colours of the theme', async ({
    page,
    tmpPath
  }) => {
    await openNotebookOf(page, `${tmpPath}/dark.ipynb`, [
      threeSteps({ seconds: 1 })
    ]);
    await page.notebook.runCell(0);
    const widget = RunWidget.inCell(page, 0);
    await widget.expectState('Succeeded');
    const colour = await widget.root.evaluate(
      node => getComputedStyle(node).color
    );
    const [red] = (colour.match(/\d+/) ?? ['0']).map(Number);
    expect(red).toBeGreaterThan(128);
  });
});
