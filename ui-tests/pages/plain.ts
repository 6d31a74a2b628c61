/** Driving Jupyter without galata's helpers: on servers with a sign-in, and in Notebook 7. */
import { expect, type Locator, type Page } from '@playwright/test';

import { notebookOf, type ISavedNotebook } from './notebooks';

/** Put a notebook whose code cells hold these sources onto the server. */
export async function putNotebook(
  page: Page,
  base: string,
  name: string,
  sources: readonly string[],
  token?: string
): Promise<void> {
  await putContent(page, base, name, notebookOf(sources), token);
}

/** Put a notebook onto the server with the page's own session and token. */
export async function putContent(
  page: Page,
  base: string,
  name: string,
  content: object,
  token?: string
): Promise<void> {
  const cookies = await page.context().cookies();
  const xsrf = cookies.find(cookie => cookie.name === '_xsrf')?.value;
  const answer = await page.request.put(`${base}api/contents/${name}`, {
    data: { type: 'notebook', format: 'json', content },
    headers: {
      ...(xsrf ? { 'X-XSRFToken': xsrf } : {}),
      ...(token ? { Authorization: `token ${token}` } : {})
    }
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Read a notebook back as the server has it. */
export async function readNotebook(
  page: Page,
  base: string,
  name: string
): Promise<ISavedNotebook> {
  const answer = await page.request.get(
    `${base}api/contents/${name}?content=1`
  );
  return ((await answer.json()) as { readonly content: ISavedNotebook })
    .content;
}

/** Save the notebook of the page by its keys, and wait for the server. */
export async function saveNotebook(page: Page): Promise<void> {
  const saved = page.waitForResponse(
    answer =>
      answer.request().method() === 'PUT' &&
      answer.url().includes('/api/contents/')
  );
  await page.keyboard.press('Control+s');
  await saved;
}

/** Restart the kernel of the notebook by the menu. */
export async function restartKernel(page: Page): Promise<void> {
  await page.getByRole('menuitem', { name: 'Kernel', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Restart Kernel…' }).click();
  await page.getByRole('button', { name: 'Confirm Kernel Restart' }).click();
}

/** The n-th code cell (0-based) of the page's notebook. */
export function codeCell(page: Page, index: number): Locator {
  return page.locator('.jp-Notebook .jp-CodeCell').nth(index);
}

/**
 * Run a cell the way a person does: click into it, Shift+Enter. Jupyter runs nothing while the kernel is still coming up, so it is
 * pressed again until the prompt says that the cell was taken.
 */
export async function runCell(page: Page, index: number): Promise<void> {
  const cell = codeCell(page, index);
  await expect(async () => {
    await cell.locator('.cm-content').click();
    await page.keyboard.press('Shift+Enter');
    await expect(cell.locator('.jp-InputPrompt')).not.toHaveText('[ ]:', {
      timeout: 3000
    });
  }).toPass({ timeout: 45_000 });
}
