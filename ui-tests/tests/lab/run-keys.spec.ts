import { expect, test } from '@jupyterlab/galata';

import { THOUSAND_TASKS, useByKeyboard } from '../../pages/big-run';
import {
  openNotebookOf,
  savedEnd,
  savedNotebook,
  threeSteps
} from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

/** Compiles another pipeline of the name that the examples have. */
const ANOTHER = `@dsl.component(base_image="python:3.11")
def say() -> int:
    return 1

@dsl.pipeline
def journey():
    say()

%kfp compile journey`;

test('keys inside a run leave its cell alone, and the cell is compared with its run', async ({
  page,
  tmpPath
}) => {
  test.slow(); // two runs, the first of which builds an environment
  const path = `${tmpPath}/keys.ipynb`;
  await openNotebookOf(page, path, [
    threeSteps({ seconds: 0 }),
    'untouched = 1'
  ]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Succeeded', 60_000);
  await savedEnd(page, path, 0);
  const cells = page.locator('.jp-Notebook .jp-CodeCell');
  const prompt = cells.first().locator('.jp-InputPrompt');
  const executed = await prompt.textContent();

  for (const focus of [
    () => widget.root.getByRole('tab', { name: 'Tasks' }).focus(),
    () => widget.root.getByRole('button', { name: 'More actions' }).focus()
  ]) {
    for (const key of ['d', 'd', 'x', 'z', 'b', 'a', 'Shift+Enter']) {
      await focus();
      await page.keyboard.press(key);
    }
    await page.keyboard.press('Escape'); // the menu that Enter may have opened
  }
  await expect(cells).toHaveCount(2);
  expect(await prompt.textContent()).toBe(executed);

  // keys of the page go through
  await page.notebook.setCell(1, 'code', 'untouched = 2');
  await widget.root.getByRole('tab', { name: 'Tasks' }).focus();
  await page.keyboard.press('Control+s');
  // a file that is being written may not be readable
  await expect(async () => {
    const { cells } = await savedNotebook(page, path);
    expect(cells[1].source).toEqual('untouched = 2');
  }).toPass({ timeout: 20_000 });

  // editing the cell is seen, and shown
  const footer = widget.root.locator('.jp-KfpRun-footer');
  await expect(footer).toContainText('Cell unchanged since this run');
  // typed text would be indented by the editor once more
  await page.evaluate(() => {
    const { shell } = (window as unknown as IAppWindow).jupyterapp;
    const { sharedModel } = shell.currentWidget.content.widgets[0].model;
    sharedModel.setSource(sharedModel.getSource().replace('0.5', '0.75'));
  });
  await expect(footer).toContainText('Edited since this run');
  await widget.root.getByRole('button', { name: 'Show difference' }).click();
  const drift = widget.root.locator('.jp-KfpDrift');
  await expect(drift).toContainText('-     return 0.5');
  await expect(drift).toContainText('+     return 0.75');

  // the second run of the cell is kept beside the first
  await widget.root.getByRole('button', { name: 'Run again' }).click();
  await expect(footer).toContainText('Runs of this cell (2)', {
    timeout: 60_000
  });
  await widget.expectState('Succeeded', 60_000);

  // and so is a later cell that compiles a pipeline of this name
  await expect(footer).not.toContainText('Compiled pipeline differs');
  await page.evaluate(source => {
    const { shell } = (window as unknown as IAppWindow).jupyterapp;
    const { sharedModel } = shell.currentWidget.content.widgets[1].model;
    sharedModel.setSource(source);
  }, ANOTHER);
  await page.notebook.runCell(1);
  await expect(footer).toContainText('Compiled pipeline differs');

  // the values of either are brought into the form of a new run
  await widget.root.getByRole('button', { name: 'Runs of this cell' }).click();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('menuitem', { name: 'Restore Parameters…' }).click();
  const form = page.getByRole('form', { name: 'New run of journey' });
  await expect(form.getByRole('textbox', { name: 'seconds' })).toHaveValue('0');
  await expect(form.getByText('from the last run').first()).toBeVisible();
});

test('a run of 1,000 tasks is used by keyboard alone', async ({
  page,
  tmpPath
}) => {
  test.slow();
  await openNotebookOf(page, `${tmpPath}/thousand.ipynb`, [THOUSAND_TASKS]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Failed', 120_000);
  await useByKeyboard(widget);
});

/** What the server of the tests lets the page show of the application. */
interface IAppWindow {
  readonly jupyterapp: {
    readonly shell: {
      readonly currentWidget: {
        readonly content: {
          readonly widgets: readonly {
            readonly model: {
              readonly sharedModel: {
                getSource(): string;
                setSource(source: string): void;
              };
            };
          }[];
        };
      };
    };
  };
}
