/** Does what the scheduler of one run asks for: attempts, importers and volumes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type {
  AttemptListener,
  AttemptResult,
  TaskCheck
} from '../tasks/contract.ts';
import { endOf, explained } from './attempt-end.ts';
import { ArtifactRecords } from './artifact-records.ts';
import { attemptFolder, attemptSpec } from './attempt-spec.ts';
import type { AttemptRecord } from './contract.ts';
import { TaskError } from './engine-error.ts';
import type { EngineShell } from './engine.ts';
import { failedStart } from './failed-start.ts';
import type { LauncherHost } from './launcher-host.ts';
import { attemptName } from './names.ts';
import { OwnTasks, takeCached } from './own-tasks.ts';
import { fetchInputs } from './remote-artifacts.ts';
import { ResultCache } from './result-cache.ts';
import type { Lease } from './slots.ts';
import { TaskChecks } from './task-checks.ts';
import { emptyScope, type TaskNode } from './task-node.ts';
import { volumeAction } from './volumes.ts';

/** TERM, then this many milliseconds, then KILL. */
export const GRACE = 10_000;

/** What a task waits for that has everything else. */
const NO_WORKER = 'ready; waits until one of the running tasks ends';

export class TaskLauncher {
  private readonly _host: LauncherHost;
  private readonly _options: EngineShell['options'];
  private readonly _cache: ResultCache;
  private readonly _checks: TaskChecks;
  private readonly _artifacts: ArtifactRecords;
  private readonly _own: OwnTasks;
  private _workspace: Promise<unknown> | undefined;

  constructor(host: LauncherHost, options: EngineShell['options']) {
    this._host = host;
    this._options = options;
    this._cache = new ResultCache(options.store, host.run);
    this._checks = new TaskChecks(host.run, options);
    this._artifacts = new ArtifactRecords(options);
    this._own = new OwnTasks({ host, options, cache: this._cache });
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
      const check = await this._checks.of(node, attempt);
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
    try {
      await this._own.import(node);
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
      await this._own.volume(node, action);
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
    const check = await this._checks.of(node, attempt);
    if (check.refusals.length > 0) {
      throw new TaskError(check.refusals.join('; '), 'platform');
    }
    const key = this._cache.key(node, check);
    if (
      index === node.generation &&
      takeCached(this._host, this._cache, node, key)
    ) {
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
        : this._artifacts.withIds(result.outputs);
    this._changeAttempt(node, attemptId, attempt => endOf(attempt, result));
    const { now } = this._options;
    this._host.dispatch(
      { type: 'attempt-ended', taskId: node.taskId, result, outputs },
      () => {
        this._artifacts.save(node, outputs);
        if (result.outcome === 'succeeded') {
          result.warnings.forEach(text => this._warn(node, text));
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
    const waits = (reason: string): void => {
      this._host.dispatch({
        type: 'attempt-waiting',
        taskId: node.taskId,
        reason
      });
    };
    return {
      ready: signal =>
        lease?.enter(signal, () => waits(NO_WORKER)) ?? Promise.resolve(),
      waiting: reason => {
        lease?.leave();
        waits(reason);
      },
      started: process => {
        this._changeAttempt(node, attemptId, attempt => ({
          ...attempt,
          state: 'RUNNING',
          startedAt: process.startedAt
        }));
        this._host.dispatch({ type: 'attempt-started', taskId: node.taskId });
      },
      warning: text => this._warn(node, text)
    };
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

  private _warn(node: TaskNode, text: string): void {
    const path = node.path.replace(/^root\./, '');
    this._options.store.warn(node.runId, `Task ${path}: ${text}`);
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
