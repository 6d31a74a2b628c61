/** A pipeline that was not sent. */
import { expect, test } from '@playwright/test';

import { StoryPage } from '../../pages/story-page';

test('a draft says what it is made of, what is wrong with it, and what can be done', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['draft']);
  const draft = page.getByRole('region', { name: 'Pipeline train, not sent' });
  await expect(draft).toContainText('5 tasks · 2 parameters · 2 images');
  await expect(draft.getByRole('listitem')).toContainText(
    'KFP302"pandas" has no version line 4'
  );
  await expect(draft.getByRole('img', { name: 'Warning' })).toHaveText('!');
  await expect(draft).toContainText('Cell unchanged · IR 3f9c1f1e');

  await draft.getByRole('button', { name: 'Run…' }).click();
  expect((await stories.calls()).at(-1)).toMatch(/^runDraft "sha256:/);
  await draft.getByRole('button', { name: 'Plan' }).click();
  await expect(draft).toContainText('The recorded pipeline has no plan.');
  await draft.getByRole('button', { name: 'More actions' }).click();
  const saved = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download Pipeline' }).click();
  expect((await saved).suggestedFilename()).toBe('train.yaml');
  expect(stories.problems).toEqual([]);
});
