/** Attempts for the tests of this folder: real runners, real processes, each test file in a folder of its own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type {
  AttemptListener,
  AttemptResult,
  AttemptSpec,
  TaskRunner
} from './contract.ts';
import { createTaskRunner } from './task-runner.ts';
import type { TaskSettings } from './settings.ts';

/** The Python that the checkout's tests use. */
export const PYTHON = path.resolve(
  import.meta.dirname,
  '../../../../.venv/bin/python'
);

const RUN =
  'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --component_module_path "$program_path/ephemeral_component.py" "$@"\n';

/** A listener that does not care. */
export const quiet: AttemptListener = {
  waiting: () => undefined,
  ready: () => Promise.resolve(),
  started: () => undefined,
  warning: () => undefined
};

/** For attempts whose outputs do not matter. */
export const none: AttemptSpec['outputs'] = {
  outputFile: '/nowhere/x',
  parameters: {},
  artifacts: {}
};

/** A data folder with what runs in it. */
export class Bench {
  readonly dataDir = mkdtempSync(path.join(tmpdir(), 'tasks-'));
  readonly #runners: TaskRunner[] = [];
  #count = 0;

  runner(settings: TaskSettings = {}): TaskRunner {
    const runner = createTaskRunner({
      dataDir: this.dataDir,
      interpreter: PYTHON,
      settings,
      clock: Date.now
    });
    this.#runners.push(runner);
    return runner;
  }

  attempt(change: Partial<AttemptSpec>): AttemptSpec {
    const id = `a${process.pid}-${this.#count++}`;
    const folder = path.join(this.dataDir, 'runs', id);
    const outputFile = path.join(folder, 'executor_output.json');
    const file = path.join(folder, 'params', 'Output');
    return {
      attemptId: id,
      runId: 'r',
      taskId: 't',
      index: 0,
      folder,
      image: 'python:3.11',
      command: [],
      args: [],
      env: [],
      executorInput: {
        inputs: { parameterValues: { a: 3 } },
        outputs: { outputFile, parameters: { Output: { outputFile: file } } }
      },
      outputs: {
        outputFile,
        parameters: { Output: { type: 'NUMBER_INTEGER', file } },
        artifacts: {}
      },
      isolation: 'process',
      mounts: [],
      secretEnv: [],
      podName: 'p',
      ...change
    };
  }

  /** Let go of everything. */
  async close(): Promise<void> {
    for (const runner of this.#runners) {
      await runner.close();
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** A Python component `f(a: int) -> int` with this body. */
export function component(
  body: string,
  head = ''
): Pick<AttemptSpec, 'command' | 'args'> {
  const lines = body
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n');
  const source = `from kfp.dsl import *\n${head}\ndef f(a: int) -> int:\n${lines}\n`;
  return {
    command: ['sh', '-ec', RUN, source],
    args: ['--executor_input', '{}', '--function_to_execute', 'f']
  };
}

/** The log of an attempt. */
export function logOf(spec: AttemptSpec): string {
  const file = path.join(spec.folder, 'log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The sentence of a failed attempt; anything else is an error. */
export function messageOf(result: AttemptResult | undefined): string {
  if (result?.outcome !== 'failed') {
    throw new Error(`not failed: ${JSON.stringify(result)}`);
  }
  return result.message;
}

/** Wait until something is so; throws after ten seconds. */
export async function until(is: () => boolean): Promise<void> {
  for (let n = 0; n < 500; n++) {
    if (is()) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within ten seconds');
}
