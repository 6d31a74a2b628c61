// Takes the pictures of docs/gallery.md from the story page and writes the page: node scripts/make-gallery.mjs
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/* global window -- inside page.evaluate */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(path.join(root, 'ui-tests', 'package.json'));
const { chromium } = require('@playwright/test');

/** Chapters of the gallery with their stories; widths in pixels, themes as in JupyterLab. */
const CHAPTERS = [
  {
    title: 'What a run says',
    stories:
      'draft sent pending pending-unknown running watched-only retrying warned succeeded same-names failed failed-silently refused canceling canceled skipped paused unknown folded task-states'
  },
  {
    title: 'How fresh the picture is',
    text: 'The chip says it, and beside it stands the way on. A run that has ended shows no chip.',
    stories:
      'link-live link-polling link-stale link-offline link-sign-in link-no-access link-not-found link-unknown-connection snapshot untrusted'
  },
  {
    title: 'Tabs',
    stories:
      'tab-graph tab-tasks tab-timeline tab-logs tab-results tab-inputs detail'
  },
  {
    title: 'Several runs of one cell',
    stories: 'sweep sweep-many compare compare-running compare-many compare-one'
  },
  {
    title: 'Loops, conditions, and many tasks',
    stories:
      'loop loop-tasks loop-timeline loop-nested loop-open none one sixty wide-graph wide-graph-document blocks four-hundred thousand rounds thousand-tasks thousand-timeline five-thousand'
  },
  {
    title: 'The document',
    stories:
      'document document-source document-attempts document-volumes document-volumes-local'
  },
  {
    title: 'A new run',
    stories: 'new-run new-run-faults'
  },
  {
    title: 'What cannot be read, and what means harm',
    text: 'In place of a payload that cannot be read stands another form of the output.',
    stories: 'newer damaged hostile hostile-document'
  },
  {
    title: 'Dark and high contrast',
    stories: 'running failed succeeded tab-tasks tab-logs loop',
    themes: ['dark', 'dark-high-contrast']
  },
  {
    title: 'In 260 pixels',
    stories:
      'running failed succeeded snapshot link-stale tab-logs tab-results tab-inputs',
    width: 260
  }
];

const built = fs.mkdtempSync(path.join(os.tmpdir(), 'jupyterlab-kfp-gallery-'));
const images = path.join(root, 'docs', 'images', 'gallery');
fs.rmSync(images, { recursive: true, force: true });
fs.mkdirSync(images, { recursive: true });
execFileSync(process.execPath, [
  path.join(root, 'ui-tests', 'stories', 'build.mjs'),
  built,
  'production'
]);
const server = http.createServer((request, response) => {
  const name = path.basename(new URL(request.url, 'http://x').pathname);
  const file = path.join(built, name);
  if (!fs.existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  const type = name.endsWith('.html') ? 'text/html' : 'text/javascript';
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
  fs.createReadStream(file).pipe(response);
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath:
    process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-lcd-text']
});
const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
const lines = [
  '# Gallery',
  '',
  'Every face of a run, drawn from recorded pictures. `node scripts/make-gallery.mjs` makes this page anew.'
];
for (const chapter of CHAPTERS) {
  const width = chapter.width ?? 860;
  lines.push('', `## ${chapter.title}`);
  if (chapter.text) {
    lines.push('', chapter.text);
  }
  for (const theme of chapter.themes ?? ['light']) {
    for (const story of chapter.stories.split(' ')) {
      await page.goto(
        `${address}/${theme}.html?story=${story}&width=${width}&height=${{ compare: 1090, 'task-states': 520 }[story] ?? 440}`
      );
      const frame = page.locator('.story-frame');
      await frame.locator('.jp-KfpRun, .jp-KfpForm').first().waitFor();
      // layouts of large graphs and recorded logs come a moment later
      await page.waitForTimeout(
        /graph|logs|loop|sixty|blocks|thousand|rounds|document|volumes/.test(
          story
        )
          ? 700
          : 60
      );
      const suffix = `${theme === 'light' ? '' : `-${theme}`}${chapter.width ? `-${width}` : ''}`;
      const name = `${story}${suffix}.png`;
      await frame.screenshot({
        path: path.join(images, name),
        animations: 'disabled'
      });
      const title = await page.evaluate(
        each => window.kfpStories.titles[each],
        story
      );
      const where = theme === 'light' ? '' : ` (${theme.replaceAll('-', ' ')})`;
      lines.push(
        '',
        `**${title}**${where}`,
        '',
        `![${title}](images/gallery/${name})`
      );
    }
  }
}
await browser.close();
server.close();
fs.rmSync(built, { recursive: true, force: true });
fs.writeFileSync(
  path.join(root, 'docs', 'gallery.md'),
  `${lines.join('\n')}\n`
);
const bytes = fs
  .readdirSync(images)
  .reduce((sum, file) => sum + fs.statSync(path.join(images, file)).size, 0);
console.log(
  `${fs.readdirSync(images).length} pictures, ${Math.round(bytes / 1024)} KB`
);
