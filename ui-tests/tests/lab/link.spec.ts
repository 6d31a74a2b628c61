/** What comes between the page and the run: the widget says so, goes on, and ends true. */
import { expect, test as base } from '@jupyterlab/galata';

import {
  openNotebookOf,
  outputsInPage,
  savedEnd,
  threeSteps
} from '../../pages/notebooks';
import { findsBackAfterSignIn, settles } from '../../pages/run-ends';
import { RunWidget } from '../../pages/run-widget';
import { Wire } from '../../pages/wire';

const test = base.extend<{ readonly wire: Wire }>({
  // before the page is loaded
  wire: [
    async ({ context }, use) => use(await Wire.of(context)),
    { auto: true }
  ]
});

test('a gateway that is killed comes back, and the run ends true', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/killed.ipynb`;
  await openNotebookOf(page, path, [threeSteps({ seconds: 4 })]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running', 60_000);
  await expect(widget.progress).toContainText('1 of 3', { timeout: 60_000 });
  const status = await page.request.get('jupyterlab-kfp/api/status');
  const { pid } = (await status.json()) as { readonly pid: number };
  const told = await widget.root.evaluateHandle(root => {
    const words = new Set<string>();
    const look = (): void => {
      const text = root.querySelector('.jp-KfpLink-text')?.textContent;
      if (text) {
        words.add(text);
      }
    };
    new MutationObserver(look).observe(root, {
      subtree: true,
      childList: true,
      characterData: true
    });
    return words;
  });

  process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => told.evaluate(words => [...words]))
    .toContain('Offline');
  await expect(widget.link).toHaveText('Live', { timeout: 30_000 });
  const after = await page.request.get('jupyterlab-kfp/api/status');
  expect(((await after.json()) as { readonly pid: number }).pid).not.toBe(pid);
  await widget.expectState('Succeeded', 60_000);
  await expect(widget.progress).toContainText('3 of 3 tasks succeeded');
  const run = await savedEnd(page, path, 0);
  expect(run.text).toContain('3 of 3 tasks succeeded');
});

test('without a network, then without sockets, then with rubbish, the run stays in sight', async ({
  page,
  tmpPath,
  wire,
  context
}) => {
  test.setTimeout(180_000);
  const path = `${tmpPath}/network.ipynb`;
  await openNotebookOf(page, path, [
    threeSteps({ seconds: 300 }),
    'for i in range(200): print(i)'
  ]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running', 60_000);
  await expect(widget.link).toHaveText('Live');

  await test.step('offline and online again', async () => {
    await context.setOffline(true);
    await wire.cut();
    await expect(widget.link).toHaveText('Offline');
    await widget.expectState('Running');
    await context.setOffline(false);
    await expect(widget.link).toHaveText('Live');
  });

  await test.step('frames that are none of the gateway', async () => {
    for (const frame of [
      '<html>sign in</html>',
      '[]',
      '{"op":"snap","sub":1}',
      '{"op":"nothing"}'
    ]) {
      wire.say(frame);
    }
    for (let sub = 0; sub < 20; sub += 1) {
      wire.say(JSON.stringify({ op: 'patch', sub, seq: 9999, merge: {} }));
      wire.say(
        JSON.stringify({ op: 'snap', sub, epoch: 'x', seq: 1, view: {} })
      );
    }
    await expect(widget.progress).toContainText('1 of 3 tasks done');
    await expect(widget.link).toHaveText('Live');
  });

  await test.step('sockets are refused', async () => {
    wire.isRefused = true;
    await wire.cut();
    await expect(widget.link).toHaveText('Updating every 5 s');
    await widget.expectState('Running');
  });

  await test.step('answers that are none of the gateway', async () => {
    let answer: { readonly status: number; readonly body: string } | null =
      null;
    await page.route(/\/runs\/[^/]+\/view\?/, route =>
      answer ? route.fulfill(answer) : route.continue()
    );
    for (const [status, body, word] of [
      [200, '{"epoch":"x","seq":1,"view":{}}', /^Stale since/],
      [403, '{"message":"Forbidden"}', 'Sign-in needed']
    ] as const) {
      answer = { status, body };
      await expect(widget.link).toHaveText(word);
      await widget.expectState('Running');
    }
    answer = null;
    // it asks again by itself, less often the longer it was refused
    await expect(widget.link).toHaveText('Updating every 5 s', {
      timeout: 60_000
    });
  });

  await test.step('an end without a socket is written down, out of sight too', async () => {
    await page.notebook.runCell(1);
    await expect
      .poll(() =>
        widget.root.evaluate(root => root.getBoundingClientRect().bottom)
      )
      .toBeLessThan(0);
    const ended = await page.request.post(
      `jupyterlab-kfp/api/connections/local/runs/${await widget.root.getAttribute('data-kfp-run')}/actions`,
      { data: { action: 'terminate', idempotency_key: path } }
    );
    expect(ended.ok()).toBe(true);
    await expect
      .poll(() => outputsInPage(page), { timeout: 60_000 })
      .toContain('CANCELED');
    const run = await savedEnd(page, path, 0);
    expect(run.payload.runs[0].snapshot.state).toBe('CANCELED');
  });
});

test('a sign-in that ran out costs no line of a log, and a run settles in each of its ends', async ({
  page,
  tmpPath,
  wire,
  baseURL
}) => {
  test.slow(); // one run through all of them
  await openNotebookOf(page, `${tmpPath}/ends.ipynb`, [
    threeSteps({ seconds: 300 })
  ]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.expectState('Running', 60_000);
  const watched = { page, base: `${baseURL}/`, wire, widget };
  await findsBackAfterSignIn(watched);
  await settles(watched);
});
