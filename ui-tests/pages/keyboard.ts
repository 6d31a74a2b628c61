/** The way through a run without a pointer. */
import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Reach everything of a run whose task `train` failed, from where the next Tab enters it. The focus ends in its table of tasks, with
 * the list of keys open.
 */
export async function walkFailedRun(page: Page, run: Locator): Promise<void> {
  const focused = page.locator(':focus');
  await page.keyboard.press('Tab');
  await expect(focused).toHaveAccessibleName('Fold the run');
  await page.keyboard.press('Tab');
  await expect(focused).toHaveText('Retry');
  await page.keyboard.press('Tab');
  await expect(focused).toHaveAccessibleName('More actions');
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('menuitem', { name: 'Copy Report' })
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(focused).toHaveAccessibleName('More actions');

  await page.keyboard.press('t');
  await expect(run.getByRole('treegrid')).toBeVisible();
  await expect(focused).toHaveText('Tasks');
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveText('Timeline');
  await page.keyboard.press('x');
  await expect(
    run.getByRole('region', { name: 'Details of train' })
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(focused).toHaveRole('row'); // where Escape goes from the details
  await expect(focused).toContainText('train');
  await page.keyboard.press('/');
  await expect(focused).toHaveAccessibleName('Filter tasks');
  await page.keyboard.type('state:failed');
  await expect(run.getByRole('row')).toHaveCount(2);
  await page.keyboard.press('Escape'); // out of the field, into the table
  await expect(focused).toHaveRole('row');
  await page.keyboard.press('?');
  await expect(run.getByRole('region', { name: 'Keys' })).toBeVisible();
}
