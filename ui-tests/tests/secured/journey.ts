import { expect, type Page } from '@playwright/test';

/** Open the first example, run it, and see its run succeed: the proof that sign-in, XSRF and base URL hold. */
export async function runFirstExample(
  page: Page,
  address: string
): Promise<void> {
  await page.goto(address);
  await page
    .locator('.jp-Notebook .jp-CodeCell')
    .first()
    .waitFor({ timeout: 60_000 });
  await expect(
    page.locator(
      '.jp-NotebookPanel-toolbar .jp-Notebook-ExecutionIndicator[data-status="idle"]'
    )
  ).toBeVisible({ timeout: 60_000 });
  await page.evaluate(async () => {
    const { jupyterapp } = window as unknown as {
      jupyterapp: { commands: { execute(id: string): Promise<unknown> } };
    };
    await jupyterapp.commands.execute('notebook:run-all-cells');
  });
  const widget = page.locator('.jp-KfpRun').first();
  await expect(widget.locator('.jp-KfpRun-state')).toHaveText('Succeeded', {
    timeout: 60_000
  });
}

/** Fail when the page logged a refused request. */
export function refusals(page: Page): string[] {
  const found: string[] = [];
  page.on('response', response => {
    if (response.url().includes('jupyterlab-kfp') && response.status() >= 400) {
      found.push(`${response.status()} ${response.url()}`);
    }
  });
  return found;
}
