/** How the tasks of one run are to be run, asked once for each component and what it mounts. */
import type { TaskCheck, TaskRunner } from '../tasks/contract.ts';
import { platformOf, type EngineFolders } from './attempt-spec.ts';
import type { AttemptRecord, EngineRun } from './contract.ts';
import { needsContainer } from './init-containers.ts';
import { modelsOf } from './models.ts';
import { fieldsOf } from './platform.ts';
import type { TaskNode } from './task-node.ts';

export class TaskChecks {
  private readonly _run: EngineRun;
  private readonly _options: EngineFolders & { readonly runner: TaskRunner };
  private readonly _known = new Map<string, Promise<TaskCheck>>();

  constructor(
    run: EngineRun,
    options: EngineFolders & { readonly runner: TaskRunner }
  ) {
    this._run = run;
    this._options = options;
  }

  of(node: TaskNode, attempt: AttemptRecord): Promise<TaskCheck> {
    if (node.executor?.kind !== 'container') {
      throw new Error(`${node.path} is no container`);
    }
    const { container } = node.executor;
    const { mounts } = platformOf(node, attempt, this._run, this._options);
    const needsMounts = [
      ...mounts.filter(mount => mount.target !== '/kfp-workspace'),
      ...modelsOf(node.inputs)
    ].map(({ target }) => target);
    const question = JSON.stringify([
      node.component.executorLabel ?? '',
      needsMounts
    ]);
    let check = this._known.get(question);
    if (check === undefined) {
      const need = needsContainer(fieldsOf(node, this._run.document.platform));
      check = this._options.runner.check({
        image: container.image,
        command: container.command,
        args: container.args,
        needsMounts,
        ...(need === undefined ? {} : { needsContainer: need }),
        ...(this._run.interpreter === undefined
          ? {}
          : { interpreter: this._run.interpreter })
      });
      this._known.set(question, check);
    }
    return check;
  }
}
