/** Pages as after `jupyter labextension disable jupyterlab-kfp`. */
import { expect, type ConsoleMessage, type Page } from '@playwright/test';

import { savedRun, type ISavedNotebook } from './notebooks';
import { codeCell, runCell, saveNotebook } from './plain';

/** Load pages without the extension, and see that nobody misses it. */
export async function withoutExtension(
  page: Page,
  act: () => Promise<void>
): Promise<void> {
  const problems: string[] = [];
  const note = (text: string): void => {
    if (/kfp/i.test(text)) {
      problems.push(text);
    }
  };
  const onError = (error: Error): void => note(error.stack ?? error.message);
  const onConsole = (message: ConsoleMessage): void => {
    if (message.type() === 'error') {
      note(message.text());
    }
  };
  page.on('pageerror', onError);
  page.on('console', onConsole);
  // a page that was changed on its way is one from nowhere, which needs leave to open sockets to this machine
  await page.context().grantPermissions(['local-network-access']);
  const pages = /\/(?:lab|notebooks)\b/;
  await page.route(pages, async route => {
    if (route.request().resourceType() !== 'document') {
      await route.fallback();
      return;
    }
    const answer = await route.fetch();
    const html = await answer.text();
    const body = html.replace(
      /("disabledExtensions":\s*\[)(\s*\])?/,
      (_, head: string, end: string | undefined) =>
        `${head}"jupyterlab-kfp"${end ?? ','}`
    );
    expect(body).not.toBe(html);
    await route.fulfill({ response: answer, body });
  });
  await act();
  expect(problems).toEqual([]);
  await page.unroute(pages);
  page.off('pageerror', onError);
  page.off('console', onConsole);
}

/** In place of the run that goes on in the first cell its saved words stand there; they outlive the execution of the second cell and a save. */
export async function readSavedWords(
  page: Page,
  readFile: () => Promise<ISavedNotebook>
): Promise<void> {
  const before = savedRun(await readFile(), 0);
  const output = codeCell(page, 0).locator('.jp-OutputArea-output');
  await expect(output.locator('strong').first()).toHaveText(
    /^Pipeline run .+: Running$/,
    { timeout: 60_000 }
  );
  await expect(output).toContainText(' when seen at 20');
  await expect(
    output.locator('li').filter({ hasText: /^evaluate/ })
  ).toBeVisible();
  await expect(page.locator('.jp-KfpRun')).toHaveCount(0);
  await runCell(page, 1);
  await expect(codeCell(page, 1).locator('.jp-InputPrompt')).toHaveText(
    /\[\d+\]/
  );
  await saveNotebook(page);
  const after = await readFile();
  expect(after.cells[1].execution_count).toEqual(expect.any(Number));
  expect(savedRun(after, 0)).toEqual(before);
}
