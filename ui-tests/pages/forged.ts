/** Outputs that somebody forged, and what a page must make of them. */
import { expect, test, type Page } from '@playwright/test';

import { RunWidget } from './run-widget';

const RUN = 'application/vnd.jupyterlab-kfp.run+json';
const PIPELINE = 'application/vnd.jupyterlab-kfp.pipeline+json';
const EVIL =
  '<img src=x onerror="window.kfpHacked=1"><script>window.kfpHacked=1</script>';
const RUN_ID = '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11';

/** A payload with script in every text that may hold any. */
function forged(change: (payload: Record<string, unknown>) => void): object {
  const payload = {
    schema: 'kfp.run/1',
    runs: [
      {
        run_id: RUN_ID,
        name: EVIL,
        connection: {
          profile: 'local',
          fingerprint: EVIL,
          namespace: EVIL,
          flavour: 'kfp2'
        },
        experiment: { id: EVIL, name: EVIL },
        pipeline: { name: EVIL, ir_digest: EVIL },
        cell: { id: EVIL, digest: EVIL },
        params: { [EVIL]: EVIL },
        submitted_at: '2026-11-23T12:00:00Z',
        sdk: EVIL,
        graph: EVIL,
        snapshot: {
          final: true,
          state: 'FAILED',
          created_at: '2026-11-23T12:00:00Z',
          finished_at: '2026-11-23T12:01:00Z',
          tasks: { state: 'SF', start: '1 10', dur: '5 20' },
          counts: { SUCCEEDED: 1, FAILED: 1 },
          failure: {
            task: 'a',
            reason: EVIL,
            code: EVIL,
            source: { cell_id: EVIL, line: 3, text: EVIL },
            log_tail: [EVIL]
          },
          results: [
            { task: 'a', name: EVIL, kind: 'param', type: EVIL, value: EVIL },
            {
              task: 'a',
              name: EVIL,
              kind: 'artifact',
              type: EVIL,
              uri: `javascript:window.kfpHacked=1//${EVIL}`
            }
          ],
          warnings: [EVIL]
        }
      }
    ],
    graphs: {
      [EVIL]: {
        v: 'a b',
        e: '0-1',
        p: '- -',
        k: 'TT',
        d: { '0': EVIL, '1': EVIL }
      }
    }
  };
  change(payload);
  return payload;
}

/** A draft with script in every text that may hold any. */
const DRAFT = {
  schema: 'kfp.pipeline/1',
  name: EVIL,
  description: EVIL,
  format: 'ir',
  sdk: EVIL,
  ir_digest: EVIL,
  size: 1,
  graph: { v: 'a b', e: '0-1', p: '- -', k: 'TT', d: { '0': EVIL, '1': EVIL } },
  inputs: [
    {
      name: EVIL,
      type: EVIL,
      default: EVIL,
      optional: false,
      description: EVIL,
      literals: [EVIL]
    }
  ],
  components: [{ name: EVIL, image: EVIL, packages: [EVIL] }],
  lint: [
    { rule: EVIL, severity: 'error', message: EVIL, line: 1, where: EVIL }
  ],
  cell: { id: EVIL, digest: EVIL }
};

type Payload = { schema: string; runs: Record<string, unknown>[] };

const CASES: readonly [
  what: string,
  payload: unknown,
  shown: string | RegExp,
  mimeType?: string
][] = [
  ['script in every field', forged(() => undefined), 'Failed'],
  [
    'a newer version',
    forged(payload => {
      payload.schema = 'kfp.run/2';
    }),
    'Made by a newer version'
  ],
  [
    'an id that is no UUID',
    forged(payload => {
      (payload as Payload).runs[0].run_id = '../../../api/contents';
    }),
    'This output is damaged'
  ],
  [
    'a payload that was cut in half',
    { schema: 'kfp.run/1', runs: [{ run_id: RUN_ID, name: 'x' }] },
    'This output is damaged'
  ],
  ['no object at all', [EVIL], 'This output is damaged'],
  ['a draft with script in every field', DRAFT, 'Draft', PIPELINE],
  [
    'a text of ten megabytes',
    forged(payload => {
      (payload as Payload).runs[0].name = EVIL.repeat(100_000);
    }),
    'Failed'
  ]
];

/** A run that a cell is said to have started. */
function pastRun(number: number): object {
  return {
    run_id: RUN_ID.replace(/11$/, `2${number}`),
    profile: 'local',
    fingerprint: EVIL,
    name: EVIL,
    submitted_at: '2026-11-23T12:00:00Z'
  };
}

/** A notebook with a cell for each forged output. */
export const FORGED_NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: {
      name: 'python3',
      display_name: 'Python 3',
      language: 'python'
    }
  },
  cells: CASES.map(([what, payload, , mimeType = RUN], index) => ({
    cell_type: 'code',
    id: `cell-${index}`,
    metadata: { 'jupyterlab-kfp': { runs: [1, 2].map(pastRun) } },
    source: `# ${what}`,
    execution_count: null,
    outputs: [
      {
        output_type: 'display_data',
        metadata: {},
        data: {
          [mimeType]: payload,
          'text/html': EVIL,
          'text/plain': 'the text of it'
        }
      }
    ]
  }))
};

/** What the page asks of strangers, or of the run that does not exist; it grows. */
export function askedOfStrangers(page: Page): readonly string[] {
  const asked: string[] = [];
  page.on('request', request => {
    const url = new URL(request.url());
    if (
      url.pathname.includes(RUN_ID.slice(0, 30)) ||
      (url.hostname !== '127.0.0.1' && /^(?:http|ws)/.test(url.protocol))
    ) {
      asked.push(request.url());
    }
  });
  page.on('websocket', socket =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes(RUN_ID.slice(0, 30))) {
        asked.push(String(payload));
      }
    })
  );
  return asked;
}

/** Look at every forged output of the notebook on top: nothing runs, and each has its calm face. */
export async function lookAtForged(
  page: Page,
  asked: readonly string[]
): Promise<void> {
  for (const [index, [what, , shown]] of CASES.entries()) {
    await test.step(what, async () => {
      const { root } = RunWidget.inCell(page, index);
      // the notebook may put the cell there anew while it opens
      await expect(async () => {
        await root.scrollIntoViewIfNeeded({ timeout: 2000 });
      }).toPass();
      await expect(root).toContainText(shown);
      await expect(
        root.locator('script, img, a[href^="javascript"]')
      ).toHaveCount(0);
      await expect(root.getByRole('button', { name: ACTS })).toHaveCount(0);
      expect((await root.textContent())?.length).toBeLessThan(5000);
    });
  }
  const first = RunWidget.inCell(page, 0);
  await first.root.scrollIntoViewIfNeeded();
  for (const tab of [
    'Graph',
    'Tasks',
    'Timeline',
    'Logs',
    'Results',
    'Inputs'
  ]) {
    await first.openTab(tab);
    await expect(first.root.locator('script, img')).toHaveCount(0);
  }
  await test.step('keys and menus ask nobody', async () => {
    for (const key of ['s', 'f', 'x', '/', 'Escape', '?', 'Shift+S']) {
      await first.root.getByRole('tab', { name: 'Tasks' }).focus();
      await page.keyboard.press(key);
      await expect(first.root.getByRole('button', { name: ACTS })).toHaveCount(
        0
      );
    }
    await first.root.getByRole('button', { name: 'More actions' }).click();
    const menu = page.locator('.lm-Menu');
    await expect(menu.getByRole('menuitem', { name: 'Copy Id' })).toBeVisible();
    await expect(menu.getByRole('menuitem', { name: ACTS })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await first.root
      .getByRole('button', { name: 'Runs of this cell (2)' })
      .click();
    await page.keyboard.press('ArrowRight');
    await expect(
      menu.getByRole('menuitem', { name: 'Open in Tab' })
    ).toBeVisible();
    await expect(menu.getByRole('menuitem', { name: ACTS })).toHaveCount(0);
    await expect(page.locator('.lm-Menu img, .lm-Menu script')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });
  expect(await page.evaluate(() => 'kfpHacked' in window)).toBe(false);
  expect(asked).toEqual([]);

  await test.step('the way to its tab leads to no other service of the same name', async () => {
    await first.root.getByRole('tab', { name: 'Tasks' }).focus();
    await page.keyboard.press('o');
    await expect(first.root).toContainText(
      'no connection of that name leads to the same service'
    );
    expect(asked).toEqual([]);
  });
}

/** What would act on a service, or on the notebook. */
const ACTS =
  /^(?:Stop|Retry|Run|Plan|Debug|Notify|Restore|Archive|Delete|Detach)(?!s of)/;
