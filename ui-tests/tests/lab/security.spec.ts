import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from '@jupyterlab/galata';

import { openCopy } from '../../pages/copy-of-notebook';
import {
  askedOfStrangers,
  FORGED_NOTEBOOK,
  lookAtForged
} from '../../pages/forged';
import {
  openNotebook,
  openNotebookOf,
  savedEnd,
  savedNotebook
} from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

test('a forged output runs nothing, contacts nobody and takes nothing with it', async ({
  page,
  tmpPath
}) => {
  const asked = askedOfStrangers(page);
  const file = `${tmpPath}/forged.ipynb`;
  await page.contents.uploadContent(
    JSON.stringify(FORGED_NOTEBOOK),
    'text',
    file
  );
  await openNotebook(page, file);
  await lookAtForged(page, asked);
});

test('a hostile report cannot leave its frame', async ({ page, tmpPath }) => {
  const asked: string[] = [];
  await page.context().route(/evil\.invalid/, async route => {
    asked.push(route.request().url());
    await route.abort();
  });
  const file = `${tmpPath}/hostile.ipynb`;
  await openNotebookOf(page, file, [
    `%%kfp run --as r --no-cache
from kfp import dsl

@dsl.component
def attack(report: dsl.Output[dsl.HTML]):
    print("\\x1b]8;;javascript:alert(1)\\x07link\\x1b]8;;\\x07<script>window.kfpHacked=1</script>")
    with open(report.path, "w") as file:
        file.write("""<meta http-equiv="refresh" content="0;url=https://evil.invalid/refresh">
<p id="here">here</p>
<script>
try { top.kfpHacked = 1 } catch (error) { document.getElementById('here').textContent = 'kept out' }
fetch('https://evil.invalid/fetch').catch(() => 0);
new Image().src = 'https://evil.invalid/image';
setTimeout(() => { location.href = 'https://evil.invalid/location' }, 300);
try { open('https://evil.invalid/open') } catch (error) {}
</script><link rel="stylesheet" href="https://evil.invalid/style">""")

@dsl.pipeline(name="hostile")
def hostile():
    attack()
`
  ]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.show();
  await widget.expectState('Succeeded', 60_000);
  await widget.openTab('Logs');
  await expect(widget.root.getByRole('log')).toContainText(
    'link<script>window.kfpHacked=1</script>'
  );
  await expect(widget.root.getByRole('log').locator('a, script')).toHaveCount(
    0
  );
  await widget.openTab('Results');
  await widget.root
    .locator('.jp-KfpArtifact')
    .getByRole('button', { name: 'Open' })
    .click();
  await page.waitForTimeout(2500);
  expect(asked).toEqual([]);
  expect(await page.evaluate(() => 'kfpHacked' in window)).toBe(false);
  expect(page.url()).toContain('127.0.0.1');

  await test.step('the reader allows its files once', async () => {
    const allow = widget.root.getByRole('button', { name: 'Allow once' });
    await allow.click();
    await expect
      .poll(() => asked.join(' '))
      .toMatch(/evil\.invalid\/(?:image|style)/);
    await expect(allow).toHaveCount(0);
    expect(await page.evaluate(() => 'kfpHacked' in window)).toBe(false);
    // the next look at it asks again
    await widget.openTab('Inputs');
    await widget.openTab('Results');
    await widget.root
      .locator('.jp-KfpArtifact')
      .getByRole('button', { name: 'Open' })
      .click();
    await expect(allow).toBeVisible();
    // files only: by now it would have gone elsewhere
    expect(
      asked.filter(url => /\/(?:refresh|location|open)$/.test(url))
    ).toEqual([]);
  });

  await test.step('in a notebook that nobody trusts it runs no script and may load nothing', async () => {
    await savedEnd(page, file, 0);
    const notebook = await savedNotebook(page, file);
    const copy = await openCopy(
      page,
      notebook,
      `${tmpPath}/stranger.ipynb`,
      false
    );
    const before = asked.length;
    await copy.expectState('Succeeded');
    await expect(copy.link).toHaveText('Snapshot');
    await copy.root.getByRole('button', { name: 'Connect' }).click();
    await expect(copy.link).toHaveCount(0);
    await copy.openTab('Results');
    await copy.root
      .locator('.jp-KfpArtifact')
      .getByRole('button', { name: 'Open' })
      .click();
    const frame = copy.root.locator('iframe');
    await expect(frame).toHaveAttribute('sandbox', '');
    await expect(
      copy.root.getByText('This report loads files from other sites.')
    ).toBeVisible();
    await expect(
      copy.root.getByRole('button', { name: 'Allow once' })
    ).toHaveCount(0);
    const inner = frame.contentFrame().locator('iframe').contentFrame();
    await expect(inner.locator('#here')).toHaveText('here');
    expect(asked.slice(before)).toEqual([]);
  });
});

test('a secret stays out of the page, the file and the fallbacks', async ({
  page,
  tmpPath
}) => {
  const canary = `ghp_${'Canary0123456789'.repeat(3)}`.slice(0, 40);
  const traffic: string[] = [];
  page.on('response', async response => {
    if (response.url().includes('jupyterlab-kfp')) {
      traffic.push(await response.text().catch(() => ''));
    }
  });
  page.on('websocket', socket => {
    if (socket.url().includes('jupyterlab-kfp')) {
      socket.on('framereceived', ({ payload }) =>
        traffic.push(String(payload))
      );
    }
  });
  const file = `${tmpPath}/secret.ipynb`;
  await openNotebookOf(page, file, [
    'key = "ghp_" + ("Canary0123456789" * 3)[:36]',
    `%%kfp run --as r --no-cache -p api_key={key}
from kfp import dsl

@dsl.component
def use(api_key: str) -> str:
    raise ValueError("it failed")

@dsl.pipeline(name="secretive")
def secretive(api_key: str = "none"):
    use(api_key=api_key)
`
  ]);
  await page.notebook.runCell(0);
  await page.notebook.runCell(1);
  const widget = RunWidget.inCell(page, 1);
  await widget.show();
  await widget.expectState('Failed', 60_000);
  for (const tab of ['Tasks', 'Logs', 'Inputs']) {
    await widget.openTab(tab);
    await page.waitForTimeout(500);
  }
  await expect(widget.root).toContainText('••••');
  expect(await page.content()).not.toContain(canary);
  expect(traffic.length).toBeGreaterThan(3);
  // the executor of kfp prints its input into the log of the task, on a cluster too: that is the log's own content
  const told = traffic.filter(text => !text.startsWith('{"op":"log"'));
  expect(told.filter(text => text.includes(canary))).toEqual([]);
  await page.notebook.save();
  const saved = JSON.stringify(await savedNotebook(page, file));
  expect(saved).not.toContain(canary);

  // what fails is logged
  await page.request.post('jupyterlab-kfp/api/connections/local/runs', {
    data: { pipeline: { text: `a: [${canary}` }, parameters: { k: canary } }
  });
  const status = (await (
    await page.request.get('jupyterlab-kfp/api/status')
  ).json()) as { readonly data_dir: string };
  const log = await readFile(path.join(status.data_dir, 'gateway.log'), 'utf8');
  expect(log).not.toContain(canary);

  await test.step('nbconvert tells the run in HTML, sanitised HTML and Markdown', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kfp-nbconvert-'));
    try {
      await writeFile(path.join(folder, 'n.ipynb'), saved);
      const convert = async (
        to: string,
        ...more: string[]
      ): Promise<string> => {
        const out = `out-${to}-${more.length}`;
        await promisify(execFile)(
          path.resolve(__dirname, '../../../.venv/bin/python'),
          ['-m', 'nbconvert', '--to', to, '--output', out, ...more, 'n.ipynb'],
          { cwd: folder }
        );
        return readFile(
          path.join(folder, `${out}.${to === 'html' ? 'html' : 'md'}`),
          'utf8'
        );
      };
      for (const text of [
        await convert('html'),
        await convert('html', '--HTMLExporter.sanitize_html=True'),
        await convert('markdown')
      ]) {
        expect(text).toContain('secretive');
        expect(text).toMatch(/Failed/);
        expect(text).toContain('ValueError: it failed');
        expect(text).not.toContain(canary);
        expect(text).not.toContain('&lt;strong&gt;Pipeline run');
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
