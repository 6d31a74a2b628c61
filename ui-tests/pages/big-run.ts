/** A run of 1,000 tasks of which one fails, and the way through it by the keyboard alone. */
import { expect, type Locator } from '@playwright/test';

import type { RunWidget } from './run-widget';

/** What the failed task says. */
const REASON = '613 is a bad number';

/**
 * The source of a cell that starts the run; it ends in `Failed`. What a condition leaves out costs no process, so the run is there in
 * seconds.
 */
export const THOUSAND_TASKS = `%%kfp run --no-cache
from kfp import dsl

@dsl.component(base_image="python:3.11")
def part(n: int):
    print("part", n)
    raise ValueError("${REASON}")

@dsl.pipeline
def thousand():
    with dsl.ParallelFor(list(range(1000))) as n:
        with dsl.If(n == 613):
            part(n=n)
`;

/**
 * Find the failed task of the run, read its log and come back; then see the first task, the last one and the graph. Every step is a key.
 *
 * The run has ended, and its view has a row of tabs in sight.
 */
export async function useByKeyboard(widget: RunWidget): Promise<void> {
  const { page, root } = widget;
  const { keyboard } = page;
  const focused = page.locator(':focus');
  const details = root.getByRole('region', { name: 'Details of part' });
  const isRow = async (row: Locator): Promise<void> => {
    await expect(row).toBeFocused();
    await expect(row).toBeInViewport();
  };
  const failed = root.getByRole('row').filter({ hasText: /^part ?Failed/ });
  await root.getByRole('tab', { name: 'Tasks' }).focus();

  // to the first failure, and from its details into the table
  await keyboard.press('x');
  await expect(details).toContainText(REASON);
  await keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await isRow(failed);

  // only what failed, its log, and back
  await keyboard.press('/');
  await expect(focused).toHaveAccessibleName('Filter tasks');
  await keyboard.type('state:failed');
  await expect(root.getByRole('row')).toHaveCount(5); // the names of the columns, the loop, its round, the condition and the task
  await keyboard.press('ArrowDown');
  await keyboard.press('End');
  await isRow(failed);
  await keyboard.press('l');
  await expect(root.getByRole('log')).toContainText(REASON);
  await expect(focused).toHaveText('Logs');
  await keyboard.press('t');
  await expect(details).toBeVisible();
  await keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await keyboard.press('ArrowDown'); // from the tab into the table
  await isRow(failed);

  // all of them again: the first and the last
  await keyboard.press('/');
  await keyboard.press('Control+a');
  await keyboard.press('Delete');
  await expect(root.getByRole('treegrid')).toHaveAttribute(
    'aria-rowcount',
    '3002'
  );
  await keyboard.press('Enter');
  await isRow(failed);
  await keyboard.press('End');
  await isRow(root.locator('[role="row"][aria-rowindex="3002"]'));
  await keyboard.press('PageUp');
  await keyboard.press('Home');
  await isRow(root.locator('[role="row"][aria-rowindex="2"]'));
  await keyboard.press('ArrowLeft'); // folds the loop
  await expect(root.getByRole('treegrid')).toHaveAttribute(
    'aria-rowcount',
    '2'
  );

  // the graph holds the same
  await keyboard.press('g');
  await expect(focused).toHaveText('Graph');
  await keyboard.press('ArrowDown');
  const graph = root.locator('.jp-KfpGraph');
  await expect(graph).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(graph).toContainText('round 614 of 1000'); // the one that failed
  await keyboard.press('ArrowDown');
  await expect(graph).toContainText('condition');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(details).toContainText(REASON);
  await keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await expect(graph).toBeFocused();
}
