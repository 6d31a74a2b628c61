import { expect, type Page } from '@playwright/test';

/** A row of the table of `make bench`. */
export interface IRow {
  readonly what: string;
  readonly ours: string;
  readonly alternative: string;
  readonly ratio: number;
  readonly goal: string;
}

/** What a page did while something went on. */
export interface IWork {
  /** Milliseconds of the longest piece of work on the page's own thread, without the time that other processes took. */
  readonly longest: number;
  /** Pieces over 50 ms. */
  readonly over: number;
  readonly pieces: number;
  /** Milliseconds of all pieces together. */
  readonly total: number;
}

/** Do something and look at how long the page's thread was busy without a pause. */
export async function working(
  page: Page,
  act: () => Promise<void>
): Promise<IWork> {
  const browser = page.context().browser();
  if (!browser) {
    throw new Error('The browser is gone.');
  }
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await act();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly {
      readonly name: string;
      readonly pid: number;
      readonly tid: number;
      readonly tdur?: number;
      readonly args?: { readonly name?: string };
    }[];
  };
  const threads = new Set(
    trace.traceEvents
      .filter(
        event =>
          event.name === 'thread_name' && event.args?.name === 'CrRendererMain'
      )
      .map(event => `${event.pid}/${event.tid}`)
  );
  const pieces = trace.traceEvents.flatMap(event =>
    event.tdur !== undefined && threads.has(`${event.pid}/${event.tid}`)
      ? [event.tdur / 1000]
      : []
  );
  expect(pieces.length).toBeGreaterThan(10);
  return {
    longest: Math.max(...pieces),
    over: pieces.filter(each => each > 50).length,
    pieces: pieces.length,
    total: pieces.reduce((sum, each) => sum + each, 0)
  };
}
