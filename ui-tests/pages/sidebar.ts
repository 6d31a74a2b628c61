import type { Locator, Page } from '@playwright/test';

/** The sidebar "Pipelines". */
export class Sidebar {
  constructor(readonly page: Page) {}

  get root(): Locator {
    return this.page.locator('#jp-kfp-pipelines');
  }

  /** Show it. */
  async open(): Promise<void> {
    if (!(await this.root.isVisible())) {
      await this.page.getByRole('tab', { name: 'Pipelines' }).click();
    }
  }

  /** The row of a run in the lists of its service. */
  run(name: string | RegExp): Locator {
    return this.root
      .locator('.jp-KfpSection:not(.jp-KfpSidebar-notebook) .jp-KfpRows-row')
      .filter({ hasText: name });
  }

  /** What the notebook in front shows, one row each. */
  get ofNotebook(): Locator {
    return this.root.locator('.jp-KfpSidebar-notebook .jp-KfpRows-row');
  }

  /** The health word of the current connection. */
  get health(): Locator {
    return this.root.locator('.jp-KfpHealth');
  }
}
