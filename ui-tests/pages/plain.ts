/** Driving Jupyter without galata's helpers: on servers with a sign-in, and in Notebook 7. */
import { expect, type Locator, type Page } from '@playwright/test';

import { notebookOf } from './notebooks';

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
  expect(answer.status(), await answer.text()).toBe(201);
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
