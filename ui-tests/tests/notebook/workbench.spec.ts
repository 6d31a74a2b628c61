/** The runs of a notebook around it, in Notebook 7: without a pointer, in each theme, and after a reload. */
import { expect, test, type Page } from '@playwright/test';

import { seriousFindings } from '../../pages/accessibility';
import { walkFailedRun } from '../../pages/keyboard';
import { threeSteps } from '../../pages/notebooks';
import { codeCell, putNotebook, runCell } from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { Sidebar } from '../../pages/sidebar';
import { servers } from '../../servers/servers';

/** Choose a command in the palette, as a person without a pointer does. */
async function command(page: Page, label: string): Promise<void> {
  await page.keyboard.press('Control+Shift+C');
  const palette = page.locator('#modal-command-palette');
  await palette.getByRole('textbox').fill(label);
  await expect(palette.locator('.lm-mod-active')).toContainText(label);
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
}

test('Notebook 7 shows runs below its notebook by the keyboard, readable in every theme, and brings them back', async ({
  page
}) => {
  test.slow(); // two runs, three themes, two pages
  const base = `${servers.notebook.url}/`;
  await putNotebook(page, base, 'workbench.ipynb', [
    threeSteps({ seconds: 0, name: 'left-one' }),
    threeSteps({ seconds: 0, name: 'right-one', fails: true })
  ]);
  await page.goto(`${base}notebooks/workbench.ipynb`);
  await expect(codeCell(page, 1)).toBeVisible({ timeout: 60_000 });
  await runCell(page, 0);
  await runCell(page, 1);
  const failed = RunWidget.inCell(page, 1);
  await failed.expectState('Failed', 60_000);
  await failed.root.getByRole('button', { name: 'Jump to line' }).click();
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          document
            .getSelection()
            ?.anchorNode?.parentElement?.closest('.cm-line')?.textContent
      )
    )
    .toContain('raise KeyError');
  const inFront = new RunWidget(
    page,
    page.locator('.jp-KfpRunDocument:visible .jp-KfpRun')
  );
  const focused = page.locator(':focus');

  await test.step('from the cell into its run, and back', async () => {
    await codeCell(page, 1).locator('.jp-InputPrompt').click();
    await page.keyboard.press('Tab'); // the tools of the cell
    await walkFailedRun(page, failed.root);
    await page.keyboard.press('Escape');
    await expect(focused).toHaveClass(/jp-CodeCell/);
    await expect(codeCell(page, 1)).toHaveClass(/jp-mod-active/);
    await failed.root.getByRole('tab', { name: 'Tasks' }).focus();
    await page.keyboard.press('o');
    await inFront.expectState('Failed');
    // Notebook 7 alone would leave no room but for the name
    expect((await inFront.root.boundingBox())?.height).toBeGreaterThan(250);
  });

  const sidebar = new Sidebar(page);
  await test.step('another run from the sidebar comes in front of it', async () => {
    await command(page, 'Show Pipelines');
    await sidebar.run('left-one').focus();
    await page.keyboard.press('Enter');
    await inFront.expectState('Succeeded');
    await command(page, 'Show Logs');
    await expect(inFront.root.getByRole('log')).toBeVisible();
    await inFront.root.getByRole('tab', { name: 'Logs' }).focus();
    await page.keyboard.press('Escape');
    await expect(focused).toHaveClass(/jp-CodeCell/);
  });

  await test.step('both side by side', async () => {
    for (const name of ['left-one', 'right-one']) {
      await sidebar.run(name).click({ modifiers: ['Control'] });
    }
    await sidebar.root.getByRole('button', { name: 'Compare' }).click();
  });
  const table = page.getByRole('region', { name: 'Comparison of runs' });
  await expect(table.getByText('Compiled pipeline differs')).toBeVisible();

  for (const theme of ['Dark High Contrast', 'Dark', 'Light']) {
    await test.step(`axe has no serious finding, ${theme}`, async () => {
      const name = `JupyterLab ${theme}`;
      await page.evaluate(
        theme =>
          window.jupyterapp.commands.execute('apputils:change-theme', {
            theme
          }),
        name
      );
      await expect(page.locator('body')).toHaveAttribute(
        'data-jp-theme-name',
        name
      );
      expect(
        await seriousFindings(page, [
          '.jp-KfpOutput',
          '.jp-KfpSidebar',
          '.jp-KfpRunDocument'
        ])
      ).toEqual([]);
    });
  }

  await page.reload();
  const below = page.locator('#jp-down-stack .lm-TabBar-tab');
  await expect(below).toHaveCount(3, { timeout: 60_000 });
  await below.filter({ hasText: 'Compare' }).click();
  await expect(table.getByText('Compiled pipeline differs')).toBeVisible();
  await below.filter({ hasText: 'right-one' }).click();
  await inFront.expectState('Failed');
  for (const left of [2, 1, 0]) {
    await command(page, 'Close Tab below the Notebook');
    await expect(below).toHaveCount(left);
  }
  await expect(focused).toHaveClass(/jp-CodeCell/);
});
