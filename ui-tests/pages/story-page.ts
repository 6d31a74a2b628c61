import { expect, type Locator, type Page } from '@playwright/test';

/** The colour themes that JupyterLab ships. */
export const THEMES = ['light', 'dark', 'dark-high-contrast'] as const;

/** A recorded run. */
interface IRecorded {
  readonly asked: number;
  patch(merge: object): void;
  setLink(state: string): void;
}

/** What the story page offers besides its pictures. */
interface IStoryWindow extends Window {
  readonly kfpStories: {
    readonly names: readonly string[];
    readonly calls: readonly string[];
    told(): readonly string[];
    readonly stores: Readonly<Record<string, IRecorded>>;
  };
}

/** The page that draws recorded states of the run view. */
export class StoryPage {
  constructor(readonly page: Page) {
    page.on('pageerror', error => this.problems.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') {
        this.problems.push(message.text());
      }
    });
  }

  /** What went wrong in the page so far. */
  readonly problems: string[] = [];

  /** Draw stories. */
  async open(
    stories: readonly string[],
    options: Readonly<Record<string, string | number>> & {
      readonly theme?: (typeof THEMES)[number];
    } = {}
  ): Promise<void> {
    const { theme = 'light', ...rest } = options;
    const query = new URLSearchParams({
      ...Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [name, String(value)])
      ),
      story: stories.join(',')
    });
    await this.page.goto(`/${theme}.html?${query}`);
    for (const story of stories) {
      await expect(
        this.story(story).locator('.jp-KfpRun, .jp-KfpForm').first()
      ).toBeVisible();
    }
    // what is drawn in idle time is part of the picture
    await this.page.evaluate(
      () => new Promise(done => requestIdleCallback(done, { timeout: 1000 }))
    );
  }

  /** The names of all stories. */
  async names(): Promise<readonly string[]> {
    await this.page.goto('/light.html');
    return this.page.evaluate(
      () => (window as unknown as IStoryWindow).kfpStories.names
    );
  }

  /** What the services of all stories said. */
  async told(): Promise<readonly string[]> {
    await this.page.goto('/light.html');
    return this.page.evaluate(() =>
      (window as unknown as IStoryWindow).kfpStories.told()
    );
  }

  /** What the view asked of the place it stands in. */
  calls(): Promise<readonly string[]> {
    return this.page.evaluate(
      () => (window as unknown as IStoryWindow).kfpStories.calls
    );
  }

  /** Change the run of a story, as its gateway would. */
  async patch(name: string, merge: object): Promise<void> {
    await this.page.evaluate(
      ([story, change]) => {
        const stories = (window as unknown as IStoryWindow).kfpStories;
        stories.stores[story].patch(change);
      },
      [name, merge] as const
    );
  }

  /** How often the service of a story was to be asked. */
  asked(name: string): Promise<number> {
    return this.page.evaluate(
      each =>
        (window as unknown as IStoryWindow).kfpStories.stores[each]?.asked ?? 0,
      name
    );
  }

  /** Let the link of a story become another one. */
  setLink(name: string, state: string): Promise<void> {
    return this.page.evaluate(
      ([each, next]) =>
        (window as unknown as IStoryWindow).kfpStories.stores[each].setLink(
          next
        ),
      [name, state] as const
    );
  }

  story(name: string): Locator {
    return this.page.locator(`[data-story="${name}"]`);
  }
}
