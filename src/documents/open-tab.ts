import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import { SplitPanel, TabPanel, type Widget } from '@lumino/widgets';

/** Share of the page below which a document could not be read. */
const LEAST = 0.25;

/** Put a document of the product into a tab and bring it to the front. */
export function openTab(
  app: JupyterFrontEnd,
  labShell: ILabShell | null,
  document: Widget
): void {
  if (!document.isAttached) {
    // the main area of a Notebook 7 page holds one widget and drops a second
    app.shell.add(document, labShell ? 'main' : 'down');
  }
  app.shell.activateById(document.id);
  if (!labShell) {
    showBelow(document);
  }
}

/** Notebook 7 opens the area below its notebook no taller than the row of tabs, and leaves the tab there that was chosen. */
function showBelow(document: Widget): void {
  let child = document;
  for (let parent = child.parent; parent; parent = child.parent) {
    if (parent instanceof TabPanel) {
      parent.currentWidget = document;
    } else if (parent instanceof SplitPanel) {
      const at = parent.widgets.indexOf(child);
      const sizes = parent.relativeSizes();
      if (parent.orientation === 'vertical' && sizes[at] < LEAST) {
        parent.setRelativeSizes(
          sizes.map((size, i) => (i === at ? 1 : size / (1 - sizes[at])))
        );
      }
      return;
    }
    child = parent;
  }
}
