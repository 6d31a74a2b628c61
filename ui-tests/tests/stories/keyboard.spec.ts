import { expect, test } from '@playwright/test';

import { walkFailedRun } from '../../pages/keyboard';
import { StoryPage } from '../../pages/story-page';

test('everything of a run is reached by the keyboard', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['failed'], { run: 1 });
  const run = stories.story('failed').locator('.jp-KfpRun');

  await walkFailedRun(page, run);
  await page.keyboard.press('o');
  expect(await stories.calls()).toContainEqual(
    expect.stringContaining('openInTab')
  );
  await page.keyboard.press('Escape');
  expect(await stories.calls()).toContainEqual(
    expect.stringContaining('leave')
  );
  expect(stories.problems).toEqual([]);
});

test('Retry in the failure card asks first on a cluster', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['failed'], { run: 1 });
  const card = stories.story('failed').locator('.jp-KfpCard');

  await card.getByRole('button', { name: 'Retry' }).click();
  await expect(card.getByText('Retry 1 task on prod?')).toBeVisible();
  await expect(
    card.getByRole('button', { name: 'Leave as it is' })
  ).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(card.getByRole('button', { name: 'Retry' })).toBeFocused();
  expect(stories.problems).toEqual([]);
});

test('the graph is walked along its edges', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['tab-graph'], { width: 1000 });
  await page.locator('.jp-KfpGraph').focus();
  const cursor = page.locator('.jp-mod-cursor');
  for (const task of ['load', 'clean', 'split', 'train']) {
    await page.keyboard.press('ArrowDown');
    await expect(cursor).toHaveAttribute('data-vertex', task);
  }
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('region', { name: 'Details of train' })
  ).toBeVisible();
  await page.keyboard.press('Escape');

  // where a drag ends nothing is chosen, a click there does
  const box = await page.locator('[data-vertex="clean"]').boundingBox();
  const [x, y] = [(box?.x ?? 0) + 40, (box?.y ?? 0) + 10];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 30, y + 20, { steps: 3 });
  await page.mouse.up();
  await expect(page.locator('.jp-KfpDetail')).toHaveCount(0);
  await page.mouse.click(x + 30, y + 20);
  await expect(
    page.getByRole('region', { name: 'Details of clean' })
  ).toBeVisible();
});

test('the neighbourhood in a graph of 1,000 tasks goes with the keyboard', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['thousand'], { width: 900 });
  const graph = page.locator('.jp-KfpGraph');
  const cursor = page.locator('.jp-mod-cursor');
  await graph.focus();
  await page.keyboard.press('Home');
  for (const task of [493, 501, 509, 517, 525, 533, 541]) {
    await page.keyboard.press('ArrowDown');
    await expect(cursor).toHaveAttribute('data-vertex', `task-${task}`);
    await expect(graph).toContainText(`neighbourhood of task-${task}.`);
    await expect(cursor).toBeInViewport();
  }
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('region', { name: 'Details of task-541' })
  ).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(graph).toBeFocused();
  await expect(cursor).toHaveAttribute('data-vertex', 'task-541');
});

test('the timeline is walked and scaled by keys', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['tab-timeline'], { width: 900 });
  const bars = page.locator('.jp-KfpTimeline');
  const focused = page.locator(':focus');
  await page.getByRole('tab', { name: 'Timeline' }).focus();
  await page.keyboard.press('ArrowDown'); // from the tab into the bars
  await expect(focused).toContainText('load');
  await page.keyboard.press('End');
  await expect(focused).toContainText('train');
  const width = (): Promise<number> => bars.evaluate(node => node.scrollWidth);
  const fitting = await width();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect.poll(width).toBeGreaterThan(3 * fitting);
  const left = (): Promise<number> => bars.evaluate(node => node.scrollLeft);
  const middle = await left();
  expect(middle).toBeGreaterThan(0); // what was in the middle stays there
  await page.keyboard.press('ArrowRight');
  await expect.poll(left).toBeGreaterThan(middle);
  await page.keyboard.press('0');
  await expect.poll(width).toBe(fitting);
  // cached is a mark of one width
  const cached = page.locator('.jp-KfpTimeline-bar.jp-mod-cached').first();
  expect((await cached.boundingBox())?.width).toBe(4);
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('region', { name: 'Details of train' })
  ).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(focused).toHaveClass(/jp-KfpTimeline-row/);
  await expect(focused).toContainText('train');
});

test('Stop asks first, in its own place, and takes the question back', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['running'], { run: 1 });
  const run = stories.story('running').locator('.jp-KfpRun');
  await run.getByRole('tab', { name: 'Graph' }).focus();
  await page.keyboard.press('s');
  await expect(run).toContainText('Stop train-0412 on prod?');
  await expect(page.locator(':focus')).toHaveText('Keep running');
  await expect(
    run.getByRole('button', { name: 'Stop', exact: true })
  ).toBeVisible({
    timeout: 15_000
  });
  await run.getByRole('button', { name: 'Stop', exact: true }).click();
  await run.getByRole('button', { name: 'Stop run' }).click();
  await expect(run).toContainText('Stopping…');
});

test('a question keeps the focus in the run, whatever becomes of it', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['running', 'failed'], { run: 1 });
  const run = stories.story('running').locator('.jp-KfpRun');
  const focused = page.locator(':focus');
  const stop = run.getByRole('button', { name: 'Stop', exact: true });

  await run.getByRole('tab', { name: 'Graph' }).focus();
  await page.keyboard.press('s');
  await expect(focused).toHaveText('Keep running');
  await page.keyboard.press('Enter');
  await expect(focused).toHaveText('Graph'); // where the question came from
  await stop.click();
  await page.keyboard.press('Escape');
  await expect(focused).toHaveText('Stop');
  await stop.click();
  await run.getByRole('button', { name: 'Stop run' }).click();
  await expect(focused).toHaveText('Stopping…');
  const become = (state: string): Promise<void> =>
    stories.patch('running', { run: { state } });
  await become('SUCCEEDED');
  await expect(focused).toHaveAccessibleName('More actions');

  // what was asked of a run that had ended is not asked of it when it runs again
  await page.keyboard.press('s');
  await become('RUNNING');
  await expect(stop).toBeVisible();
  await expect(run.getByText('Stop train-0412 on prod?')).toHaveCount(0);
});

test('a name cannot look like another one, in any tab', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['hostile', 'hostile-document'], { width: 1000, run: 1 });
  const run = stories.story('hostile').locator('.jp-KfpRun');
  const attempts = stories.story('hostile-document').locator('.jp-KfpRun');
  await expect(attempts.getByRole('table')).toContainText('⟨U+202E⟩gnp.exe');
  expect(await attempts.textContent()).not.toContain('\u202e');
  expect(await attempts.innerHTML()).not.toContain('title="\u202e');
  for (const tab of ['Graph', 'Tasks', 'Timeline', 'Results', 'Inputs']) {
    await run.getByRole('tab', { name: tab }).click();
    await expect(run.getByRole('tabpanel')).toBeVisible();
    // ids may hold it, what is read may not
    const read = await run.evaluate(root =>
      [
        root,
        ...Array.from(root.querySelectorAll('[title], [aria-label]'))
      ].flatMap(each => [
        each.textContent,
        each.getAttribute('title'),
        each.getAttribute('aria-label')
      ])
    );
    expect(read.filter(text => text?.includes('\u202e'))).toEqual([]);
  }
  await expect(run.locator('.jp-KfpStrip-name bdi').last()).toHaveText(
    '⟨U+202E⟩gnp.exe'
  );
  await run.getByRole('tab', { name: 'Tasks' }).click();
  await expect(
    run.getByRole('row').filter({ hasText: '⟨U+202E⟩gnp.exe' })
  ).toHaveCount(1);
});

test('the menu says why a button is missing', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['watched-only']);
  const run = stories.story('watched-only').locator('.jp-KfpRun');
  await expect(run.getByRole('button', { name: 'Stop' })).toHaveCount(0);
  await run.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Why Is Stop Missing?' }).click();
  await expect(run).toContainText('"prod" does not let you stop this run');
  await run.getByRole('button', { name: 'Close' }).click();
  await expect(run).not.toContainText('does not let you stop');
  await run.getByRole('tab', { name: 'Tasks' }).focus();
  await page.keyboard.press('Shift+S');
  await expect(run).not.toContainText('does not let you stop');
  await page.keyboard.press('s');
  await expect(run).toContainText('"prod" does not let you stop this run');
});

test('the body is dragged between 60 and 640 pixels', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['tab-graph']);
  const handle = page.getByRole('separator', { name: 'Height of the run' });
  const body = page.locator('.jp-KfpRun-body');
  await handle.focus();
  await page.keyboard.press('ArrowDown');
  await expect
    .poll(async () => (await body.boundingBox())?.height)
    .toBeGreaterThan(250);
  const box = await handle.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 50, (box?.y ?? 0) + 2);
  await page.mouse.down();
  await page.mouse.move((box?.x ?? 0) + 50, 2000, { steps: 4 });
  await page.mouse.up();
  await expect(handle).toHaveAttribute('aria-valuenow', '640');
});

test('the details are made wider beside the list', async ({ page }) => {
  const stories = new StoryPage(page);
  await stories.open(['detail'], { width: 1000 });
  const edge = page.getByRole('separator', { name: 'Width of the details' });
  const detail = page.locator('.jp-KfpDetail');
  const width = async (): Promise<number> =>
    (await detail.boundingBox())?.width ?? 0;
  const before = await width();
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(width).toBeGreaterThan(before + 20);
  const box = await edge.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 2, (box?.y ?? 0) + 50);
  await page.mouse.down();
  await page.mouse.move(900, (box?.y ?? 0) + 50, { steps: 3 });
  await page.mouse.up();
  await expect(edge).toHaveAttribute('aria-valuenow', '20');
});

test('a comparison lays curves over one another, reports side by side, and runs in the order of a row', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['compare'], { run: 1, height: 1200 });
  const view = page.getByRole('region', { name: 'Comparison of runs' });
  const chart = view.getByRole('img', {
    name: /ROC curves of train-6, train-7/
  });
  await expect(chart.locator('path.jp-KfpChart-curve')).toHaveCount(2);
  await expect(
    view.getByRole('table').filter({ hasText: 'predicted' })
  ).toHaveCount(2);
  await view.getByText('eval.report').click();
  await expect(view.getByRole('region', { name: 'train-6' })).toContainText(
    'Written by report-5'
  );
  await expect(view.getByRole('region', { name: 'train-7' })).toContainText(
    'Written by report-6'
  );

  const heads = view.locator('thead .jp-KfpTextButton');
  await expect(heads).toHaveText(['train-6', 'train-7']);
  const accuracy = view.getByRole('button', { name: 'accuracy' });
  await accuracy.click();
  await accuracy.click();
  await expect(heads).toHaveText(['train-7', 'train-6']);
  await accuracy.click();
  await expect(heads).toHaveText(['train-6', 'train-7']);
  await view.getByRole('button', { name: 'Insert as cell' }).click();
  expect(await stories.calls()).toContainEqual(
    expect.stringContaining('onInsert')
  );
  expect(stories.problems).toEqual([]);
});

test('a log is searched by pattern, and a pattern that never ends is given up', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['tab-logs'], { run: 1 });
  const log = page.getByRole('log');
  const found = page.locator('.jp-KfpLogs-found');
  const search = page.getByRole('searchbox', { name: 'Search the log' });
  await expect(log).toContainText("KeyError: 'label'"); // it opens at its end
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await search.fill('^step \\d+7 loss');
  await expect(found).toHaveText('19 lines');
  await search.press('Enter');
  await expect(log.locator('.jp-mod-found')).toContainText('step 17 loss');
  await search.fill('(');
  await expect(found).toHaveText('not a pattern');
  // each more letter doubles the time: more than a life for the lines of this log
  await search.fill('^((([a-z0-9 .]+)+)+)+$!');
  await expect(found).toHaveText('this pattern takes too long');
  await search.fill('rows');
  await expect(found).toHaveText('1 line');
  await search.press('Escape');
  await page.getByRole('button', { name: 'Follow' }).focus();
  await page.keyboard.press('f');
  await expect(page.getByRole('button', { name: 'Follow' })).toHaveAttribute(
    'aria-pressed',
    'true'
  );
  // lines are read aloud only to somebody who follows them and is there
  await expect(log).toHaveAttribute('aria-live', 'off');
  await log.focus();
  await expect(log).toHaveAttribute('aria-live', 'polite');
  expect(stories.problems).toEqual([]);
});

for (const [name, options, query] of [
  ['400 % zoom', { viewport: { width: 320, height: 256 } }, {}],
  ['from right to left', {}, { dir: 'rtl' }],
  ['forced colours', { forcedColors: 'active' as const }, {}],
  ['reduced motion', { reducedMotion: 'reduce' as const }, {}]
] as const) {
  test.describe(name, () => {
    test.use(options);

    test('nothing is cut off or lost', async ({ page }, info) => {
      const stories = new StoryPage(page);
      await stories.open(
        ['failed', 'running', 'succeeded', 'tab-tasks'],
        query
      );
      await page.screenshot({
        fullPage: true,
        path: info.outputPath(`${name.replace(/\W+/g, '-')}.png`)
      });
      const isWider = await page.evaluate(
        () => document.documentElement.scrollWidth > innerWidth
      );
      expect(isWider).toBe(false);
      const turning = await page
        .locator('.jp-mod-running .jp-KfpState-solid')
        .first()
        .evaluate(node => getComputedStyle(node).animationName);
      expect(turning === 'none').toBe(name === 'reduced motion');
    });
  });
}
