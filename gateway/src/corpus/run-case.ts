/** Runs one case of the corpus through the API and says what differs from what it declares. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  jsonEqual,
  type Json,
  type OutputValue,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';

import {
  CORPUS,
  withFolder,
  type CorpusCase,
  type ExpectedArtifact
} from './cases.ts';
import type { CorpusService } from './service.ts';

const KFP = '/c/local/apis/v2beta1';
const LOCAL = '/api/connections/local';
/** Seconds a run may take, also on a busy machine with one worker. */
const LIMIT = 180;
/** Seconds that installing packages may take. */
const INSTALL = 120;

/** A run that has ended. */
export interface Outcome {
  readonly view: RunView;
  /** `state` and `error` on KFP's wire. */
  readonly wire: { readonly state: string; readonly error?: string };
}

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

async function compare(
  service: CorpusService,
  one: CorpusCase,
  { view, wire: { state, error } }: Outcome,
  folder: string
): Promise<string[]> {
  const differences: string[] = [];
  const wanted = one.expect === 'failed' ? 'FAILED' : 'SUCCEEDED';
  const tasks = new Map(
    Object.values(view.tasks).map(task => [`root.${task.path}`, task])
  );
  if (state !== wanted) {
    differences.push(
      `the run is ${state}, not ${wanted}: ${error ?? ''}`,
      ...[...tasks].flatMap(([path, task]) =>
        task.failure === undefined ? [] : [`${path}: ${task.failure.reason}`]
      )
    );
  }
  differences.push(...compareStates(one, tasks));
  for (const [path, values] of Object.entries(
    one.expected_task_outputs ?? {}
  )) {
    differences.push(
      ...compareParameters(path, values, tasks.get(path)?.outputs ?? [])
    );
  }
  const outputs = view.outputs ?? [];
  const { parameters, artifacts } = one.expected_outputs ?? {};
  differences.push(...compareParameters('root', parameters ?? {}, outputs));
  for (const [name, list] of Object.entries(artifacts ?? {})) {
    differences.push(
      ...(await compareArtifacts(service, view.run.run_id, name, list, outputs))
    );
  }
  for (const [path, count] of Object.entries(one.expected_attempts ?? {})) {
    const attempts = tasks.get(path)?.attempts.length;
    if (attempts !== count) {
      differences.push(`${path} had ${attempts} attempts, not ${count}`);
    }
  }
  for (const [path, lines] of Object.entries(one.expected_logs ?? {})) {
    const id = tasks.get(path)?.id ?? '';
    const { text } = await service.ask(
      `${LOCAL}/runs/${view.run.run_id}/tasks/${id}/log/download`
    );
    differences.push(
      ...lines
        .filter(line => !text.includes(line))
        .map(
          line => `the log of ${path} lacks ${JSON.stringify(line)}: ${text}`
        )
    );
  }
  for (const [file, text] of Object.entries(
    withFolder((one.expected_files ?? {}) as Json, folder) as Readonly<
      Record<string, string>
    >
  )) {
    const found = readText(file);
    if (found !== text) {
      differences.push(`${file} holds ${JSON.stringify(found)}`);
    }
  }
  return differences;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Cached is succeeded, and not reached is skipped, in the words of the corpus. */
function compareStates(
  one: CorpusCase,
  tasks: ReadonlyMap<string, TaskView>
): readonly string[] {
  if (one.expected_tasks === undefined) {
    return [];
  }
  const words: Readonly<Record<string, string>> = {
    CACHED: 'SUCCEEDED',
    NOT_REACHED: 'SKIPPED'
  };
  const states = new Map(
    [...tasks].map(([path, task]) => [path, words[task.state] ?? task.state])
  );
  return [
    ...Object.entries(one.expected_tasks)
      .filter(
        ([path, state]) =>
          states.get(path) !== state &&
          !(state === 'SKIPPED' && !states.has(path))
      )
      .map(
        ([path, state]) =>
          `${path} is ${states.get(path)}, not ${state}: ${tasks.get(path)?.failure?.reason ?? tasks.get(path)?.reason ?? ''}`
      ),
    ...[...states]
      .filter(
        ([path, state]) =>
          state !== 'SKIPPED' && one.expected_tasks?.[path] === undefined
      )
      .map(([path, state]) => `${path} is not expected, and ${state}`)
  ];
}

function compareParameters(
  path: string,
  wanted: Readonly<Record<string, Json>>,
  outputs: readonly OutputValue[]
): readonly string[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const json = outputs.find(
      output => output.kind === 'param' && output.name === name
    )?.json;
    const found = json === undefined ? null : (JSON.parse(json) as Json);
    const allowed = oneOf(value) ?? [value];
    return allowed.some(each => jsonEqual(each, found))
      ? []
      : [`output ${name} of ${path} is ${json}, not ${JSON.stringify(value)}`];
  });
}

function oneOf(value: Json): readonly Json[] | undefined {
  if (typeof value !== 'object' || value === null || !('one_of' in value)) {
    return undefined;
  }
  const list = value.one_of;
  return Array.isArray(list) ? (list as readonly Json[]) : undefined;
}

async function compareArtifacts(
  service: CorpusService,
  runId: string,
  name: string,
  wanted: readonly ExpectedArtifact[],
  outputs: readonly OutputValue[]
): Promise<readonly string[]> {
  const found = outputs.filter(
    output => output.kind === 'artifact' && output.name === name
  );
  if (found.length !== wanted.length) {
    return [
      `output ${name} has ${found.length} artifacts, not ${wanted.length}`
    ];
  }
  const differences: string[] = [];
  for (const [index, artifact] of wanted.entries()) {
    const output = found[index];
    const where = `artifact ${name}[${index}]`;
    if (artifact.type !== undefined && output?.type !== artifact.type) {
      differences.push(`${where} is ${output?.type}, not ${artifact.type}`);
    }
    if (artifact.metadata !== undefined) {
      const metadata = JSON.parse(output?.metadata ?? '{}') as Json;
      if (!jsonEqual(metadata, artifact.metadata)) {
        differences.push(`${where} has the metadata ${output?.metadata}`);
      }
    }
    if (artifact.text !== undefined) {
      const bytes = await service.bytes(
        `${LOCAL}/runs/${runId}/artifacts/${output?.artifact_id}`
      );
      if (bytes.toString('utf8') !== artifact.text) {
        differences.push(`${where} holds ${JSON.stringify(bytes.toString())}`);
      }
    }
  }
  return differences;
}

function cachedAgain(
  first: Outcome,
  second: Outcome | undefined
): readonly string[] {
  if (second?.wire.state !== 'SUCCEEDED') {
    return [`the second run is ${second?.wire.state}`];
  }
  const parameters = ({ view }: Outcome): Json =>
    (view.outputs ?? [])
      .filter(output => output.kind !== 'artifact')
      .map(({ name, json }) => [name, json ?? '']);
  return [
    ...Object.values(second.view.tasks)
      .filter(task => task.image !== undefined && task.state !== 'SKIPPED')
      .filter(
        task =>
          task.state !== 'CACHED' ||
          task.cached_from?.run_id === second.view.run.run_id
      )
      .map(task => `${task.path} is ${task.state} in the second run`),
    ...(jsonEqual(parameters(first), parameters(second))
      ? []
      : ['the second run has other outputs'])
  ];
}
