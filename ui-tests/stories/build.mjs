// Builds the story page into a folder: node ui-tests/stories/build.mjs FOLDER
import { rspack } from '@rspack/core';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const out = path.resolve(process.argv[2] ?? path.join(here, 'dist'));

const compiler = rspack({
  mode: 'development',
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
const style = [
  'tokens',
  'controls',
  'frame',
  'summary',
  'panels',
  'ansi',
  'sidebar'
]
  .map(each => read(`style/${each}.css`))
  .join('\n');
const colours = read(
  'node_modules/@jupyterlab/apputils/style/materialcolors.css'
);
const palette = theme =>
  read(
    `.venv/share/jupyter/lab/themes/@jupyterlab/theme-${theme}-extension/index.css`
  );
for (const theme of ['light', 'dark', 'dark-high-contrast']) {
  // a theme leans on colours that JupyterLab itself brings
  const variables = `${colours}\n${palette(theme)}`;
  fs.writeFileSync(
    path.join(out, `${theme}.html`),
    `<!DOCTYPE html><meta charset="utf-8"><title>Stories</title><style>${variables}\n${style}\nbody{margin:12px;background:var(--jp-layout-color0)}</style><div id="story"></div><script src="stories.js"></script>`
  );
}
