import { expect, type Locator, type Page } from '@playwright/test';

/** The picture of one run: below a cell, or filling a tab. */
export class RunWidget {
  constructor(
    readonly page: Page,
    readonly root: Locator
  ) {}

  /** The run widget below the n-th cell (0-based) of the notebook on top. */
  static inCell(page: Page, cell: number): RunWidget {
    return new RunWidget(
      page,
      page
        .locator('.jp-Notebook .jp-CodeCell')
        .nth(cell)
        .locator('.jp-KfpRun')
        .first()
    );
  }

  /** The run document in the main area. */
  static inDocument(page: Page): RunWidget {
    return new RunWidget(
      page,
      page.locator('.jp-KfpRunDocument .jp-KfpRun').first()
    );
  }

  get state(): Locator {
    return this.root.locator('.jp-KfpRun-state');
  }

  get progress(): Locator {
    return this.root.locator('.jp-KfpRun-progress');
  }

  /** The chip that says how fresh the picture is. */
  get link(): Locator {
    return this.root.locator('.jp-KfpLink-text');
  }

  /** The place of the tab that is open. */
  get body(): Locator {
    return this.root.locator('.jp-KfpRun-body');
  }

  /** The lower edge of that place, which can be moved. */
  get edge(): Locator {
    return this.root.getByRole('separator', { name: 'Height of the run' });
  }

  /** Wait for a state word; a widget that nobody sees is not kept up to date to the second, so it is brought into view. */
  async expectState(word: string | RegExp, timeout = 30_000): Promise<void> {
    // React may put another element there meanwhile: then once more
    await expect(async () => {
      await this.root.scrollIntoViewIfNeeded({ timeout: 1000 });
    }).toPass({ timeout });
    await expect(this.state).toHaveText(word, { timeout });
  }

  /** Scroll it into view; the placeholder of the first moment may be replaced meanwhile. */
  async show(): Promise<void> {
    await expect(() =>
      this.root.scrollIntoViewIfNeeded({ timeout: 2000 })
    ).toPass({ timeout: 30_000 });
  }

  /** Choose a tab by its name. */
  async openTab(name: string): Promise<void> {
    await this.root.getByRole('tab', { name }).click();
  }

  /** The row of a task in the Tasks tab. */
  task(name: string): Locator {
    return this.root.getByRole('row').filter({ hasText: name });
  }

  /** Choose an entry of the menu of the run. */
  async choose(entry: string): Promise<void> {
    await this.root.getByRole('button', { name: 'More actions' }).click();
    await this.page
      .getByRole('menuitem', { name: entry, exact: true })
      .or(this.page.getByRole('menuitemcheckbox', { name: entry, exact: true }))
      .click();
  }

  /** Stop the run and confirm. */
  async stop(): Promise<void> {
    await this.root.getByRole('button', { name: 'Stop' }).click();
    await this.root.getByRole('button', { name: 'Stop run' }).click();
  }
}
