/** The chip that says how fresh the picture is: what it says, and where a click on it leads. */
import { expect, test } from '@playwright/test';

import { StoryPage } from '../../pages/story-page';

const CHIPS = [
  ['link-polling', /^Updating every 5 s$/, '', 'asks every 5 seconds'],
  ['link-stale', /^Stale since \d/, 'refresh', '"prod" does not answer'],
  ['link-offline', /^Offline$/, 'refresh', 'cannot be reached'],
  ['link-sign-in', /^Sign-in needed$/, 'kfp:sign-in {"connection":"prod"}', ''],
  [
    'link-no-access',
    /^No access$/,
    'kfp:open-doctor {"connection":"prod"}',
    ''
  ],
  ['link-not-found', /^Run not found$/, '', 'does not know this run'],
  [
    'link-unknown-connection',
    /^Cluster "prod" not configured here$/,
    'chooseConnection',
    ''
  ],
  ['snapshot', /^Snapshot$/, 'connect', '']
] as const;

test('every chip says why, or leads on, as a mouse and a keyboard want it', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['link-live', ...CHIPS.map(([name]) => name)]);
  const live = stories.story('link-live').locator('.jp-KfpLink');
  await expect(live).toHaveText('Live');
  expect(await live.evaluate(chip => chip.tagName)).toBe('SPAN');

  for (const [name, text, call, why] of CHIPS) {
    const story = stories.story(name);
    const chip = story.locator('button.jp-KfpLink');
    const notice = story.locator('.jp-KfpRun-notice');
    await expect(chip).toHaveText(text);
    const before = [await stories.calls(), await stories.asked(name)] as const;
    await chip.focus();
    await page.keyboard.press('Enter');
    await expect(notice).toHaveCount(why ? 1 : 0);
    if (why) {
      await expect(notice).toContainText(why);
    }
    const calls = (await stories.calls()).slice(before[0].length);
    const asked = (await stories.asked(name)) - before[1];
    expect([name, calls, asked]).toEqual([
      name,
      call && call !== 'refresh' ? [call] : [],
      call === 'refresh' ? 1 : 0
    ]);
    // the button beside it is the same way
    const button = story.locator('.jp-KfpRun-fresh > .jp-KfpButton');
    if (call) {
      await button.click();
      expect((await stories.calls()).length + (await stories.asked(name))).toBe(
        before[0].length + before[1] + 2
      );
    }
  }
  expect(stories.problems).toEqual([]);
});

test('what a chip explained goes away with its reason', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['link-stale'], { run: 1 });
  const story = stories.story('link-stale');
  await story.locator('button.jp-KfpLink').click();
  await expect(story.locator('.jp-KfpRun-notice')).toHaveCount(1);
  await stories.setLink('link-stale', 'live');
  await expect(story.locator('.jp-KfpLink')).toHaveText('Live');
  await expect(story.locator('.jp-KfpRun-notice')).toHaveCount(0);
});

test('a run that cannot be seen stands still', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['link-live', 'link-stale', 'snapshot'], { run: 1 });
  const of = (name: string) => ({
    time: stories.story(name).locator('.jp-KfpRun-time'),
    sign: stories.story(name).locator('.jp-KfpRun-header .jp-KfpState-solid')
  });
  const turning = (name: string) =>
    of(name).sign.evaluate(sign => getComputedStyle(sign).animationName);
  const live = await of('link-live').time.textContent();
  const stale = await of('link-stale').time.textContent();
  await expect(of('link-live').time).not.toHaveText(live ?? '');
  await expect(of('link-stale').time).toHaveText(stale ?? '');
  expect(await turning('link-live')).not.toBe('none');
  for (const name of ['link-stale', 'snapshot']) {
    expect(await turning(name)).toBe('none');
  }
  await expect(
    stories.story('snapshot').getByRole('region', {
      name: 'Pipeline run train-0412, Running when saved, 2 h ago, 3 of 5 tasks done'
    })
  ).toBeVisible();
});
