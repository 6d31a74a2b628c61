/**
 * One server per project: `lab` (features), `hub` (base_url, password, XSRF), `token`, `notebook` (Notebook 7), `stories` (the run view
 * alone, drawn from recorded pictures).
 *
 * Only the server of the chosen project starts; `scripts/run-tests.py` names it in JUPYTERLAB_KFP_PROJECT.
 */
import { defineConfig } from '@playwright/test';

import { projectNamed, servers } from './servers/servers';

const chosen = projectNamed(
  process.env.JUPYTERLAB_KFP_PROJECT ??
    process.argv.find(word => word.startsWith('--project='))?.slice(10) ??
    'lab'
);

// two projects may run at once
const results = `test-results/${chosen}`;

export default defineConfig({
  testDir: 'tests',
  outputDir: results,
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [
    ['list'],
    [
      'json',
      {
        outputFile:
          process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? `${results}/report.json`
      }
    ]
  ],
  use: {
    baseURL: servers[chosen].url,
    viewport: { width: 1280, height: 900 },
    // Playwright's own ffmpeg cannot be downloaded everywhere; with video on every page would fail.
    video: 'off',
    // A trace copies the whole page at every step, which a measurement would take for the work of the page.
    trace: chosen.endsWith('bench') ? 'off' : 'retain-on-failure',
    launchOptions: {
      executablePath:
        process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-webgl',
        '--disable-lcd-text',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  projects: [{ name: chosen, testMatch: servers[chosen].tests }],
  webServer: {
    command: servers[chosen].command,
    url: servers[chosen].ready,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    stdout: 'ignore',
    stderr: 'pipe'
  }
});
