/** Speed of the view in Chromium, each beside the goal; `make bench` prints what is written here. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, test, type Page } from '@playwright/test';

import { working, type IRow, type IWork } from '../../pages/work';

const rows: IRow[] = [];

/** Say how long something took beside its goal; above 1 is slower than the goal. */
function note(what: string, ms: number, goal: number, beside = ''): void {
  rows.push({
    what,
    ours: `${ms.toFixed(0)} ms`,
    alternative: beside || `goal ${goal} ms`,
    ratio: ms / goal,
    goal: `<= ${goal} ms`
  });
}

test.afterAll(async () => {
  const report = process.env.JUPYTERLAB_KFP_VIEW_REPORT;
  if (report) {
    await mkdir(path.dirname(report), { recursive: true });
    // a test that fails gets the next one a worker of its own
    const known = await readFile(report, 'utf8').catch(() => '[]');
    await writeFile(
      report,
      JSON.stringify([...(JSON.parse(known) as IRow[]), ...rows])
    );
  }
});

/** Milliseconds from the call that draws the story to the frame that shows what the selector finds. */
async function drawn(
  page: Page,
  story: string,
  selector: string
): Promise<number> {
  await page.addInitScript(what => {
    const observer = new MutationObserver(() => {
      if (document.querySelector(what)) {
        observer.disconnect();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          // a message after a frame is handled when the frame has been painted
          channel.port1.onmessage = () => performance.mark('kfp-painted');
          channel.port2.postMessage(0);
        });
      }
    });
    observer.observe(document, { childList: true, subtree: true });
  }, selector);
  await page.goto(`/light.html?story=${story}&width=960`);
  await page.waitForFunction(
    () => performance.getEntriesByName('kfp-painted').length > 0
  );
  return page.evaluate(
    () => performance.measure('kfp', 'kfp-render', 'kfp-painted').duration
  );
}

/** The middle of five. */
async function middle(measure: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    found.push(await measure());
  }
  return found.sort((a, b) => a - b)[2];
}

function noteWork(what: string, work: IWork): void {
  note(what, work.longest, 50, `${work.over} of ${work.pieces} tasks over`);
}

test('first paint from a snapshot', async ({ page }) => {
  note(
    'snapshot to first paint, code loaded',
    await middle(() => drawn(page, 'snapshot', '.jp-KfpRun-header')),
    100
  );
});

test('1,000 tasks: open to first graph', async ({ page }) => {
  note(
    '1,000 tasks, open to first graph',
    await middle(() => drawn(page, 'thousand', '.jp-KfpGraph-node')),
    500
  );
});

test('400 tasks: open to first graph, pan and zoom', async ({ page }) => {
  note(
    '400 tasks drawn whole, open to graph',
    await middle(() => drawn(page, 'four-hundred', '.jp-KfpGraph-node')),
    500
  );
  const box = await page.locator('.jp-KfpGraph').boundingBox();
  expect(box).not.toBeNull();
  const x = (box?.x ?? 0) + 300;
  const y = (box?.y ?? 0) + 150;
  await page.mouse.move(x, y);
  noteWork(
    'pan over 400 tasks, longest task',
    await working(page, async () => {
      await page.mouse.down();
      for (let i = 0; i < 60; i += 1) {
        await page.mouse.move(x - i * 8, y - i * 12);
      }
      await page.mouse.up();
    })
  );
  noteWork(
    'zoom of 400 tasks, longest task',
    await working(page, async () => {
      await page.keyboard.down('Control');
      for (let i = 0; i < 30; i += 1) {
        await page.mouse.wheel(0, i < 15 ? 60 : -60);
      }
      await page.keyboard.up('Control');
    })
  );
});

test('5,000 tasks, 100 changes a second', async ({ page }) => {
  await page.goto('/light.html?story=five-thousand&width=960&run=1');
  await expect(page.getByRole('row').nth(3)).toBeVisible();
  const single = await page.evaluate(async () => {
    const store = (window as unknown as IStores).kfpStories.stores[
      'five-thousand'
    ];
    const taken: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const tasks = Object.fromEntries(
        Array.from({ length: 200 }, (_, i) => [
          `task-${3000 + i}`,
          { state: round % 2 ? 'RUNNING' : 'PENDING' }
        ])
      );
      const begin = performance.now();
      store.patch({ tasks });
      taken.push(performance.now() - begin);
      await new Promise(done => setTimeout(done, 200));
    }
    return taken.sort((a, b) => a - b)[2];
  });
  note('patch of 200 of 5,000 tasks', single, 16);
  noteWork(
    '5,000 tasks, 100 changes/s, longest task',
    await working(page, () =>
      page.evaluate(async () => {
        const store = (window as unknown as IStores).kfpStories.stores[
          'five-thousand'
        ];
        const begin = performance.now();
        let sent = 0;
        while (performance.now() - begin < 10_000) {
          // the gateway sends at most four patches a second, each with all changes since the last
          await new Promise(done => setTimeout(done, 250));
          const due = Math.floor((performance.now() - begin) / 10);
          const tasks: Record<string, object> = {};
          for (; sent < due; sent += 1) {
            tasks[`task-${2500 + (sent % 2500)}`] = {
              state: ['RUNNING', 'SUCCEEDED', 'FAILED'][sent % 3]
            };
          }
          store.patch({ tasks });
        }
      })
    )
  );
});

test('a loop of 1,000 rounds is opened', async ({ page }) => {
  await page.goto('/light.html?story=rounds&width=960&tab=summary&run=1');
  const run = page.locator('.jp-KfpRun');
  await expect(run.getByRole('tab', { name: 'Tasks' })).toBeVisible();
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'its graph',
      async () => {
        await run.getByRole('tab', { name: 'Graph' }).click();
        await expect(run.locator('.jp-KfpGraph-node')).toHaveCount(2);
      }
    ],
    [
      'its table',
      async () => {
        await run.getByRole('tab', { name: 'Tasks' }).click();
        await expect(run.getByRole('row')).toHaveCount(2);
      }
    ],
    [
      'its rows',
      async () => {
        await run.locator('.jp-KfpGrid-twist').first().click();
        await expect(run.getByRole('row').nth(5)).toBeVisible();
      }
    ],
    [
      'its rows by state',
      async () => {
        await run.getByRole('button', { name: 'State' }).click();
        await expect(run.getByRole('row').nth(2)).toContainText('Failed');
      }
    ],
    [
      'its details with the first page of rounds',
      async () => {
        await run.getByRole('row').nth(1).click();
        await expect(run.getByText('Page 1 of 20')).toBeVisible();
      }
    ],
    [
      'its timeline',
      async () => {
        await run.getByRole('tab', { name: 'Timeline' }).click();
        await expect(run.locator('.jp-KfpTimeline-row')).toHaveCount(1);
      }
    ]
  ];
  for (const [name, step] of steps) {
    noteWork(`loop of 1,000 rounds, ${name}`, await working(page, step));
  }
  await run.getByRole('tab', { name: 'Tasks' }).click();
  noteWork(
    'loop of 1,000 rounds, all of them change at once',
    await working(page, () =>
      page.evaluate(async () => {
        const store = (window as unknown as IStores).kfpStories.stores.rounds;
        const tasks = Object.fromEntries(
          Array.from({ length: 1000 }, (_, i) => [
            [`it${i}`, { state: 'SUCCEEDED' }],
            [`t${i}`, { state: 'SUCCEEDED' }]
          ]).flat()
        );
        store.patch({ tasks });
        await new Promise(done => setTimeout(done, 500));
      })
    )
  );
});

interface IStores {
  readonly kfpStories: {
    readonly stores: Readonly<Record<string, { patch(merge: object): void }>>;
  };
}
