import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';

import { openNotebook, type ISavedNotebook } from './notebooks';
import { RunWidget } from './run-widget';

/** Put a changed copy of a notebook beside it and open it. */
export async function openCopy(
  page: IJupyterLabPageFixture,
  notebook: ISavedNotebook,
  path: string,
  trusted: boolean,
  change: (text: string) => string = text => text
): Promise<RunWidget> {
  const copy = {
    ...notebook,
    cells: notebook.cells.map(cell => ({
      ...cell,
      source: `# ${path}`,
      metadata: trusted ? { trusted: true } : {}
    }))
  };
  // saved as a notebook, so that the server signs the trusted one
  const answer = await page.request.put(`api/contents/${path}`, {
    data: {
      type: 'notebook',
      format: 'json',
      content: JSON.parse(change(JSON.stringify(copy))) as object
    }
  });
  expect(answer.ok()).toBe(true);
  await openNotebook(page, path);
  return new RunWidget(
    page,
    page.locator('.jp-NotebookPanel:visible .jp-KfpRun').first()
  );
}
