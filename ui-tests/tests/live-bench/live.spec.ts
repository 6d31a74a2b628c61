/** A notebook of many widgets: one socket, no long task, nothing to do while hidden; and the size of what it keeps. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, type Page } from '@playwright/test';
import { buildRunBundle } from 'jupyterlab-kfp-model';

import {
  notebookOf,
  outputsInPage,
  RUN_MIME_TYPE
} from '../../pages/notebooks';
import { codeCell, putNotebook, runCell } from '../../pages/plain';
import { RunWidget } from '../../pages/run-widget';
import { countChanges, test, type Tabs } from '../../pages/tabs';
import { working, type IRow, type IWork } from '../../pages/work';
import { servers } from '../../servers/servers';
import { blocks, manyRounds, manyTasks } from '../../stories/large-runs';

const WIDGETS = 100;
const ACTIVE = 20;
/** How long a page is looked at. */
const SECONDS = 10;
const BASE = `${servers['live-bench'].url}/`;
const API = `${BASE}jupyterlab-kfp/api/connections/local/runs`;

/** A chain of tasks that each take some seconds. */
function chain(name: string, tasks: number): string {
  return `%%kfp run --as r --no-cache
from kfp import dsl

@dsl.component
def step(x: int, seconds: int) -> int:
    import time
    time.sleep(seconds)
    return x

@dsl.pipeline(name="${name}")
def ${name}(seconds: int = 0):
    task = step(x=0, seconds=seconds)
    for _ in range(${tasks - 1}):
        task = step(x=task.output, seconds=seconds)
`;
}

interface IOutput {
  readonly data: {
    readonly [RUN_MIME_TYPE]: {
      readonly runs: readonly { readonly run_id: string }[];
    };
  };
}

interface ISubmitted {
  readonly run: { readonly run_id: string };
  readonly bundle: Readonly<Record<string, unknown>>;
}

test('a hundred widgets, twenty of active runs', async ({ tabs }) => {
  test.setTimeout(600_000);
  const rows: IRow[] = [];
  const page = await tabs.page();
  let sockets = 0;
  page.on('websocket', socket => {
    sockets += socket.url().includes('jupyterlab-kfp/api/watch') ? 1 : 0;
  });
  await putNotebook(page, BASE, 'seven.ipynb', [
    chain('seven', 7),
    chain('many', 80)
  ]);
  await page.goto(`${BASE}lab/workspaces/seven/tree/seven.ipynb`);
  await expect(codeCell(page, 0)).toBeVisible({ timeout: 60_000 });
  const bare = await hiddenWork(tabs, page);
  await runCell(page, 0);
  await RunWidget.inCell(page, 0).expectState('Succeeded', 120_000);
  await expect.poll(() => outputsInPage(page)).toContain('"final":true');
  const [[saved]] = JSON.parse(await outputsInPage(page)) as [[IOutput]];
  const bytes = JSON.stringify(saved.data).length;
  rows.push(atMost('notebook bytes of 7 tasks', bytes, 6 * 1024, 'B'));
  const largest = Math.max(
    ...[manyTasks(5000), blocks(40, 100), manyRounds(2000)].map(view =>
      Buffer.byteLength(
        JSON.stringify(
          buildRunBundle({ entries: [{ view }], now: '2026-11-23T12:00:00Z' })
        )
      )
    )
  );
  rows.push(atMost('notebook bytes of 5,000 tasks', largest, 64 * 1024, 'B'));

  await runCell(page, 1);
  await expect(RunWidget.inCell(page, 1).root).toBeVisible();
  const [, [long]] = JSON.parse(await outputsInPage(page)) as IOutput[][];
  const sourceOf = async ({ data }: IOutput): Promise<string> => {
    const { run_id } = data[RUN_MIME_TYPE].runs[0];
    const source = await page.request.get(`${API}/${run_id}/source`);
    return ((await source.json()) as { readonly text: string }).text;
  };
  const submit = async (text: string, seconds: number): Promise<ISubmitted> => {
    const answer = await page.request.post(API, {
      data: {
        pipeline: { text },
        parameters: { seconds },
        cache: seconds === 0
      }
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as ISubmitted;
  };
  const bundles: Readonly<Record<string, unknown>>[] = [];
  const short = await sourceOf(saved);
  for (let i = 0; i < WIDGETS - ACTIVE; i += 1) {
    const { run } = await submit(short, 0);
    await expect
      .poll(async () => {
        const answer = await page.request.get(
          `${API}/${run.run_id}/view?detail=header`
        );
        return answer.text();
      })
      .toContain('"SUCCEEDED"');
    const answer = await page.request.post(
      `${BASE}jupyterlab-kfp/api/bundles/runs`,
      {
        data: { runs: [{ connection: 'local', run_id: run.run_id }] }
      }
    );
    bundles.push((await answer.json()) as Record<string, unknown>);
  }
  const active: string[] = [];
  const endless = await sourceOf(long);
  for (let i = 0; i < ACTIVE; i += 1) {
    const { run, bundle } = await submit(endless, 4);
    active.push(run.run_id);
    bundles.unshift(bundle);
  }

  const empty = notebookOf(bundles.map(() => 'r')) as {
    readonly cells: readonly object[];
  };
  const put = await page.request.put(`${BASE}api/contents/many.ipynb`, {
    data: {
      type: 'notebook',
      format: 'json',
      content: {
        ...empty,
        cells: empty.cells.map((cell, index) => ({
          ...cell,
          metadata: { trusted: true },
          outputs: [
            { output_type: 'display_data', metadata: {}, data: bundles[index] }
          ]
        }))
      }
    }
  });
  expect(put.ok()).toBe(true);
  sockets = 0;
  await page.goto(`${BASE}lab/workspaces/many/tree/many.ipynb`);
  await expect(
    page.locator('.jp-NotebookPanel:visible .jp-KfpLink-text').first()
  ).toHaveText('Live', { timeout: 60_000 });
  // JupyterLab draws the cells below one after another, when it has nothing else to do
  await expect(
    page.locator('.jp-NotebookPanel:visible .jp-KfpRun-header')
  ).toHaveCount(WIDGETS, { timeout: 240_000 });

  const stillActive = async (): Promise<number> => {
    const answers = await Promise.all(
      active.map(async run => {
        const answer = await page.request.get(
          `${API}/${run}/view?detail=header`
        );
        return (await answer.text()).includes('finished_at') ? 0 : 1;
      })
    );
    return answers.reduce((sum: number, each) => sum + each, 0);
  };
  const seen = await working(page, () => rest(page));
  rows.push(
    atMost('100 widgets, 20 active: longest task', seen.longest, 50, 'ms', {
      beside: `${seen.over} of ${seen.pieces} tasks over`
    }),
    atMost('100 widgets: sockets', sockets, 1, '')
  );

  const hidden = await hiddenWork(tabs, page);
  expect(await stillActive()).toBe(ACTIVE);
  rows.push(
    {
      what: 'hidden tab: changes of the page',
      ours: `${hidden.changes}`,
      alternative: `seen ${seen.total.toFixed(0)} ms in ${SECONDS} s`,
      ratio: hidden.total / seen.total,
      goal: '0'
    },
    atMost(
      `hidden tab: work in ${SECONDS} s`,
      hidden.total,
      Math.round(bare.total) + 50,
      'ms',
      { beside: `${bare.total.toFixed(0)} ms without widgets` }
    )
  );

  await Promise.all(
    active.map(run =>
      page.request.post(`${API}/${run}/actions`, {
        data: { action: 'terminate', idempotency_key: run }
      })
    )
  );
  const report =
    process.env.JUPYTERLAB_KFP_LIVE_REPORT ?? 'test-results/live.json';
  await mkdir(path.dirname(report), { recursive: true });
  await writeFile(report, JSON.stringify(rows));
});

/** Let the page do what it does by itself for a while. */
async function rest(page: Page): Promise<void> {
  await page.evaluate(
    ms => new Promise(done => setTimeout(done, ms)),
    SECONDS * 1000
  );
}

/** What a page does that nobody has seen for a while. */
async function hiddenWork(
  tabs: Tabs,
  page: Page
): Promise<IWork & { readonly changes: number }> {
  await tabs.hide(page);
  const countedChanges = await countChanges(page);
  // the engine cleans up once after a page went out of sight: half a second of its thread, in small pieces
  await page.waitForTimeout(20_000);
  const work = await working(page, () => rest(page));
  const changes = await countedChanges();
  await tabs.show(page);
  return { ...work, changes };
}

/** A figure beside its goal; above 1 is worse than the goal. */
function atMost(
  what: string,
  found: number,
  goal: number,
  unit: string,
  options: { readonly beside?: string } = {}
): IRow {
  return {
    what,
    ours: `${found.toFixed(0)} ${unit}`.trim(),
    alternative: options.beside ?? `goal ${goal} ${unit}`.trim(),
    ratio: found / goal,
    goal: `<= ${goal} ${unit}`.trim()
  };
}
