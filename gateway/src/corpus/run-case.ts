/** Runs one case of the corpus through the API and says what differs from what it declares. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Json, RunView } from 'jupyterlab-kfp-model';

import { CORPUS, withFolder, type CorpusCase } from './cases.ts';
import { cachedAgain, compare, LOCAL, type Outcome } from './compare.ts';
import type { CorpusService } from './service.ts';

const KFP = '/c/local/apis/v2beta1';
/** Seconds a run may take, also on a busy machine with one worker. */
const LIMIT = 180;
/** Seconds that installing packages may take. */
const INSTALL = 120;

/** Differences between what happened and what the case declares; empty = it passed. */
export async function runCase(
  service: CorpusService,
  one: CorpusCase,
  options: { readonly hasMounts: boolean }
): Promise<readonly string[]> {
  const folder = service.folder();
  setUp(service, one);
  const name = `case-${uploads++}`;
  const uploaded = await upload(service, one, name);
  if (one.expect === 'invalid') {
    return refusedUpload(service, one, uploaded, name);
  }
  if (uploaded.status !== 200) {
    return [`the upload answered ${uploaded.status}: ${uploaded.text}`];
  }
  const { pipeline_id: pipelineId } = JSON.parse(uploaded.text) as {
    pipeline_id: string;
  };
  const create = () =>
    service.ask(`${KFP}/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        display_name: basename(one.file),
        pipeline_version_reference: { pipeline_id: pipelineId },
        runtime_config: {
          parameters: withFolder(one.arguments as Json, folder)
        }
      })
    });
  const created = await create();
  if (created.status >= 400 && created.status < 500) {
    const wanted =
      one.may_refuse === true ||
      (one.expect === 'refused-or-succeeded' && !options.hasMounts);
    return wanted && /Task \S+ (cannot run here|mounts)/.test(created.text)
      ? []
      : [`the run was refused: ${created.text}`];
  }
  if (created.status !== 200) {
    return [`creating the run answered ${created.status}: ${created.text}`];
  }
  const runId = runIdOf(created.text);
  if (one.action !== undefined) {
    return terminated(service, runId, one.action.terminate_after_seconds);
  }
  const seconds =
    LIMIT +
    (one.slow_seconds ?? 0) +
    (one.requires?.includes('package-index') === true ? INSTALL : 0);
  const outcome = await ended(service, runId, seconds);
  if (outcome === undefined) {
    return [`the run has not ended after ${seconds} s`];
  }
  const differences = await compare(service, one, outcome, folder);
  if (one.rerun === 'cached' && differences.length === 0) {
    const again = await ended(service, runIdOf((await create()).text), seconds);
    differences.push(...cachedAgain(outcome, again));
  }
  return differences;
}

function runIdOf(text: string): string {
  return (JSON.parse(text) as { run_id: string }).run_id;
}

function setUp(service: CorpusService, one: CorpusCase): void {
  for (const [name, keys] of Object.entries(one.setup?.secrets ?? {})) {
    const folder = join(service.configDir, 'secrets', name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [key, value] of Object.entries(keys)) {
      writeFileSync(join(folder, key), value, { mode: 0o600 });
    }
  }
  for (const name of one.setup?.volumes ?? []) {
    mkdirSync(join(service.dataDir, 'volumes', name), { recursive: true });
  }
}

let uploads = 0;

function upload(service: CorpusService, one: CorpusCase, name: string) {
  const form = new FormData();
  form.set(
    'uploadfile',
    new Blob([readFileSync(join(CORPUS, one.file))]),
    basename(one.file)
  );
  return service.ask(`${KFP}/pipelines/upload?name=${name}`, {
    method: 'POST',
    body: form
  });
}

async function refusedUpload(
  service: CorpusService,
  one: CorpusCase,
  answer: { readonly status: number; readonly text: string },
  name: string
): Promise<readonly string[]> {
  const differences: string[] = [];
  if (answer.status !== 400) {
    differences.push(`the upload answered ${answer.status}, not 400`);
  }
  if (!answer.text.includes(one.expected_error ?? '')) {
    differences.push(`the error is ${answer.text}`);
  }
  const stored = await service.ask(
    `${KFP}/pipelines?page_size=1000&filter=${encodeURIComponent(
      JSON.stringify({
        predicates: [{ operation: 'EQUALS', key: 'name', string_value: name }]
      })
    )}`
  );
  if (stored.text.includes(name)) {
    differences.push('the refused upload was stored');
  }
  return differences;
}

async function wire(
  service: CorpusService,
  runId: string
): Promise<Outcome['wire']> {
  const { text } = await service.ask(`${KFP}/runs/${runId}`);
  const run = JSON.parse(text) as {
    state?: string;
    error?: { message?: string };
  };
  return {
    state: run.state ?? '',
    ...(run.error?.message === undefined ? {} : { error: run.error.message })
  };
}

async function viewOf(service: CorpusService, runId: string): Promise<RunView> {
  const { text } = await service.ask(`${LOCAL}/runs/${runId}/view`);
  return (JSON.parse(text) as { view: RunView }).view;
}

/** Wait for a run; one that takes longer is stopped and gives `undefined`. */
export async function ended(
  service: CorpusService,
  runId: string,
  seconds: number
): Promise<Outcome | undefined> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const now = await wire(service, runId);
    if (now.state === 'SUCCEEDED' || now.state === 'FAILED') {
      return { wire: now, view: await viewOf(service, runId) };
    }
    await sleep(100);
  }
  await service.ask(`${KFP}/runs/${runId}:terminate`, { method: 'POST' });
  return undefined;
}

async function terminated(
  service: CorpusService,
  runId: string,
  after: number
): Promise<readonly string[]> {
  while ((await wire(service, runId)).state === 'PENDING') {
    await sleep(100);
  }
  await sleep(after * 1000);
  await service.ask(`${KFP}/runs/${runId}:terminate`, { method: 'POST' });
  const outcome = await ended(service, runId, 15);
  if (outcome === undefined) {
    return ['the run has not ended 15 s after it was terminated'];
  }
  const differences: string[] = [];
  if (outcome.wire.state !== 'FAILED') {
    differences.push(`the state is ${outcome.wire.state}, not FAILED`);
  }
  if (outcome.wire.error !== 'terminated by user') {
    differences.push(`the error is ${outcome.wire.error}`);
  }
  if (outcome.view.run.state !== 'CANCELED') {
    differences.push(`people see ${outcome.view.run.state}, not CANCELED`);
  }
  differences.push(
    ...processesOf(join(service.dataDir, 'runs', runId)).map(
      pid => `process ${pid} is left`
    )
  );
  return differences;
}

/** Processes that work below a folder; Linux only, elsewhere none are seen. */
function processesOf(folder: string): readonly string[] {
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return pids.filter(pid => {
    try {
      const words = readFileSync(`/proc/${pid}/environ`, 'utf8');
      return words.includes(folder);
    } catch {
      return false; // it ended, or belongs to somebody else
    }
  });
}
