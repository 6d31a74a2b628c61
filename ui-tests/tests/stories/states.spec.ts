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

  test(`axe has no serious finding, and nothing is too small to hit, ${theme}`, async ({
    page
  }) => {
    test.slow(); // axe needs seconds for each of them
    const stories = new StoryPage(page);
    await stories.open(PARTS, { theme, width: 960 });
    // what is there only after something was done
    const failed = stories.story('failed').locator('.jp-KfpRun');
    await failed.getByRole('tab').first().focus();
    await page.keyboard.press('?');
    await failed.getByRole('button', { name: 'Show difference' }).click();
    await failed
      .locator('.jp-KfpRun-header')
      .getByRole('button', { name: 'Retry' })
      .click();
    expect(await tooSmall(stories)).toEqual([]);
    expect(await seriousFindings(page, ['#stories'])).toEqual([]);
  });
}

/** What can be hit and is smaller than 24 pixels; the edges that are dragged are moved by keys as well. */
function tooSmall(stories: StoryPage): Promise<readonly string[]> {
  return stories.page
    .locator(
      '.story-frame :is(button, a[href], input, select, summary, [tabindex="0"], .jp-KfpGraph-fold):not([role="separator"])'
    )
    .evaluateAll(targets =>
      targets.flatMap(target => {
        // the words beside a box are a part of it
        const place = target.closest('label') ?? target;
        const { width, height } = place.getBoundingClientRect();
        return width > 0 && (width < 24 || height < 24)
          ? [`${place.outerHTML.slice(0, 120)}: ${width} × ${height}`]
          : [];
      })
    );
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
