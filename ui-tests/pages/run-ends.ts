/** What happens to a run that is watched, in any notebook of Jupyter: the sign-in runs out, and it ends in each of its ways. */
import { expect, test, type Page } from '@playwright/test';
import {
  buildRunBundle,
  type RunState,
  type RunView
} from 'jupyterlab-kfp-model';

import { isDirty, outputsInPage } from './notebooks';
import type { RunWidget } from './run-widget';
import type { Wire } from './wire';

/** Where the forms of a run for its notebook are made. */
const BUNDLES = /\/api\/bundles\/runs/;

/** A notebook whose first run is watched. */
export interface IWatched {
  readonly page: Page;
  /** Address of the server, with a slash at its end. */
  readonly base: string;
  /** The sockets of the page, laid hold of before it was loaded. */
  readonly wire: Wire;
  /** The run, under way; its second task says `second 0`, `second 1` and so on. */
  readonly widget: RunWidget;
}

/** The sign-in runs out while a log is followed, and comes back: the page says so, goes on by itself, and lost no line. */
export async function findsBackAfterSignIn(watched: IWatched): Promise<void> {
  const { page, wire, widget } = watched;
  await widget.openTab('Logs');
  const log = widget.root.getByRole('log');
  await expect(log).toContainText(/second \d/, { timeout: 60_000 });
  let refused = 0;
  let isExpired = true;
  await page.route(/jupyterlab-kfp\/api\//, route => {
    refused += isExpired ? 1 : 0;
    return isExpired
      ? route.fulfill({ status: 403, json: { message: 'Forbidden' } })
      : route.fallback();
  });
  wire.isRefused = true;
  await wire.cut();
  await expect(widget.link).toHaveText('Sign-in needed', { timeout: 60_000 });
  await widget.expectState('Running');
  expect(refused).toBeGreaterThan(0);
  const last = seconds(await log.innerText()).at(-1) ?? 0;

  // the socket first, so that every piece of the log comes over it and is counted below
  wire.isRefused = false;
  await expect(widget.link).toHaveText('Live', { timeout: 60_000 });
  isExpired = false;
  // lines that scrolled out of sight are not in the page
  await expect(async () => {
    const now = seconds(await log.innerText());
    expect(now.at(-1)).toBeGreaterThan(last + 2);
    expect(now).toEqual(now.map((_, index) => now[0] + index));
  }).toPass({ timeout: 30_000 });
  const [first, ...rest] = wire.logs;
  let { next } = first;
  for (const piece of rest.filter(({ log: id }) => id === first.log)) {
    // the last one before the cut may not have come, and is sent again
    expect(piece.offset).toBeLessThanOrEqual(next);
    next = piece.next;
  }
}

/** The run pauses, is skipped, was retried elsewhere, is stopped, archived and deleted: each time the view and the notebook say so. */
export async function settles(watched: IWatched): Promise<void> {
  const { page, base, wire, widget } = watched;
  const run = (await widget.root.getAttribute('data-kfp-run')) ?? '';
  const address = `${base}jupyterlab-kfp/api/connections/local/runs/${run}`;
  const other = new OtherService(wire, run);

  await test.step('paused', async () => {
    await other.says('PAUSED');
    await widget.expectState('Paused');
    await expect(widget.link).toHaveText('Live');
    expect(await outputsInPage(page)).not.toContain('"final":true');
  });

  await test.step('skipped', async () => {
    // galata's page never lets go of a route
    await page.route(BUNDLES, route => {
      const bundle = other.bundle();
      return bundle ? route.fulfill({ json: bundle }) : route.fallback();
    });
    await other.says('SKIPPED');
    await widget.expectState('Skipped');
    await expect(widget.link).toHaveCount(0);
    await expect.poll(() => outputsInPage(page)).toContain('"state":"SKIPPED"');
    expect(await outputsInPage(page)).toContain('"final":true');
  });

  await test.step('under way again, because it was retried elsewhere', async () => {
    await other.isSilent();
    await widget.expectState('Running');
    await expect(widget.link).toHaveText('Live');
  });

  await test.step('stopped', async () => {
    await widget.stop();
    await widget.expectState('Canceled');
    await expect(widget.link).toHaveCount(0);
    await expect
      .poll(() => outputsInPage(page))
      .toContain('"state":"CANCELED"');
    await page.keyboard.press('Control+s');
    await expect.poll(() => isDirty(page)).toBe(false);
  });

  await test.step('archived', async () => {
    const answer = await page.request.post(`${address}/actions`, {
      data: { action: 'archive', idempotency_key: `${run}-archive` }
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    await widget.expectState('Canceled');
    await expect(widget.link).toHaveCount(0);
  });

  await test.step('deleted', async () => {
    const answer = await page.request.delete(address);
    expect(answer.ok(), await answer.text()).toBe(true);
    await expect(widget.link).toHaveText('Run not found');
    await widget.expectState('Canceled');
    await expect(widget.progress).toContainText('tasks succeeded');
    expect(await isDirty(page)).toBe(false);
  });
}

/** Answers for a run in states that the local service never gives it. */
class OtherService {
  constructor(wire: Wire, run: string) {
    this._wire = wire;
    this._run = run;
  }

  /** Say from now on that the run is in this state. */
  async says(state: RunState): Promise<void> {
    const isOver = state === 'SKIPPED';
    this._wire.translate = text => {
      const frame = JSON.parse(text) as {
        readonly op: string;
        readonly view?: RunView;
      };
      if (frame.op !== 'snap' || frame.view?.run?.run_id !== this._run) {
        return text;
      }
      this._view = {
        ...frame.view,
        run: {
          ...frame.view.run,
          state,
          ...(isOver ? { finished_at: frame.view.run.created_at } : {})
        }
      };
      return JSON.stringify({ ...frame, view: this._view });
    };
    await this._wire.cut();
  }

  /** Let the gateway speak for itself again. */
  async isSilent(): Promise<void> {
    this._view = null;
    this._wire.translate = text => text; // not null: the picture of the page is another one than at its place in the sequence
    await this._wire.cut();
  }

  /** What the gateway would write into the notebook; null once it speaks for itself again. */
  bundle(): object | null {
    const view = this._view;
    return (
      view && buildRunBundle({ entries: [{ view }], now: view.run.created_at })
    );
  }

  private readonly _wire: Wire;
  private readonly _run: string;
  private _view: RunView | null = null;
}

/** The numbers of the lines `second n` of a log, in order. */
function seconds(log: string): readonly number[] {
  return [...log.matchAll(/^.*?second (\d+)$/gm)].map(([, n]) => Number(n));
}
