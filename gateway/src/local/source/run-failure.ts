/** The failure card of a run: which task failed first, why, where, and the end of its log. */
import {
  lastExceptionLine,
  logTail,
  recogniseLightweight,
  sourceLineOf,
  type PipelineDocument,
  type RunFailure,
  type TaskView
} from 'jupyterlab-kfp-model';

import { hintOf } from '../engine/attempt-end.ts';
import type { LogFiles } from '../runs/log-files.ts';

/** Bytes of a log that are searched for the exception. */
const TAIL = 64 * 1024;

/** Find the first failure by end time; `undefined` when no task failed. */
export async function runFailure(
  views: readonly TaskView[],
  logs: Pick<LogFiles, 'read'>,
  document: PipelineDocument | undefined
): Promise<RunFailure | undefined> {
  const parents = new Set(views.map(view => view.parent));
  const first = views
    .filter(view => view.state === 'FAILED' && !parents.has(view.id))
    .sort((a, b) =>
      (a.finished_at ?? '') < (b.finished_at ?? '') ? -1 : 1
    )[0];
  if (first === undefined) {
    return undefined;
  }
  const known = first.failure ?? { reason: 'No reason reported' };
  const base = { ...known, task_id: first.id, task: first.name };
  if (first.attempts.length === 0) {
    return base;
  }
  const chunk = await logs.read({
    taskId: first.id,
    attempt: -1,
    from: -TAIL,
    limit: TAIL
  });
  const text = chunk?.text ?? '';
  const exception = known.code === 'exit' ? lastExceptionLine(text) : undefined;
  // the exception says more than how the process ended, but not what helps
  const hint = exception === undefined ? undefined : hintOf(known.reason);
  const source = sourceLineOf(text, sourceOf(first, document));
  return {
    ...base,
    ...(exception === undefined ? {} : { reason: exception }),
    ...(hint === undefined ? {} : { hint }),
    ...(source === undefined ? {} : { source }),
    ...(text === '' ? {} : { log_tail: logTail(text) })
  };
}

/** The Python source a lightweight component was made of; '' for anything else. */
function sourceOf(
  view: TaskView,
  document: PipelineDocument | undefined
): string {
  if (document === undefined) {
    return '';
  }
  let component = document.spec.root;
  for (const key of view.vertex.split('.')) {
    const task = component.dag?.tasks[key];
    const next = task && document.spec.components[task.componentRef];
    if (next === undefined) {
      return '';
    }
    component = next;
  }
  const executor =
    document.spec.deploymentSpec.executors[component.executorLabel ?? ''];
  if (executor?.kind !== 'container') {
    return '';
  }
  const { command, args } = executor.container;
  const found = recogniseLightweight(command, args);
  return found !== undefined && 'source' in found ? found.source : '';
}
