/** Several runs of one cell. */
import { expect, test } from '@playwright/test';

import { StoryPage } from '../../pages/story-page';

test('of sixty runs only those in sight are drawn, also around one that is open', async ({
  page
}) => {
  const stories = new StoryPage(page);
  await stories.open(['sweep-many'], { run: 1 });
  const sweep = page.getByRole('region', {
    name: 'Pipeline runs of this cell'
  });
  const place = sweep.getByRole('group', { name: 'Runs' });
  const rows = place.locator('tr[aria-rowindex]');
  await expect(rows.first()).toContainText('train-1');
  expect(await rows.count()).toBeLessThan(40);

  await place.getByRole('button', { name: 'train-3', exact: true }).click();
  await expect(
    place.getByRole('region', { name: /^Pipeline run train-3, Failed/ })
  ).toContainText("KeyError: 'label'");
  // nothing is left blank wherever it is scrolled to
  for (const share of [0.2, 0.4, 0.6, 0.8, 1]) {
    await place.evaluate((node, part) => {
      node.scrollTop = part * (node.scrollHeight - node.clientHeight);
    }, share);
    await expect
      .poll(() =>
        place.evaluate(node => {
          const { left, top, height } = node.getBoundingClientRect();
          return [0.3, 0.6, 0.95].every(part =>
            document
              .elementFromPoint(left + 40, top + part * height)
              ?.closest('tr[aria-rowindex], .jp-KfpSweep-open')
          );
        })
      )
      .toBe(true);
  }
  await expect(rows.last()).toContainText('train-60');
  await expect(rows.last()).toBeInViewport();

  // train-17 has the best accuracy of all
  await sweep.getByRole('button', { name: 'Compare the best 10' }).click();
  const call = (await stories.calls()).at(-1) ?? '';
  expect(call.match(/run_id/g)).toHaveLength(10);
  expect(call).toMatch(/^kfp:compare-runs .*?"run_id":"[^"]*0016"/);
  expect(stories.problems).toEqual([]);
});
