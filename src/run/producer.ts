import type { RunView, TaskView } from 'jupyterlab-kfp-model';

/**
 * The task whose output an input is, as `task.output` names it: one beside the task that takes it, else one that the enclosing groups
 * stand beside.
 *
 * @returns null for a parameter of the pipeline, and for a task that is not there yet.
 */
export function producerOf(
  view: RunView,
  task: TaskView,
  producer: string
): TaskView | null {
  const name = producer.slice(0, Math.max(0, producer.lastIndexOf('.')));
  if (!name) {
    return null;
  }
  const tasks = Object.values(view.tasks);
  const keyOf = (each: TaskView): string =>
    each.path.slice(each.path.lastIndexOf('.') + 1);
  let parent: string | undefined = task.parent;
  for (;;) {
    const found = tasks.find(
      each => each.parent === parent && keyOf(each) === name
    );
    if (found) {
      return found;
    }
    if (parent === undefined) {
      return null;
    }
    parent = view.tasks[parent]?.parent;
  }
}
