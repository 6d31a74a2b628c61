/**
 * Writes the `resolutions` of package.json from JupyterLab's own list of core packages.
 *
 * A fresh `^4` resolution does not install: core packages are published unevenly. Run it after raising
 * `@jupyterlab/core-meta`, for the root and for ui-tests: `node scripts/write-resolutions.mjs [folder]`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const folder = process.argv[2] ?? '.';
const file = path.join(folder, 'package.json');
const core = JSON.parse(
  await readFile('node_modules/@jupyterlab/core-meta/core.package.json', 'utf8')
);
const meta = JSON.parse(
  await readFile('node_modules/@jupyterlab/core-meta/package.json', 'utf8')
);
const manifest = JSON.parse(await readFile(file, 'utf8'));

const pins = { ...manifest.resolutions };
for (const [name, range] of Object.entries(core.resolutions)) {
  if (name.startsWith('@jupyterlab/')) {
    pins[name] = range.replace(/^[~^]/, '');
  }
}
for (const name of ['testutils', 'testing', 'core-meta']) {
  pins[`@jupyterlab/${name}`] = meta.version;
}
manifest.resolutions = Object.fromEntries(
  Object.entries(pins).sort(([a], [b]) => (a < b ? -1 : 1))
);
await writeFile(file, `${JSON.stringify(manifest, null, 4)}\n`);
