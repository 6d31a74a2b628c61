import { expect, test } from '@playwright/test';

import { seriousFindings } from '../../pages/accessibility';
import { StoryPage, THEMES } from '../../pages/story-page';

/** Stories on one page. */
const BATCH = 20;
/** Stories that together hold every part of the view; axe needs seconds for each. */
const PARTS = [
  'draft',
  'pending',
  'retrying',
  'succeeded',
  'failed',
  'canceled',
  'link-stale',
  'snapshot',
  'tab-graph',
  'tab-tasks',
  'tab-timeline',
  'tab-logs',
  'tab-results',
  'tab-inputs',
  'detail',
  'document-source',
  'document-volumes',
  'compare',
  'new-run',
  'document-attempts',
  'sweep'
] as const;

for (const theme of THEMES) {
  for (const width of [260, 960]) {
    test(`every story is drawn without an error, ${theme}, ${width} px`, async ({
      page
    }, info) => {
      test.setTimeout(180_000); // all of them, also where other things run beside
      const stories = new StoryPage(page);
      const names = await stories.names();
      for (let from = 0; from < names.length; from += BATCH) {
        await stories.open(names.slice(from, from + BATCH), { theme, width });
        await page.screenshot({
          fullPage: true,
          path: info.outputPath(`${theme}-${width}-${from / BATCH + 1}.png`)
        });
        expect.soft(await tooWide(stories)).toEqual([]);
      }
      expect(stories.problems).toEqual([]);
    });
  }

  test(`axe has no serious finding, ${theme}`, async ({ page }) => {
    const stories = new StoryPage(page);
    await stories.open(PARTS, { theme, width: 960 });
    expect(await seriousFindings(page, ['#stories'])).toEqual([]);
  });
}

/** The stories whose run is wider than the place it stands in. */
function tooWide(stories: StoryPage): Promise<readonly string[]> {
  return stories.page.locator('.story-frame').evaluateAll(frames =>
    frames.flatMap(frame => {
      const run = frame.firstElementChild;
      return run && run.getBoundingClientRect().width > frame.clientWidth + 1
        ? [frame.parentElement?.dataset.story ?? '']
        : [];
    })
  );
}
