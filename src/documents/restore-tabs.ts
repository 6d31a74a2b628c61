import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';

/** How a tab comes back. */
export interface ITabRestoring<T extends Widget> {
  /** The command that opens it. */
  readonly command: string;
  /** The arguments that open this one. */
  readonly args: (document: T) => ReadonlyPartialJSONObject;
  readonly name: (document: T) => string;
}

/**
 * Bring the tabs of a tracker back after a reload of the page.
 *
 * #### Notes
 * Notebook 7 restores no layout: there the browser's own tab remembers what stood below which notebook.
 */
export function restoreTabs<T extends Widget>(
  app: JupyterFrontEnd,
  restorer: ILayoutRestorer | null,
  tracker: WidgetTracker<T>,
  how: ITabRestoring<T>
): void {
  if (restorer) {
    void restorer.restore(tracker, how);
    return;
  }
  const place = `${tracker.namespace}:${window.location.pathname}`;
  const before = read(place);
  const remember = (): void => {
    const open: ReadonlyPartialJSONObject[] = [];
    tracker.forEach(document => {
      if (!document.isDisposed) {
        open.push(how.args(document));
      }
    });
    window.sessionStorage.setItem(place, JSON.stringify(open));
  };
  tracker.widgetAdded.connect((_, document) => {
    document.disposed.connect(remember);
    remember();
  });
  tracker.widgetUpdated.connect(remember);
  void app.restored.then(async () => {
    for (const args of before) {
      await app.commands.execute(how.command, args);
    }
  });
}

function read(place: string): readonly ReadonlyPartialJSONObject[] {
  try {
    const kept: unknown = JSON.parse(
      window.sessionStorage.getItem(place) ?? '[]'
    );
    return Array.isArray(kept) ? (kept as ReadonlyPartialJSONObject[]) : [];
  } catch {
    return []; // written by something else
  }
}
