// Builds the story page into a folder: node ui-tests/stories/build.mjs FOLDER [production]
import { rspack } from '@rspack/core';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const out = path.resolve(process.argv[2] ?? path.join(here, 'dist'));

const compiler = rspack({
  mode: process.argv[3] ?? 'development',
  devtool: false,
  context: root,
  entry: path.join(here, 'stories.tsx'),
  output: {
    path: out,
    filename: 'stories.js',
    chunkFilename: '[name].chunk.js'
  },
  resolve: {
    extensions: ['.tsx', '.ts', '.js'],
    // a thread is named by the file it becomes
    extensionAlias: { '.js': ['.ts', '.js'] },
    modules: [path.join(root, 'node_modules')],
    conditionNames: [
      'jupyterlab-kfp-source',
      'import',
      'module',
      'require',
      'default'
    ],
    fallback: {
      path: false,
      url: false,
      util: false,
      buffer: false,
      stream: false
    }
  },
  module: {
    rules: [
      {
        test: /\.tsx?$/,
        loader: 'builtin:swc-loader',
        options: {
          jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022' }
        },
        type: 'javascript/auto'
      },
      { test: /\.svg$/, type: 'asset/source' },
      { test: /\.css$/, type: 'asset/source' }
    ]
  }
});
const stats = await new Promise((resolve, reject) =>
  compiler.run((error, done) => (error ? reject(error) : resolve(done)))
);
if (stats.hasErrors()) {
  console.error(stats.toString({ all: false, errors: true }));
  process.exit(1);
}
const read = file => fs.readFileSync(path.join(root, file), 'utf8');
// the sheets in the order of the product
const style = ['base', 'view']
  .flatMap(each => [...read(`style/${each}.css`).matchAll(/url\('(.+?)'\)/g)])
  .map(([, file]) => read(`style/${file}`))
  .join('\n');
const colours = read(
  'node_modules/@jupyterlab/apputils/style/materialcolors.css'
);
const palette = theme =>
  read(
    `.venv/share/jupyter/lab/themes/@jupyterlab/theme-${theme}-extension/index.css`
  );
// what JupyterLab says about outputs of cells applies to runs in them too
const host = ['outputarea', 'rendermime']
  .map(each => read(`node_modules/@jupyterlab/${each}/style/base.css`))
  .join('\n')
  .replace(/@import[^;]+;/g, '');
const frame = `
body { margin: 12px; color: var(--jp-ui-font-color1); background: var(--jp-layout-color0); font-family: var(--jp-ui-font-family); }
.story { margin-bottom: 20px; }
.story > h2 { margin: 0 0 4px; color: var(--jp-ui-font-color2); font-size: 12px; font-weight: 400; }
.story-frame { max-width: 100%; }
`;
for (const theme of ['light', 'dark', 'dark-high-contrast']) {
  // a theme leans on colours that JupyterLab itself brings
  const variables = `${colours}\n${palette(theme)}`;
  fs.writeFileSync(
    path.join(out, `${theme}.html`),
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Stories</title><link rel="icon" href="data:,">` +
      `<style>${variables}\n${host}\n${style}\n${frame}</style></head>` +
      `<body data-jp-theme-light="${theme === 'light'}"><div id="stories"></div><script src="stories.js"></script></body></html>`
  );
}
