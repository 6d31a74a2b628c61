import { expect, test } from '@playwright/test';

import { StoryPage } from '../../pages/story-page';

/** Stories on one page. */
const BATCH = 30;
/** Stories of many tasks, which say nothing that those of a few do not. */
const LARGE = /sixty|hundred|thousand|many|blocks|^rounds|^wide/;

// a trace copies the whole page at every step; the message says it all
test.use({ trace: 'off' });

test('every word that is not of the run comes from the translator', async ({
  page
}) => {
  test.slow(); // nearly all stories
  const stories = new StoryPage(page);
  const names = (await stories.names()).filter(name => !LARGE.test(name));
  const told = new Set((await stories.told()).flatMap(wordsIn));
  const strange = new Map<string, string>();
  const look = async (): Promise<void> => {
    for (const text of await shownTexts(stories)) {
      for (const word of wordsIn(withoutMarked(text))) {
        if (!told.has(word)) {
          strange.set(word, text);
        }
      }
    }
  };
  for (let from = 0; from < names.length; from += BATCH) {
    await stories.open(names.slice(from, from + BATCH), { marked: 1 });
    await look();
  }
  // what is seen only after something was done
  await stories.open(['failed', 'running', 'tab-logs'], { marked: 1, run: 1 });
  const failed = stories.story('failed').locator('.jp-KfpRun');
  for (const menu of await failed.locator('[aria-haspopup="menu"]').all()) {
    await menu.click();
    await page.locator('.lm-Menu').first().waitFor();
    await look();
    await page.keyboard.press('Escape');
  }
  await failed.getByRole('tab').first().focus();
  await page.keyboard.press('?');
  await failed.locator('.jp-KfpTextButton').first().click();
  await failed.locator('.jp-KfpCard .jp-KfpButton').nth(1).click();
  const running = stories.story('running').locator('.jp-KfpRun');
  await running.getByRole('tab').first().focus();
  await page.keyboard.press('s');
  await stories.story('tab-logs').getByRole('searchbox').fill('rows');
  await look();
  await running.locator('.jp-mod-danger').click();
  await stories.patch('running', { run: { state: 'FAILED' } });
  await look();

  expect(Object.fromEntries(strange)).toEqual({});
  expect(stories.problems).toEqual([]);
});

/** All that is read or spoken on the page, but the titles of the stories. */
function shownTexts(stories: StoryPage): Promise<readonly string[]> {
  return stories.page.locator('.story-frame, .lm-Menu').evaluateAll(places =>
    places.flatMap(place => {
      const texts: string[] = [];
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement } = walker.currentNode;
        // the names of keys are what stands on them
        if (!parentElement?.closest('kbd, style')) {
          texts.push(walker.currentNode.textContent ?? '');
        }
      }
      for (const name of ['title', 'aria-label', 'placeholder', 'alt']) {
        for (const each of Array.from(place.querySelectorAll(`[${name}]`))) {
          texts.push(each.getAttribute(name) ?? '');
        }
      }
      return texts;
    })
  );
}

/** What stands outside of the marks of the translator. */
function withoutMarked(text: string): string {
  for (let rest = text; ;) {
    const next = rest.replace(/⟦[^⟦⟧]*⟧/g, ' ');
    if (next === rest) {
      return next;
    }
    rest = next;
  }
}

/** The words of a text; dates, durations, sizes and values are signs. */
function wordsIn(text: string): readonly string[] {
  return (
    text
      .replace(/\b\d+(\.\d+)? ?([smhd]|[KMG]?i?B)\b/g, ' ')
      .replace(/\b[A-Z][a-z]{2} \d+, \d{4}(, \d+:\d+:\d+\s[AP]M\b)?/g, ' ')
      .replace(/^(true|false|null)$/, ' ')
      .match(/\p{L}{2,}/gu) ?? []
  );
}
