/** Does what the scheduler of one run asks for: attempts, importers and volumes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type {
  AttemptListener,
  AttemptOutputs,
  AttemptResult,
  TaskCheck
} from '../tasks/contract.ts';
import { endOf, explained } from './attempt-end.ts';
import { attemptFolder, attemptSpec, platformOf } from './attempt-spec.ts';
import type { AttemptRecord, EngineRun } from './contract.ts';
import { TaskError } from './engine-error.ts';
import type { EngineShell } from './engine.ts';
import { failedStart } from './failed-start.ts';
import { importArtifact, type ImportedRecord } from './importer.ts';
import { needsContainer } from './init-containers.ts';
import { attemptName } from './names.ts';
import { fieldsOf } from './platform.ts';
import { fetchInputs } from './remote-artifacts.ts';
import { ResultCache } from './result-cache.ts';
import type { Event } from './scheduler-events.ts';
import type { Scheduler } from './scheduler.ts';
import type { Lease } from './slots.ts';
import { emptyScope, type Scope, type TaskNode } from './task-node.ts';
import {
  createVolume,
  deleteVolume,
  isVolumeThere,
  volumeAction
} from './volumes.ts';

/** TERM, then this many milliseconds, then KILL. */
export const GRACE = 10_000;

/** The active run, as its launcher sees it. */
export interface LauncherHost {
  readonly run: EngineRun;
  readonly scheduler: Scheduler;
  readonly isDetached: boolean;
  dispatch(event: Event, alsoStore?: () => void): void;
  /** Store and tell what was changed by hand. */
  flush(): void;
}

export class TaskLauncher {
  private readonly _host: LauncherHost;
  private readonly _options: EngineShell['options'];
  private readonly _cache: ResultCache;
  private readonly _checks = new Map<string, Promise<TaskCheck>>();
  private _workspace: Promise<unknown> | undefined;

  constructor(host: LauncherHost, options: EngineShell['options']) {
    this._host = host;
    this._options = options;
    this._cache = new ResultCache(options.store, host.run);
  }

  /** Run one attempt, or take cached outputs; resolves when the slot is free again. */
  async launch(node: TaskNode, lease: Lease): Promise<void> {
    try {
      await this._launch(node, lease);
    } catch (error) {
      this._refuse(node, error);
    }
  }

  /** Go on with an attempt that an earlier process of the gateway started. */
  async adopt(node: TaskNode): Promise<void> {
    const attempt = node.attempts.at(-1);
    if (attempt === undefined) {
      return;
    }
    if (this._host.scheduler.ending !== undefined) {
      this._options.runner.cancel(attempt.attemptId, GRACE);
    }
    try {
      const check = await this._check(node, attempt);
      await this._attempt(node, attempt, {
        key: this._cache.key(node, check),
        isolation: node.isolation ?? check.isolation,
        adopt: true
      });
    } catch (error) {
      this._refuse(node, error);
    }
  }

  async import(node: TaskNode): Promise<void> {
    const { store, dataDir, newId, now } = this._options;
    const pipeline = this._host.run.document.spec.pipelineInfo.name;
    try {
      const { outputs, isNew } = await importArtifact(
        node,
        this._host.scheduler.facts,
        {
          store,
          pipeline,
          runDir: join(dataDir, 'runs', node.runId),
          newId
        }
      );
      this._host.dispatch(
        { type: 'imported', taskId: node.taskId, outputs },
        () => {
          if (isNew) {
            this._saveArtifacts(node, outputs, { pipeline, at: now() });
          }
        }
      );
    } catch (error) {
      this._refuse(node, error);
    }
  }

  private async _launch(node: TaskNode, lease: Lease): Promise<void> {
    if (node.executor?.kind !== 'container') {
      return;
    }
    const action = volumeAction(node.executor.container.image);
    if (action !== undefined) {
      await this._volume(node, action);
      return;
    }
    const index = node.attempts.length;
    const attempt: AttemptRecord = {
      attemptId: this._options.newId(),
      index,
      podName: attemptName(
        this._host.scheduler.facts.resourceName,
        node.key,
        this._options.random
      ),
      state: 'STARTING',
      startedAt: this._time(),
      folder: attemptFolder(node, index)
    };
    const check = await this._check(node, attempt);
    if (check.refusals.length > 0) {
      throw new TaskError(check.refusals.join('; '), 'platform');
    }
    const key = this._cache.key(node, check);
    if (index === node.generation && this._takeCached(node, key)) {
      return;
    }
    node.isolation = check.isolation;
    node.attempts = [...node.attempts, attempt];
    this._host.scheduler.touch(node);
    this._host.flush();
    await this._attempt(node, attempt, {
      key,
      isolation: check.isolation,
      adopt: false,
      lease
    });
  }

  private async _attempt(
    node: TaskNode,
    attempt: AttemptRecord,
    how: {
      readonly key: string | undefined;
      readonly isolation: TaskCheck['isolation'];
      readonly adopt: boolean;
      /** Absent for an attempt of an earlier process, which runs anyway. */
      readonly lease?: Lease;
    }
  ): Promise<void> {
    const { runner, dataDir } = this._options;
    const { scheduler, run } = this._host;
    const runDir = join(dataDir, 'runs', node.runId);
    const listener = this._listener(node, attempt.attemptId, how.lease);
    let result: AttemptResult;
    try {
      const spec = attemptSpec(
        node,
        attempt,
        run,
        scheduler.facts,
        this._options,
        how.isolation
      );
      // Once per run: for each attempt it would cost more than the rest of its start.
      this._workspace ??= mkdir(join(runDir, 'workspace'), { recursive: true });
      await this._workspace;
      for (const mount of spec.mounts) {
        if (!mount.readOnly) {
          await mkdir(mount.source, { recursive: true });
        }
      }
      await fetchInputs(node, runDir);
      const adopted = how.adopt
        ? await runner.adopt(spec, listener)
        : undefined;
      if (adopted === undefined && scheduler.ending !== undefined) {
        result = { outcome: 'canceled', finishedAt: this._time() };
      } else {
        result = adopted ?? (await runner.run(spec, listener));
      }
    } catch (error) {
      if (!(error instanceof TaskError)) {
        this._options.onFault(run.runId, error);
      }
      result = failedStart(error, this._time());
    }
    const told = await explained(
      node,
      result,
      join(dataDir, attempt.folder, 'log')
    );
    if (!this._host.isDetached) {
      this._ended(node, attempt.attemptId, told, how.key);
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
        : this._withIds(result.outputs);
    this._changeAttempt(node, attemptId, attempt => endOf(attempt, result));
    const { store, now } = this._options;
    this._host.dispatch(
      { type: 'attempt-ended', taskId: node.taskId, result, outputs },
      () => {
        this._saveArtifacts(node, outputs);
        if (result.outcome === 'succeeded') {
          result.warnings.forEach(text => store.warn(node.runId, text));
          if (key !== undefined) {
            this._cache.save(node, key, outputs, now());
          }
        }
      }
    );
  }

  private _listener(
    node: TaskNode,
    attemptId: string,
    lease: Lease | undefined
  ): AttemptListener {
    return {
      ready: signal => lease?.enter(signal) ?? Promise.resolve(),
      waiting: reason => {
        lease?.leave();
        this._host.dispatch({
          type: 'attempt-waiting',
          taskId: node.taskId,
          reason
        });
      },
      started: process => {
        this._changeAttempt(node, attemptId, attempt => ({
          ...attempt,
          state: 'RUNNING',
          startedAt: process.startedAt
        }));
        this._host.dispatch({ type: 'attempt-started', taskId: node.taskId });
      },
      warning: text => {
        this._options.store.warn(node.runId, text);
      }
    };
  }

  /** A cached result of a volume task counts only while its effect lasts. */
  private async _volume(
    node: TaskNode,
    action: 'create' | 'delete'
  ): Promise<void> {
    const { dataDir, newId, now } = this._options;
    const isThere = isVolumeThere(node, dataDir);
    const key =
      isThere === undefined ? undefined : this._cache.key(node, undefined);
    if (isThere === (action === 'create') && this._takeCached(node, key)) {
      return;
    }
    const outputs = emptyScope();
    if (action === 'create') {
      outputs.parameters['name'] = await createVolume(node, dataDir, newId);
    } else {
      await deleteVolume(node, dataDir);
    }
    this._host.dispatch(
      { type: 'imported', taskId: node.taskId, outputs },
      () => {
        if (key !== undefined) {
          this._cache.save(node, key, outputs, now());
        }
      }
    );
  }

  private _takeCached(node: TaskNode, key: string | undefined): boolean {
    const found = key === undefined ? undefined : this._cache.find(key);
    if (found === undefined) {
      return false;
    }
    this._host.dispatch({ type: 'cached', taskId: node.taskId, ...found });
    return true;
  }

  private _refuse(node: TaskNode, error: unknown): void {
    if (this._host.isDetached) {
      return;
    }
    const isKnown = error instanceof TaskError;
    if (!isKnown) {
      this._options.onFault(this._host.run.runId, error);
    }
    const cause = error instanceof Error ? error.message : String(error);
    this._host.dispatch({
      type: 'refused',
      taskId: node.taskId,
      message: isKnown
        ? cause
        : `The local service could not run this task: ${cause}`,
      code: isKnown ? error.code : 'start'
    });
  }

  /** How a task runs: asked once for each component and set of mounts of a run. */
  private _check(node: TaskNode, attempt: AttemptRecord): Promise<TaskCheck> {
    if (node.executor?.kind !== 'container') {
      throw new Error(`${node.path} is no container`);
    }
    const { run } = this._host;
    const { container } = node.executor;
    const needsMounts = platformOf(node, attempt, run, this._options)
      .mounts.filter(mount => mount.target !== '/kfp-workspace')
      .map(mount => mount.target);
    const question = JSON.stringify([
      node.component.executorLabel ?? '',
      needsMounts
    ]);
    let check = this._checks.get(question);
    if (check === undefined) {
      const need = needsContainer(fieldsOf(node, run.document.platform));
      check = this._options.runner.check({
        image: container.image,
        command: container.command,
        args: container.args,
        needsMounts,
        ...(need === undefined ? {} : { needsContainer: need }),
        ...(run.interpreter === undefined
          ? {}
          : { interpreter: run.interpreter })
      });
      this._checks.set(question, check);
    }
    return check;
  }

  private _withIds(outputs: AttemptOutputs): Scope {
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

  private _saveArtifacts(
    node: TaskNode,
    outputs: Scope,
    imported?: ImportedRecord['imported']
  ): void {
    for (const [output, list] of Object.entries(outputs.artifacts)) {
      for (const artifact of list) {
        this._options.store.saveArtifact({
          artifactId: artifact.artifactId,
          runId: node.runId,
          taskId: node.taskId,
          output,
          uri: artifact.uri,
          record: JSON.stringify({ ...artifact, imported })
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
    this._host.scheduler.touch(node);
  }

  private _time(): string {
    return new Date(this._options.now()).toISOString();
  }
}
