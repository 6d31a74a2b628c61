import { expect, test } from '@jupyterlab/galata';

import { openNotebookOf } from '../../pages/notebooks';
import { RunWidget } from '../../pages/run-widget';

/** One pipeline that makes an output of every kind that the Results tab shows. */
const EVERY_KIND = `%%kfp run --as r --no-cache
from kfp import dsl
from typing import Dict, List

@dsl.component
def values() -> Dict[str, int]:
    return {"depth": 3, "rows": 100}

@dsl.component
def words() -> str:
    return "a word " * 2000

@dsl.component
def scores(metrics: dsl.Output[dsl.Metrics], classes: dsl.Output[dsl.ClassificationMetrics], dense: dsl.Output[dsl.ClassificationMetrics], nothing: dsl.Output[dsl.Dataset]):
    dense.log_roc_curve([n / 400 for n in range(401)], [n / 400 for n in range(401)], [1 - n / 400 for n in range(401)])
    open(nothing.path, "w").close()
    metrics.log_metric("accuracy", 0.94)
    classes.log_roc_curve([0.0, 0.3, 1.0], [0.0, 0.8, 1.0], [0.9, 0.5, 0.1])
    classes.log_confusion_matrix(["cat", "dog"], [[31, 2], [4, 63]])

@dsl.component
def texts(note: dsl.Output[dsl.Markdown], report: dsl.Output[dsl.HTML], table: dsl.Output[dsl.Dataset], tree: dsl.Output[dsl.Artifact], long: dsl.Output[dsl.Artifact]):
    with open(note.path, "w") as file:
        file.write("# A note\\n\\nwith *weight* and <b id='raw'>raw</b> ![far](https://tracker.invalid/a.png)\\n")
    with open(report.path, "w") as file:
        file.write("<p id='r'>A report</p><script>document.body.dataset.ran = 'yes'</script><img src='https://tracker.invalid/b.png'>")
    with open(table.path, "w") as file:
        file.write("name,size\\n" + "".join(f"row {n},{n}\\n" for n in range(250)))
    with open(tree.path, "w") as file:
        file.write('{"layers": [1, 2, 3], "name": "net"}')
    with open(long.path, "w") as file:
        file.write("a long line of text\\n" * 200000)

@dsl.component
def pictures(chart: dsl.Output[dsl.Artifact], drawing: dsl.Output[dsl.Artifact], folder: dsl.Output[dsl.Model], huge: dsl.Output[dsl.Artifact]):
    import base64, os
    with open(chart.path, "wb") as file:
        file.write(base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))
    with open(drawing.path, "w") as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>top.kfpHacked = 1</script><circle cx="20" cy="20" r="9"/></svg>')
    os.makedirs(folder.path, exist_ok=True)
    with open(os.path.join(folder.path, "weights"), "w") as file:
        file.write("1 2 3")
    with open(huge.path, "wb") as file:
        file.write(b"\\x89PNG\\r\\n\\x1a\\n")
        file.truncate(5 * 1024 ** 3)

@dsl.pipeline
def kinds():
    values()
    words()
    scores()
    texts()
    pictures()
`;

test('every kind of result is shown as what it is', async ({
  page,
  tmpPath
}) => {
  const elsewhere: string[] = [];
  let loaded = 0;
  // what the page's own policy blocks is announced at times, but never gets here
  await page.route(/tracker\.invalid/, route => {
    elsewhere.push(route.request().url());
    return route.abort();
  });
  page.on('response', response => {
    loaded += Number(response.headers()['content-length'] ?? 0);
  });
  await openNotebookOf(page, `${tmpPath}/kinds.ipynb`, [EVERY_KIND]);
  await page.notebook.runCell(0);
  const widget = RunWidget.inCell(page, 0);
  await widget.show();
  await widget.expectState('Succeeded', 60_000);
  await widget.openTab('Results');
  const { root } = widget;
  const artifact = (name: string) =>
    root.locator('.jp-KfpArtifact').filter({
      has: page
        .locator('.jp-KfpArtifact-name')
        .filter({ hasText: new RegExp(`^${name}$`) })
    });
  const open = async (name: string) => {
    await artifact(name).getByRole('button', { name: 'Open' }).click();
    return artifact(name);
  };

  await test.step('values and metrics', async () => {
    await expect(root.getByText('object with 2 keys')).toBeVisible();
    await expect(
      root.getByRole('row').filter({ hasText: 'accuracy' })
    ).toContainText('0.94');
  });

  await test.step('a long value by its beginning, and all of it on demand', async () => {
    const row = root.getByRole('row').filter({ hasText: 'a word' });
    await expect(row).toContainText('13.7 KiB');
    await row.getByRole('button', { name: 'Show all' }).click();
    await expect(row).toContainText('a word '.repeat(2000));
  });

  await test.step('curve and matrix with their data', async () => {
    const classes = await open('classes');
    await expect(classes.getByRole('img', { name: /ROC curve/ })).toBeVisible();
    await classes.getByText('Show data').first().click();
    await expect(
      classes.getByRole('row').filter({ hasText: '0.8' })
    ).toContainText('0.5');
    await expect(
      classes.getByRole('row').filter({ hasText: /^dog/ })
    ).toContainText('63');
    // more of it than comes with the run
    const dense = await open('dense');
    await dense.getByText('Show data').click();
    await expect(dense).toContainText('Page 1 of 5');
    await expect(await open('nothing')).toContainText('The file is empty');
  });

  await test.step('Markdown without raw HTML and without pictures of others', async () => {
    const note = await open('note');
    await expect(note.getByRole('heading', { name: 'A note' })).toBeVisible();
    await expect(note.locator('em')).toHaveText('weight');
    await expect(note.locator('#raw')).toHaveCount(0);
    await expect(note).toContainText('<b id=');
    await expect(note.locator('img')).toHaveCount(0);
  });

  await test.step('HTML in a closed frame', async () => {
    const report = await open('report');
    const frame = report.frameLocator('iframe').frameLocator('iframe');
    await expect(frame.locator('#r')).toHaveText('A report');
    await expect(frame.locator('body')).toHaveAttribute('data-ran', 'yes');
    await expect(report).toContainText('loads files from other sites');
    await expect(
      report.getByRole('button', { name: 'Allow once' })
    ).toBeVisible();
  });

  await test.step('tables by pages, JSON as a tree, text up to a limit', async () => {
    const table = await open('table');
    await expect(table.getByRole('row')).toHaveCount(101);
    await table.getByRole('button', { name: 'Next' }).click();
    await expect(table.getByRole('cell', { name: 'row 100' })).toBeVisible();
    await expect(table).toContainText('Page 2 of 3');
    const tree = await open('tree');
    await expect(tree).toContainText('list of 3 items');
    const long = await open('long');
    await expect(long).toContainText('Only the first 1.0 MiB are shown');
  });

  await test.step('pictures, folders and files of gigabytes', async () => {
    const chart = await open('chart');
    await expect(chart.getByRole('img', { name: 'chart' })).toHaveAttribute(
      'src',
      /^blob:/
    );
    const drawing = await open('drawing');
    await expect(drawing.locator('img')).toHaveJSProperty('complete', true);
    await expect(drawing.locator('svg')).toHaveCount(0);
    const folder = await open('folder');
    await expect(folder).toContainText('A folder');
    await expect(folder.getByRole('link', { name: 'Download' })).toBeVisible();
    const before = loaded;
    const huge = await open('huge');
    await expect(huge).toContainText('5.0 GiB is too large to show here');
    expect(loaded - before).toBeLessThan(100_000);
  });

  expect(elsewhere).toEqual([]);
  expect(await page.evaluate(() => 'kfpHacked' in window)).toBe(false);
});
