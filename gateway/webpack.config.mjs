/**
 * Bundles the gateway into a few ES modules that the Python package ships.
 *
 * Python and YAML resources beside the sources are inlined as text, so that the bundle needs no files around it.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

export default {
  mode: 'production',
  target: 'node22',
  context: here,
  entry: './src/main.ts',
  devtool: 'source-map',
  experiments: { outputModule: true },
  externalsPresets: { node: true },
  output: {
    path: path.join(here, '..', 'jupyterlab_kfp', 'node'),
    filename: 'gateway.mjs',
    chunkFormat: 'module',
    module: true,
    library: { type: 'module' },
    clean: true
  },
  optimization: {
    minimize: true,
    minimizeOptions: {
      // One character beyond Latin-1 would make V8 keep the whole source in memory at two bytes each.
      javascript: { compress: { passes: 2 }, format: { ascii_only: true } }
    },
    // Node holds a file several times while it compiles it: of one file of 1.7 MB the C library kept 5 MB for good.
    splitChunks: { chunks: 'all', minSize: 150_000, maxSize: 450_000 },
    runtimeChunk: false
  },
  resolve: {
    extensions: ['.ts', '.mjs', '.js'],
    // The rest is webpack's own: `require` and `import` of one package may differ.
    conditionNames: ['jupyterlab-kfp-source', '...']
  },
  module: {
    // What `require` of `createRequire` names is bundled like the rest, and runs when it is first asked for.
    parser: { javascript: { createRequire: true } },
    rules: [
      {
        test: /\.ts$/,
        exclude: /node_modules/,
        loader: 'ts-loader',
        options: {
          configFile: path.join(here, 'tsconfig.bundle.json'),
          transpileOnly: true,
          onlyCompileBundledFiles: true
        }
      },
      {
        test: /\.(py|yaml)$/,
        type: 'asset/inline',
        generator: { dataUrl: { encoding: 'base64', mimetype: 'text/plain' } }
      }
    ]
  },
  // Optional accelerators of `ws`; it works without.
  externals: {
    bufferutil: 'commonjs bufferutil',
    'utf-8-validate': 'commonjs utf-8-validate'
  },
  stats: 'errors-warnings',
  performance: { hints: false }
};
