/** A real engine over a real database, with tasks that are functions. Only tests import this. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Json, Machine, PipelineDocument } from 'jupyterlab-kfp-model';

import { openDatabase, type Database } from '../../store/database.ts';
import { ExecutionStore } from '../../store/execution.ts';
import type {
  AttemptListener,
  AttemptResult,
  AttemptSpec,
  TaskCheck,
  TaskRunner
} from '../../tasks/contract.ts';
import type { Engine, EngineRun, TaskRecord } from '../contract.ts';
import { createEngine } from '../engine.ts';
import { storedTasks } from '../restore.ts';

/** Runs with more tasks are not compared with the database after each change: it takes the square of their number. */
const COMPARED = 60;

/** What a task does: its outputs by name (text of a file for an artifact), or an exception to fail. */
export type Body = (call: {
  /** Parameters as the component sees them. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly artifacts: Readonly<Record<string, readonly ArtifactInput[]>>;
  readonly spec: AttemptSpec;
  readonly listener: AttemptListener;
}) => Readonly<Record<string, Json>> | Promise<Readonly<Record<string, Json>>>;

export interface ArtifactInput {
  readonly name: string;
  readonly uri: string;
  readonly metadata: Readonly<Record<string, Json>>;
}

interface ExecutorInput {
  readonly inputs: {
    readonly parameterValues: Readonly<Record<string, Json>>;
    readonly artifacts: Readonly<
      Record<string, { readonly artifacts: readonly ArtifactInput[] }>
    >;
  };
}

/** Runs functions in place of containers, told apart by their image. */
export class FunctionRunner implements TaskRunner {
  readonly bodies = new Map<string, Body>();
  /** Every attempt that was begun. */
  readonly started: AttemptSpec[] = [];
  readonly canceled = new Set<string>();
  /** Answer of `check`. */
  answer: TaskCheck = {
    isolation: 'process',
    refusals: [],
    warnings: [],
    packages: []
  };
  /** Answer of `withoutContainers`. */
  noContainers: string | undefined =
    'it needs docker or podman. Neither answers.';
  /** Every question of `check`. */
  readonly asked: Parameters<TaskRunner['check']>[0][] = [];
  /** Most attempts at once. */
  peak = 0;
  private _running = 0;

  async run(
    spec: AttemptSpec,
    listener: AttemptListener
  ): Promise<AttemptResult> {
    this.started.push(spec);
    this._running += 1;
    this.peak = Math.max(this.peak, this._running);
    const now = (): string => new Date().toISOString();
    listener.started({ pid: 1, startedAt: now() });
    try {
      const { inputs } = spec.executorInput as unknown as ExecutorInput;
      const body = this.bodies.get(spec.image);
      const given = await body?.({
        inputs: inputs.parameterValues,
        artifacts: Object.fromEntries(
          Object.entries(inputs.artifacts).map(([name, list]) => [
            name,
            list.artifacts
          ])
        ),
        spec,
        listener
      });
      return {
        outcome: 'succeeded',
        finishedAt: now(),
        warnings: [],
        outputs: outputsOf(spec, given ?? {})
      };
    } catch (error) {
      return this.canceled.has(spec.attemptId)
        ? { outcome: 'canceled', finishedAt: now() }
        : {
            outcome: 'failed',
            finishedAt: now(),
            exitCode: 1,
            code: 'exit',
            message: error instanceof Error ? error.message : String(error),
            outputs: { parameters: {}, artifacts: {} }
          };
    } finally {
      this._running -= 1;
    }
  }

  adopt(): Promise<AttemptResult | undefined> {
    return Promise.resolve(undefined);
  }

  cancel(attemptId: string): void {
    this.canceled.add(attemptId);
  }

  check(question: Parameters<TaskRunner['check']>[0]): Promise<TaskCheck> {
    this.asked.push(question);
    return Promise.resolve(this.answer);
  }

  withoutContainers(): Promise<string | undefined> {
    return Promise.resolve(this.noContainers);
  }

  machine(): Promise<Machine> {
    return Promise.resolve({
      containers: false,
      mounts: false,
      has: () => true
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function outputsOf(
  spec: AttemptSpec,
  given: Readonly<Record<string, Json>>
): Extract<AttemptResult, { outcome: 'succeeded' }>['outputs'] {
  return {
    parameters: Object.fromEntries(
      Object.keys(spec.outputs.parameters)
        .filter(name => given[name] !== undefined)
        .map(name => [name, given[name] ?? null])
    ),
    artifacts: Object.fromEntries(
      Object.entries(spec.outputs.artifacts).map(([name, { uri, path }]) => {
        if (typeof given[name] === 'string') {
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, given[name]);
        }
        return [
          name,
          [
            {
              name,
              type: { schemaTitle: 'system.Artifact' },
              uri,
              metadata: {}
            }
          ]
        ];
      })
    )
  };
}

/** What a run came to. */
export interface Outcome {
  readonly runId: string;
  readonly state: string;
  /** The message of the root. */
  readonly error: string | undefined;
  /** By path without `root.`; the root under `root`. */
  readonly tasks: Readonly<Record<string, TaskRecord>>;
  /** States by path. */
  readonly states: Readonly<Record<string, string>>;
  /** Parameters of the pipeline's outputs. */
  readonly outputs: Readonly<Record<string, Json>>;
}

export class TestEngine {
  readonly runner = new FunctionRunner();
  readonly folder = mkdtempSync(join(tmpdir(), 'kfp-engine-'));
  readonly store: ExecutionStore;
  readonly faults: unknown[] = [];
  engine: Engine;
  private readonly _database: Database;
  private readonly _runs = new Map<string, EngineRun>();
  private readonly _maxTasks: number | undefined;
  private _ids = 0;

  constructor(options: { readonly maxTasks?: number } = {}) {
    this._maxTasks = options.maxTasks;
    this._database = openDatabase(join(this.folder, 'data', 'service.db'));
    this.store = new ExecutionStore(this._database);
    this.engine = this._open();
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get configDir(): string {
    return join(this.folder, 'config');
  }

  /** What each container does, by the name of its component. */
  does(bodies: Readonly<Record<string, Body>>): this {
    for (const [name, body] of Object.entries(bodies)) {
      this.runner.bodies.set(name, body);
    }
    return this;
  }

  make(
    document: PipelineDocument,
    parameters: Readonly<Record<string, Json>> = {},
    more: Partial<EngineRun> = {}
  ): EngineRun {
    const now = new Date().toISOString();
    return {
      runId: `run-${this._ids++}`,
      name: 'a run',
      document,
      parameters,
      createdAt: now,
      scheduledAt: now,
      ...more
    };
  }

  /** Start, and answer when it has ended. */
  async run(
    document: PipelineDocument,
    parameters: Readonly<Record<string, Json>> = {},
    more: Partial<EngineRun> = {}
  ): Promise<Outcome> {
    const run = this.make(document, parameters, more);
    this.start(run);
    return this.ended(run.runId);
  }

  start(run: EngineRun): void {
    this._runs.set(run.runId, run);
    this.engine.start(run);
  }

  async ended(runId: string): Promise<Outcome> {
    const root = (): TaskRecord | undefined =>
      this.engine.tasks(runId).find(task => task.path === 'root');
    while (root()?.finishedAt === undefined) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(done, 50);
        const stop = this.engine.onChange(done);
        function done(): void {
          clearTimeout(timer);
          stop();
          resolve();
        }
      });
    }
    return this.outcome(runId);
  }

  outcome(runId: string): Outcome {
    const records = this.engine.tasks(runId);
    const tasks = Object.fromEntries(
      records.map(task => [task.path.replace(/^root\./, ''), task])
    );
    const { root, ...others } = tasks;
    return {
      runId,
      state: root?.state ?? '',
      error: root?.error?.message,
      tasks,
      states: Object.fromEntries(
        Object.entries(others).map(([path, task]) => [path, task.state])
      ),
      outputs: root?.outputs.parameters ?? {}
    };
  }

  /** As after a crash: a new engine over the same database. */
  async restart(): Promise<void> {
    await this.engine.close();
    this.engine = this._open();
    await this.engine.recover();
  }

  async close(): Promise<void> {
    await this.engine.close();
    this._database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private _open(): Engine {
    const engine = createEngine({
      store: this.store,
      runner: this.runner,
      dataDir: this.dataDir,
      configDir: this.configDir,
      now: Date.now,
      random: Math.random,
      newId: () => `id-${this._ids++}`,
      loadRun: runId => this._runs.get(runId),
      onFault: (_runId, error) => this.faults.push(error),
      ...(this._maxTasks === undefined ? {} : { maxTasks: this._maxTasks })
    });
    engine.onChange(({ runId }) => this._compare(engine, runId));
    return engine;
  }

  /** After each transaction the engine tells what the database says; what it remembers of tasks is never stale. */
  private _compare(engine: Engine, runId: string): void {
    const told = engine.tasks(runId);
    if (told.length > COMPARED) {
      return;
    }
    try {
      assert.deepEqual(
        JSON.parse(JSON.stringify(told)),
        JSON.parse(JSON.stringify(storedTasks(this.store, runId)))
      );
    } catch (error) {
      this.faults.push(error);
    }
  }
}
