import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

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
}
