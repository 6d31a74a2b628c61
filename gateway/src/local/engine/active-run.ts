/** One run that is not final: its scheduler, its attempts and its timers. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Json } from 'jupyterlab-kfp-model';

import type {
  AttemptListener,
  AttemptOutputs,
  AttemptResult,
  TaskCheck
} from '../tasks/contract.ts';
import { attemptFolder, attemptSpec, platformOf } from './attempt-spec.ts';
import { cacheKey } from './cache-key.ts';
import type {
  AttemptRecord,
  EngineRun,
  EngineRunState,
  TaskRecord
} from './contract.ts';
import { TaskError } from './engine-error.ts';
import type { EngineShell } from './engine.ts';
import { failedStart } from './failed-start.ts';
import { importArtifact, localPath } from './importer.ts';
import { attemptName } from './names.ts';
import { mountPaths } from './platform.ts';
import { saveNodes } from './restore.ts';
import type { Command, Event, Scheduler } from './scheduler.ts';
import {
  emptyScope,
  isFinal,
  recordOf,
  type Scope,
  type TaskNode
} from './task-node.ts';
import { createVolume, deleteVolume, volumeAction } from './volumes.ts';

/** TERM, then this many milliseconds, then KILL. */
const GRACE = 10_000;

export class ActiveRun {
  readonly run: EngineRun;
  readonly scheduler: Scheduler;
  private readonly _engine: EngineShell;
  private readonly _timers = new Set<NodeJS.Timeout>();
  private readonly _checks = new Map<string, Promise<TaskCheck>>();
  private _isDetached = false;

  constructor(parts: {
    readonly engine: EngineShell;
    readonly run: EngineRun;
    readonly scheduler: Scheduler;
  }) {
    this._engine = parts.engine;
    this.run = parts.run;
    this.scheduler = parts.scheduler;
    this._watchDeadline();
  }

  records(): readonly TaskRecord[] {
    return [...this.scheduler.tree.nodes()].map(recordOf);
  }

  record(taskId: string): TaskRecord | undefined {
    const node = this.scheduler.tree.byId(taskId);
    return node === undefined ? undefined : recordOf(node);
  }

  /** Apply an event, store what changed in one transaction, then do what the scheduler asks. */
  dispatch(event: Event, alsoStore: () => void = () => undefined): void {
    if (this._isDetached) {
      return;
    }
    const commands = this.scheduler.handle(event, this._options.now());
    this._commit(commands, alsoStore);
  }

  /** Go on after a restart or a retry. */
  resume(forgotten: readonly string[]): void {
    const { commands, adopt } = this.scheduler.resume(this._options.now());
    this._commit(commands, () => {
      forgotten.forEach(id => this._options.store.removeTask(id));
    });
    for (const node of adopt) {
      void this._adopt(node);
    }
  }

  /** Whether a queued task still wants to start. */
  canLaunch(node: TaskNode): boolean {
    return !this._isDetached && node.state === 'PENDING' && !isFinal(node);
  }

  /** Run one attempt, or take cached outputs; resolves when the slot is free again. */
  async launch(node: TaskNode): Promise<void> {
    try {
      await this._launch(node);
    } catch (error) {
      if (this._isDetached) {
        return;
      }
      if (error instanceof TaskError) {
        this.dispatch({
          type: 'refused',
          taskId: node.taskId,
          message: error.message,
          code: error.code
        });
      } else {
        this._options.onFault(this.run.runId, error);
        this.dispatch({
          type: 'refused',
          taskId: node.taskId,
          message: `The local service could not run this task: ${error instanceof Error ? error.message : String(error)}`,
          code: 'start'
        });
      }
    }
  }

  /** Let go: attempts go on without us. */
  detach(): void {
    this._isDetached = true;
    for (const timer of this._timers) {
      clearTimeout(timer);
    }
    this._timers.clear();
  }

  private async _launch(node: TaskNode): Promise<void> {
    if (node.executor?.kind !== 'container') {
      return;
    }
    const action = volumeAction(node.executor.container.image);
    if (action !== undefined) {
      await this._volume(node, action);
      return;
    }
    const check = await this._check(node);
    if (check.refusals.length > 0) {
      throw new TaskError(check.refusals.join('; '), 'platform');
    }
    const index = node.attempts.length;
    const attempt: AttemptRecord = {
      attemptId: this._options.newId(),
      index,
      podName: attemptName(
        this.scheduler.facts.resourceName,
        node.key,
        this._options.random
      ),
      state: 'STARTING',
      startedAt: this._time(),
      folder: attemptFolder(node, index)
    };
    const key = this._cacheKey(node, attempt, check);
    if (
      key !== undefined &&
      index === node.generation &&
      this._takeCached(node, key)
    ) {
      return;
    }
    node.isolation = check.isolation;
    node.attempts = [...node.attempts, attempt];
    this.scheduler.touch(node);
    this._commit([], () => undefined);
    await this._attempt(node, attempt, key, check.isolation, false);
  }

  private async _adopt(node: TaskNode): Promise<void> {
    const attempt = node.attempts.at(-1);
    if (attempt === undefined) {
      return;
    }
    if (this.scheduler.ending !== undefined) {
      this._options.runner.cancel(attempt.attemptId, GRACE);
    }
    const check = await this._check(node);
    await this._attempt(
      node,
      attempt,
      this._cacheKey(node, attempt, check),
      node.isolation ?? check.isolation,
      true
    );
  }

  private async _attempt(
    node: TaskNode,
    attempt: AttemptRecord,
    key: string | undefined,
    isolation: 'process' | 'namespace' | 'container',
    adopt: boolean
  ): Promise<void> {
    const { runner, dataDir } = this._options;
    const listener = this._listener(node, attempt.attemptId);
    let result: AttemptResult;
    try {
      const spec = attemptSpec(
        node,
        attempt,
        this.run,
        this.scheduler.facts,
        this._options,
        isolation
      );
      await mkdir(join(dataDir, 'runs', node.runId, 'workspace'), {
        recursive: true
      });
      const adopted = adopt ? await runner.adopt(spec, listener) : undefined;
      if (adopted === undefined && this.scheduler.ending !== undefined) {
        result = { outcome: 'canceled', finishedAt: this._time() };
      } else {
        result = adopted ?? (await runner.run(spec, listener));
      }
    } catch (error) {
      if (!(error instanceof TaskError)) {
        this._options.onFault(this.run.runId, error);
      }
      result = failedStart(error, this._time());
    }
    if (!this._isDetached) {
      this._ended(node, attempt.attemptId, result, key);
    }
  }

  private _ended(
    node: TaskNode,
    attemptId: string,
    result: AttemptResult,
    key: string | undefined
  ): void {
    const outputs =
      result.outcome === 'canceled'
        ? emptyScope()
        : this._stored(result.outputs);
    this._changeAttempt(node, attemptId, attempt => ({
      ...attempt,
      state:
        result.outcome === 'succeeded'
          ? 'SUCCEEDED'
          : result.outcome === 'failed'
            ? 'FAILED'
            : 'CANCELED',
      finishedAt: result.finishedAt,
      ...(result.outcome === 'failed'
        ? {
            message: result.message,
            ...(result.exitCode === undefined
              ? {}
              : { exitCode: result.exitCode })
          }
        : result.outcome === 'succeeded'
          ? { exitCode: 0 }
          : {})
    }));
    const { store, now } = this._options;
    this.dispatch(
      { type: 'attempt-ended', taskId: node.taskId, result, outputs },
      () => {
        this._saveArtifacts(node, outputs);
        if (result.outcome === 'succeeded') {
          result.warnings.forEach(text => store.warn(node.runId, text));
          if (key !== undefined) {
            store.saveCached(
              this._pipeline,
              key,
              {
                runId: node.runId,
                taskId: node.taskId,
                outputs: JSON.stringify(outputs)
              },
              now()
            );
          }
        }
      }
    );
  }

  private _listener(node: TaskNode, attemptId: string): AttemptListener {
    return {
      waiting: reason => {
        this.dispatch({ type: 'attempt-waiting', taskId: node.taskId, reason });
      },
      started: process => {
        this._changeAttempt(node, attemptId, attempt => ({
          ...attempt,
          state: 'RUNNING',
          startedAt: process.startedAt
        }));
        this.dispatch({ type: 'attempt-started', taskId: node.taskId });
      },
      warning: text => {
        this._options.store.warn(node.runId, text);
      }
    };
  }

  private _commit(commands: readonly Command[], alsoStore: () => void): void {
    const changed = this.scheduler.takeChanged();
    const { store } = this._options;
    store.database.transaction(() => {
      saveNodes(store, changed);
      alsoStore();
    });
    const final = commands.find(command => command.type === 'run-final');
    if (final?.type === 'run-final') {
      this.detach();
    }
    if (changed.length > 0 || final !== undefined) {
      this._engine.notify(
        {
          runId: this.run.runId,
          state: this._state(final),
          taskIds: changed.map(node => node.taskId)
        },
        final !== undefined
      );
    }
    for (const command of commands) {
      this._do(command);
    }
  }

  private _do(command: Command): void {
    switch (command.type) {
      case 'launch':
        this._engine.slots.push(command.node);
        this._engine.pump();
        return;
      case 'import':
        void this._import(command.node);
        return;
      case 'cancel':
        this._options.runner.cancel(command.attemptId, GRACE);
        return;
      case 'timer':
        this._later(command.at, () => {
          this.dispatch({ type: 'retry-due', taskId: command.node.taskId });
        });
        return;
      case 'run-final':
    }
  }

  private async _import(node: TaskNode): Promise<void> {
    const { store, dataDir, newId } = this._options;
    try {
      const { outputs, isNew } = await importArtifact(
        node,
        this.scheduler.facts,
        {
          store,
          runDir: join(dataDir, 'runs', node.runId),
          newId
        }
      );
      this.dispatch({ type: 'imported', taskId: node.taskId, outputs }, () => {
        if (isNew) {
          this._saveArtifacts(node, outputs);
        }
      });
    } catch (error) {
      this._refuse(node, error);
    }
  }

  private async _volume(
    node: TaskNode,
    action: 'create' | 'delete'
  ): Promise<void> {
    const { dataDir, newId } = this._options;
    const outputs = emptyScope();
    if (action === 'create') {
      outputs.parameters['name'] = await createVolume(node, dataDir, newId);
    } else {
      await deleteVolume(node, dataDir);
    }
    this.dispatch({ type: 'imported', taskId: node.taskId, outputs });
  }

  private _refuse(node: TaskNode, error: unknown): void {
    if (!(error instanceof TaskError)) {
      this._options.onFault(this.run.runId, error);
    }
    this.dispatch({
      type: 'refused',
      taskId: node.taskId,
      message: error instanceof Error ? error.message : String(error),
      code: error instanceof TaskError ? error.code : 'start'
    });
  }

  private _takeCached(node: TaskNode, key: string): boolean {
    const { store } = this._options;
    const row = store.cached(this._pipeline, key);
    if (row === undefined) {
      return false;
    }
    const outputs = JSON.parse(row.outputs) as Scope;
    const files = Object.values(outputs.artifacts)
      .flat()
      .map(artifact => localPath(artifact.uri))
      .filter((path): path is string => path !== undefined);
    const declared = Object.keys(
      node.component.outputDefinitions?.artifacts ?? {}
    );
    if (declared.length > 0 && files.some(path => !existsSync(path))) {
      store.forgetCached(this._pipeline, key);
      return false;
    }
    this.dispatch({
      type: 'cached',
      taskId: node.taskId,
      outputs,
      from: { runId: row.runId, taskId: row.taskId }
    });
    return true;
  }

  private _cacheKey(
    node: TaskNode,
    attempt: AttemptRecord,
    check: TaskCheck
  ): string | undefined {
    const platform = platformOf(node, attempt, this.run, this._options);
    return cacheKey(node, {
      ...(this.run.cache === undefined ? {} : { override: this.run.cache }),
      isolation: check.isolation,
      interpreter: this.run.interpreter ?? '',
      volumes: platform.volumes,
      ...(platform.usesWorkspace ? { workspaceRun: node.runId } : {}),
      platformEnv: (this.run.document.platform?.executors[
        node.component.executorLabel ?? ''
      ] ?? null) as Json
    });
  }

  private _check(node: TaskNode): Promise<TaskCheck> {
    const label = node.component.executorLabel ?? '';
    let check = this._checks.get(label);
    if (check === undefined) {
      if (node.executor?.kind !== 'container') {
        throw new Error(`${node.path} is no container`);
      }
      const { container } = node.executor;
      check = this._options.runner.check({
        image: container.image,
        command: container.command,
        args: container.args,
        needsMounts: mountPaths(this.run.document.platform?.executors[label]),
        ...(this.run.interpreter === undefined
          ? {}
          : { interpreter: this.run.interpreter })
      });
      this._checks.set(label, check);
    }
    return check;
  }

  private _stored(outputs: AttemptOutputs): Scope {
    const scope = emptyScope();
    Object.assign(scope.parameters, outputs.parameters);
    for (const [name, list] of Object.entries(outputs.artifacts)) {
      scope.artifacts[name] = list.map(artifact => ({
        artifactId: this._options.newId(),
        ...artifact
      }));
    }
    return scope;
  }

  private _saveArtifacts(node: TaskNode, outputs: Scope): void {
    for (const [output, list] of Object.entries(outputs.artifacts)) {
      for (const artifact of list) {
        this._options.store.saveArtifact({
          artifactId: artifact.artifactId,
          runId: node.runId,
          taskId: node.taskId,
          output,
          uri: artifact.uri,
          record: JSON.stringify(artifact)
        });
      }
    }
  }

  private _changeAttempt(
    node: TaskNode,
    attemptId: string,
    change: (attempt: AttemptRecord) => AttemptRecord
  ): void {
    node.attempts = node.attempts.map(attempt =>
      attempt.attemptId === attemptId ? change(attempt) : attempt
    );
    this.scheduler.touch(node);
  }

  private _watchDeadline(): void {
    const seconds = Number(
      this.run.document.platform?.pipelineConfig['activeDeadlineSeconds'] ?? 0
    );
    if (seconds > 0) {
      this._later(Date.parse(this.run.createdAt) + seconds * 1000, () => {
        this.dispatch({
          type: 'deadline',
          message: `run exceeded its deadline of ${seconds} s`
        });
      });
    }
  }

  private _later(at: number, action: () => void): void {
    const wait = Math.min(Math.max(at - this._options.now(), 0), 2 ** 31 - 1);
    const timer = setTimeout(() => {
      this._timers.delete(timer);
      action();
    }, wait);
    this._timers.add(timer);
  }

  private _state(final: Command | undefined): EngineRunState {
    if (final?.type === 'run-final') {
      return final.state;
    }
    if (this.scheduler.ending === 'terminated') {
      return 'CANCELING';
    }
    for (const node of this.scheduler.tree.nodes()) {
      if (node.executor !== undefined && node.state !== 'PENDING') {
        return 'RUNNING';
      }
    }
    return 'PENDING';
  }

  private _time(): string {
    return new Date(this._options.now()).toISOString();
  }

  private get _options(): EngineShell['options'] {
    return this._engine.options;
  }

  private get _pipeline(): string {
    return this.run.document.spec.pipelineInfo.name;
  }
}
