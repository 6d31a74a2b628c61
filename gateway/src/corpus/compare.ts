/** Compares what happened in a run with what its case of the corpus declares. */
import { readFileSync } from 'node:fs';

import {
  jsonEqual,
  type Json,
  type OutputValue,
  type RunView,
  type TaskView
} from 'jupyterlab-kfp-model';

import { withFolder, type CorpusCase, type ExpectedArtifact } from './cases.ts';
import type { CorpusService } from './service.ts';

/** Where the workbench's API knows the local service. */
export const LOCAL = '/api/connections/local';

/** A run that has ended. */
export interface Outcome {
  readonly view: RunView;
  /** `state` and `error` on KFP's wire. */
  readonly wire: { readonly state: string; readonly error?: string };
}

/** Differences between an ended run and what its case declares. */
export async function compare(
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

/** What is wrong with a second run of the same, whose tasks should all be cached. */
export function cachedAgain(
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
