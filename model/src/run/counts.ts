/**
 * Counts over the leaf tasks of a run and the sentences made of them.
 */
import { durationText, secondsBetween } from './durations.ts';
import { runStateWord, shownRunState } from './state-words.ts';
import { isFinalRunState, isFinalTaskState, type TaskState } from './states.ts';
import type { LoopProgress, RunView, TaskCounts, TaskView } from './view.ts';

/** A container or an importer, that is not a group. */
export function isLeafTask(task: Pick<TaskView, 'kind'>): boolean {
  return (
    task.kind === 'task' || task.kind === 'importer' || task.kind === 'exit'
  );
}

/**
 * Count the leaf tasks. Skipped ones leave the total; a loop without a known number of rounds leaves the total open.
 *
 * A task is a leaf when no other names it as its parent: an exit task can be a container or a sub-pipeline.
 */
export function countTasks(
  tasks: Readonly<Record<string, TaskView>>,
  loops: Readonly<Record<string, LoopProgress>> = {}
): TaskCounts {
  const all = Object.values(tasks);
  const parents = new Set(all.map(task => task.parent));
  const byState = new Map<TaskState, number>();
  for (const task of all) {
    // what is in a skipped group is never made: the group stands for it
    const counts = isLeafTask(task) || task.state === 'SKIPPED';
    if (counts && !parents.has(task.id)) {
      byState.set(task.state, (byState.get(task.state) ?? 0) + 1);
    }
  }
  const sum = (keep: (state: TaskState) => boolean): number =>
    [...byState].reduce((n, [state, m]) => (keep(state) ? n + m : n), 0);
  const open = all.some(
    task =>
      task.kind === 'loop' &&
      !isFinalTaskState(task.state) &&
      (Object.hasOwn(loops, task.id) ? loops[task.id] : undefined)?.total ===
        undefined
  );
  return {
    total: sum(state => state !== 'SKIPPED'),
    done: sum(state => state !== 'SKIPPED' && isFinalTaskState(state)),
    succeeded: sum(state => state === 'SUCCEEDED' || state === 'CACHED'),
    ...(open && { open }),
    by_state: Object.fromEntries(
      [...byState].sort(([a], [b]) => (a < b ? -1 : 1))
    )
  };
}

/** Whether every task there is has been skipped. */
export function isAllSkipped(counts: TaskCounts): boolean {
  return counts.total === 0 && (counts.by_state.SKIPPED ?? 0) > 0;
}

/** `3 of 5 tasks done` while it runs, `3 of 5 tasks succeeded` at the end. */
export function countsText(counts: TaskCounts, final: boolean): string {
  if (isAllSkipped(counts)) {
    return 'all tasks skipped';
  }
  const total = `${counts.total}${counts.open === true ? '+' : ''}`;
  const noun = total === '1' ? 'task' : 'tasks';
  return final
    ? `${counts.succeeded} of ${total} ${noun} succeeded`
    : `${counts.done} of ${total} ${noun} done`;
}

/** The sentence of the header for people who listen: `Pipeline run train-0412, running, 3 of 5 tasks done`. */
export function headerSentence(view: RunView): string {
  const state = shownRunState(view.run, view.tasks);
  return `Pipeline run ${view.run.name}, ${runStateWord(state, view.run.state_raw).toLowerCase()}, ${countsText(view.counts, isFinalRunState(state))}`;
}

/** How long a run took, or has taken so far; undefined when it has not started. */
export function runDuration(
  run: RunView['run'],
  now?: number
): string | undefined {
  const seconds = secondsBetween(
    run.started_at ?? run.created_at,
    run.finished_at,
    now
  );
  return seconds === undefined ? undefined : durationText(seconds);
}
