/**
 * A browser whose tabs hide each other, as a person's do.
 *
 * Playwright tells each of its own pages that it is in front; only the pages of a browser that was there before it, and that it was told
 * to leave as they are, get hidden, stop their frames and lose their timers.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  chromium,
  expect,
  test as base,
  type BrowserContext,
  type Page
} from '@playwright/test';

/** Milliseconds that the browser may take to come up. */
const PATIENCE = 30_000;

export const test = base.extend<{ readonly tabs: Tabs }>({
  tabs: async ({ launchOptions }, use) => {
    const profile = await mkdtemp(path.join(tmpdir(), 'kfp-tabs-'));
    const browser = spawn(
      launchOptions.executablePath ?? 'chromium',
      [
        '--headless',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        '--window-size=1280,900',
        ...(launchOptions.args ?? []),
        'about:blank'
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] }
    );
    try {
      const address = await new Promise<string>((resolve, reject) => {
        let said = '';
        const timer = setTimeout(
          () => reject(new Error(`No browser: ${said}`)),
          PATIENCE
        );
        browser.stderr.on('data', (data: Buffer) => {
          said += data.toString();
          const found = /ws:\/\/\S+/.exec(said);
          if (found) {
            clearTimeout(timer);
            resolve(found[0]);
          }
        });
        browser.once('error', reject);
      });
      const connected = await chromium.connectOverCDP(address, {
        noDefaults: true
      });
      await use(new Tabs(connected.contexts()[0]));
      await connected.close();
    } finally {
      const hasEnded = new Promise(done => browser.once('exit', done));
      if (browser.exitCode === null) {
        browser.kill();
        await hasEnded;
      }
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }
});

/** Two tabs of one window: the page under test, and another that takes its place in front. */
export class Tabs {
  constructor(readonly context: BrowserContext) {}

  /** The page under test; in front until `hide`. */
  async page(): Promise<Page> {
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** Put the other tab in front. */
  async hide(page: Page): Promise<void> {
    this._other ??= await this.context.newPage();
    await this._other.bringToFront();
    await expect
      .poll(() => page.evaluate(() => document.visibilityState))
      .toBe('hidden');
  }

  /** Put the page in front again. */
  async show(page: Page): Promise<void> {
    await page.bringToFront();
    await expect
      .poll(() => page.evaluate(() => document.visibilityState))
      .toBe('visible');
  }

  private _other: Page | null = null;
}

/** Count from now on what changes in the parts of a page that are ours. */
export async function countChanges(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = window as unknown as { kfpChanges: number };
    counted.kfpChanges = 0;
    const ours = '.jp-KfpOutput, .jp-KfpRunDocument, .jp-KfpSidebar';
    for (const node of Array.from(document.querySelectorAll(ours))) {
      new MutationObserver(changes => {
        counted.kfpChanges += changes.length;
      }).observe(node, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true
      });
    }
  });
  return () =>
    page.evaluate(
      () => (window as unknown as { kfpChanges: number }).kfpChanges
    );
}
